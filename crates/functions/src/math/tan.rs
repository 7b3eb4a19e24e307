//! `tan(number)`: the tangent of an angle in radians.

use super::reals::{NUMBER, real_of};
use crate::prelude::*;

/// `tan`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "tan",
    summary: "The tangent of an angle in radians.",
    signatures: NUMBER,
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(tan),
    examples: &[ex("tan(0)", "0.0"), ex("round(tan(1), 6)", "1.557408")],
    differs: "",
};

fn tan(args: &Args<'_>) -> Result<ArrayRef> {
    real_of(args, |x| Some(x.tan()))
}
