//! `log2(number)`: the logarithm to base 2.

use super::reals::{NUMBER, real_of};
use crate::prelude::*;

/// `log2`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "log2",
    summary: "The logarithm to base 2; null for a number that is not positive.",
    signatures: NUMBER,
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(log2),
    examples: &[
        ex("log2(8)", "3.0"),
        ex("log2(0.5)", "-1.0"),
        ex("log2(-1)", "null"),
        ex("log2(real(nan))", "NaN"),
    ],
    differs: "The logarithm of 0 is null here; the reference speaks of negative numbers only.",
};

fn log2(args: &Args<'_>) -> Result<ArrayRef> {
    real_of(args, |x| (x > 0.0 || x.is_nan()).then(|| x.log2()))
}
