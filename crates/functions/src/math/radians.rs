//! `radians(number)`: degrees as radians.

use super::reals::{NUMBER, real_of};
use crate::prelude::*;

/// `radians`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "radians",
    summary: "Degrees as radians: π times the number, by 180.",
    signatures: NUMBER,
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(radians),
    examples: &[
        ex("round(radians(180), 3)", "3.142"),
        ex("radians(0)", "0.0"),
    ],
    differs: "",
};

fn radians(args: &Args<'_>) -> Result<ArrayRef> {
    real_of(args, |x| Some(std::f64::consts::PI / 180.0 * x))
}
