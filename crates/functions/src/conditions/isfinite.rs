//! `isfinite(number)`.

use crate::prelude::*;

/// `isfinite`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "isfinite",
    summary: "True for a number that is neither NaN nor an infinity.",
    signatures: &[sig(&[arg("number", REAL, "The number.")], BOOL)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(isfinite),
    examples: &[
        ex("isfinite(1.0)", "True"),
        ex("isfinite(0.0/0)", "False"),
        ex("isfinite(1.0/0)", "False"),
    ],
    differs: "",
};

fn isfinite(args: &Args<'_>) -> Result<ArrayRef> {
    let a = args.real(0)?;
    bool_result(args.rows, |row| a.get(row).map(f64::is_finite))
}
