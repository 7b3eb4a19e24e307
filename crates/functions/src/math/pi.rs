//! `pi()`: the number π.

use crate::prelude::*;

/// `pi`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "pi",
    summary: "The number π.",
    signatures: &[sig(&[], REAL)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(pi),
    examples: &[ex("round(pi(), 3)", "3.142")],
    differs: "",
};

fn pi(args: &Args<'_>) -> Result<ArrayRef> {
    real_result(args.rows, |_| Some(std::f64::consts::PI))
}
