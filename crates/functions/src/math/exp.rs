//! `exp(number)`: e to a power.

use super::reals::{NUMBER, real_of};
use crate::prelude::*;

/// `exp`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "exp",
    summary: "e to this power.",
    signatures: NUMBER,
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(exp),
    examples: &[
        ex("exp(0)", "1.0"),
        ex("round(exp(1), 3)", "2.718"),
        ex("exp(1000)", "inf"),
    ],
    differs: "",
};

fn exp(args: &Args<'_>) -> Result<ArrayRef> {
    real_of(args, |x| Some(x.exp()))
}
