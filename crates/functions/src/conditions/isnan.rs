//! `isnan(number)`.

use crate::prelude::*;

/// `isnan`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "isnan",
    summary: "True for NaN.",
    signatures: &[sig(&[arg("number", REAL, "The number.")], BOOL)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(isnan),
    examples: &[
        ex("isnan(0.0/0)", "True"),
        ex("isnan(1.0)", "False"),
        ex("isnan(real(null))", "null"),
    ],
    differs: "",
};

fn isnan(args: &Args<'_>) -> Result<ArrayRef> {
    let a = args.real(0)?;
    bool_result(args.rows, |row| a.get(row).map(f64::is_nan))
}
