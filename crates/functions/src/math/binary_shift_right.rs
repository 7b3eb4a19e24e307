//! `binary_shift_right(value, shift)`.

use super::bits::{SHIFT, bits, count};
use crate::prelude::*;

/// `binary_shift_right`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "binary_shift_right",
    summary: "The bits moved down by a count modulo 64; null for a negative count.",
    signatures: SHIFT,
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(binary_shift_right),
    examples: &[
        ex("binary_shift_right(16, 4)", "1"),
        ex("binary_shift_right(-16, 2)", "-4"),
        ex("binary_shift_right(1, -1)", "null"),
    ],
    differs: "",
};

fn binary_shift_right(args: &Args<'_>) -> Result<ArrayRef> {
    bits(args, |a, b| Some(a.wrapping_shr(count(b)?)))
}
