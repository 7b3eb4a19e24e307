//! `binary_xor(value1, value2)`.

use super::bits::{TWO, bits};
use crate::prelude::*;

/// `binary_xor`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "binary_xor",
    summary: "The bits that exactly one number has.",
    signatures: TWO,
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(binary_xor),
    examples: &[ex("binary_xor(6, 3)", "5"), ex("binary_xor(-1, 1)", "-2")],
    differs: "",
};

fn binary_xor(args: &Args<'_>) -> Result<ArrayRef> {
    bits(args, |a, b| Some(a ^ b))
}
