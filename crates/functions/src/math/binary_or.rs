//! `binary_or(value1, value2)`.

use super::bits::{TWO, bits};
use crate::prelude::*;

/// `binary_or`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "binary_or",
    summary: "The bits that either number has.",
    signatures: TWO,
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(binary_or),
    examples: &[
        ex("binary_or(6, 3)", "7"),
        ex("binary_or(4, long(null))", "null"),
    ],
    differs: "",
};

fn binary_or(args: &Args<'_>) -> Result<ArrayRef> {
    bits(args, |a, b| Some(a | b))
}
