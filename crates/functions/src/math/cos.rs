//! `cos(number)`: the cosine of an angle in radians.

use super::reals::{NUMBER, real_of};
use crate::prelude::*;

/// `cos`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "cos",
    summary: "The cosine of an angle in radians.",
    signatures: NUMBER,
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(cos),
    examples: &[ex("cos(0)", "1.0"), ex("round(cos(pi()), 6)", "-1.0")],
    differs: "",
};

fn cos(args: &Args<'_>) -> Result<ArrayRef> {
    real_of(args, |x| Some(x.cos()))
}
