//! `acos(number)`: the angle of a cosine.

use super::reals::{NUMBER, real_of};
use crate::prelude::*;

/// `acos`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "acos",
    summary: "The angle of a cosine; null outside of -1 to 1.",
    signatures: NUMBER,
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(acos),
    examples: &[
        ex("acos(1)", "0.0"),
        ex("round(acos(0.5), 6)", "1.047198"),
        ex("acos(2)", "null"),
        ex("acos(real(-inf))", "null"),
        ex("acos(real(nan))", "NaN"),
    ],
    differs: "",
};

fn acos(args: &Args<'_>) -> Result<ArrayRef> {
    real_of(args, |x| {
        ((-1.0..=1.0).contains(&x) || x.is_nan()).then(|| x.acos())
    })
}
