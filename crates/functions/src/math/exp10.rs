//! `exp10(number)`: 10 to a power.

use super::reals::{NUMBER, real_of};
use crate::prelude::*;

/// `exp10`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "exp10",
    summary: "10 to this power.",
    signatures: NUMBER,
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(exp10),
    examples: &[ex("exp10(2)", "100.0"), ex("exp10(400)", "inf")],
    differs: "",
};

fn exp10(args: &Args<'_>) -> Result<ArrayRef> {
    real_of(args, |x| Some(10f64.powf(x)))
}
