//! `sqrt(number)`: the square root.

use super::reals::{NUMBER, real_of};
use crate::prelude::*;

/// `sqrt`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "sqrt",
    summary: "The square root; null for a negative number.",
    signatures: NUMBER,
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(sqrt),
    examples: &[
        ex("sqrt(9)", "3.0"),
        ex("sqrt(-1)", "null"),
        ex("sqrt(decimal(6.25))", "2.5"),
        ex("sqrt(real(nan))", "NaN"),
    ],
    differs: "",
};

fn sqrt(args: &Args<'_>) -> Result<ArrayRef> {
    real_of(args, |x| (x >= 0.0 || x.is_nan()).then(|| x.sqrt()))
}
