//! `cot(number)`: the cotangent of an angle in radians.

use super::reals::{NUMBER, real_of};
use crate::prelude::*;

/// `cot`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "cot",
    summary: "The cotangent of an angle in radians.",
    signatures: NUMBER,
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(cot),
    examples: &[
        ex("round(cot(1), 3)", "0.642"),
        ex("round(cot(true), 3)", "0.642"),
    ],
    differs: "",
};

fn cot(args: &Args<'_>) -> Result<ArrayRef> {
    real_of(args, |x| Some(1.0 / x.tan()))
}
