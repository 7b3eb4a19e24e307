//! `binary_and(value1, value2)`.

use super::bits::{TWO, bits};
use crate::prelude::*;

/// `binary_and`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "binary_and",
    summary: "The bits that both numbers have.",
    signatures: TWO,
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(binary_and),
    examples: &[
        ex("binary_and(6, 3)", "2"),
        ex("binary_and(-1, 255)", "255"),
    ],
    differs: "",
};

fn binary_and(args: &Args<'_>) -> Result<ArrayRef> {
    bits(args, |a, b| Some(a & b))
}
