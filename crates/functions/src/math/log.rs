//! `log(number)`: the natural logarithm.

use super::reals::{NUMBER, real_of};
use crate::prelude::*;

/// `log`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "log",
    summary: "The natural logarithm; null for a number that is not positive.",
    signatures: NUMBER,
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(log),
    examples: &[
        ex("log(1)", "0.0"),
        ex("round(log(5), 6)", "1.609438"),
        ex("log(-1)", "null"),
        ex("log(real(nan))", "NaN"),
    ],
    differs: "The logarithm of 0 is null here; the reference speaks of negative numbers only.",
};

fn log(args: &Args<'_>) -> Result<ArrayRef> {
    real_of(args, |x| (x > 0.0 || x.is_nan()).then(|| x.ln()))
}
