//! `asin(number)`: the angle of a sine.

use super::reals::{NUMBER, real_of};
use crate::prelude::*;

/// `asin`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "asin",
    summary: "The angle of a sine; null outside of -1 to 1.",
    signatures: NUMBER,
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(asin),
    examples: &[
        ex("asin(0)", "0.0"),
        ex("round(asin(0.5), 6)", "0.523599"),
        ex("asin(2)", "null"),
        ex("asin(real(-inf))", "null"),
        ex("asin(real(nan))", "NaN"),
    ],
    differs: "",
};

fn asin(args: &Args<'_>) -> Result<ArrayRef> {
    real_of(args, |x| {
        ((-1.0..=1.0).contains(&x) || x.is_nan()).then(|| x.asin())
    })
}
