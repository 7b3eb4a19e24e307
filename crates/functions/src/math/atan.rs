//! `atan(number)`: the angle of a tangent.

use super::reals::{NUMBER, real_of};
use crate::prelude::*;

/// `atan`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "atan",
    summary: "The angle of a tangent.",
    signatures: NUMBER,
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(atan),
    examples: &[
        ex("atan(0)", "0.0"),
        ex("round(atan(real(+inf)), 6)", "1.570796"),
    ],
    differs: "",
};

fn atan(args: &Args<'_>) -> Result<ArrayRef> {
    real_of(args, |x| Some(x.atan()))
}
