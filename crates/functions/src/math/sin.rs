//! `sin(number)`: the sine of an angle in radians.

use super::reals::{NUMBER, real_of};
use crate::prelude::*;

/// `sin`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "sin",
    summary: "The sine of an angle in radians.",
    signatures: NUMBER,
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(sin),
    examples: &[ex("sin(0)", "0.0"), ex("round(sin(true), 6)", "0.841471")],
    differs: "",
};

fn sin(args: &Args<'_>) -> Result<ArrayRef> {
    real_of(args, |x| Some(x.sin()))
}
