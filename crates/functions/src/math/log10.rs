//! `log10(number)`: the logarithm to base 10.

use super::reals::{NUMBER, real_of};
use crate::prelude::*;

/// `log10`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "log10",
    summary: "The logarithm to base 10; null for a number that is not positive.",
    signatures: NUMBER,
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(log10),
    examples: &[
        ex("log10(1000)", "3.0"),
        ex("log10(0.1)", "-1.0"),
        ex("log10(-1)", "null"),
        ex("log10(real(nan))", "NaN"),
    ],
    differs: "The logarithm of 0 is null here; the reference speaks of negative numbers only.",
};

fn log10(args: &Args<'_>) -> Result<ArrayRef> {
    real_of(args, |x| (x > 0.0 || x.is_nan()).then(|| x.log10()))
}
