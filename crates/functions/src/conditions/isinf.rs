//! `isinf(number)`.

use crate::prelude::*;

/// `isinf`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "isinf",
    summary: "True for an infinity.",
    signatures: &[sig(&[arg("number", REAL, "The number.")], BOOL)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(isinf),
    examples: &[
        ex("isinf(1.0/0)", "True"),
        ex("isinf(-1.0/0)", "True"),
        ex("isinf(0.0/0)", "False"),
    ],
    differs: "",
};

fn isinf(args: &Args<'_>) -> Result<ArrayRef> {
    let a = args.real(0)?;
    bool_result(args.rows, |row| a.get(row).map(f64::is_infinite))
}
