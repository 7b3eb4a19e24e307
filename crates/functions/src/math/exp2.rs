//! `exp2(number)`: 2 to a power.

use super::reals::{NUMBER, real_of};
use crate::prelude::*;

/// `exp2`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "exp2",
    summary: "2 to this power.",
    signatures: NUMBER,
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(exp2),
    examples: &[ex("exp2(3)", "8.0"), ex("exp2(-1)", "0.5")],
    differs: "",
};

fn exp2(args: &Args<'_>) -> Result<ArrayRef> {
    real_of(args, |x| Some(x.exp2()))
}
