//! `degrees(number)`: radians as degrees.

use super::reals::{NUMBER, real_of};
use crate::prelude::*;

/// `degrees`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "degrees",
    summary: "Radians as degrees: 180 times the number, by π.",
    signatures: NUMBER,
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(degrees),
    examples: &[ex("degrees(pi())", "180.0"), ex("degrees(0)", "0.0")],
    differs: "",
};

fn degrees(args: &Args<'_>) -> Result<ArrayRef> {
    real_of(args, |x| Some(180.0 / std::f64::consts::PI * x))
}
