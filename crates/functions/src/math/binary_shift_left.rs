//! `binary_shift_left(value, shift)`.

use super::bits::{SHIFT, bits, count};
use crate::prelude::*;

/// `binary_shift_left`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "binary_shift_left",
    summary: "The bits moved up by a count modulo 64; null for a negative count.",
    signatures: SHIFT,
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(binary_shift_left),
    examples: &[
        ex("binary_shift_left(1, 4)", "16"),
        ex("binary_shift_left(int(5), 40)", "5497558138880"),
        ex("binary_shift_left(1, 65)", "2"),
        ex("binary_shift_left(1, -1)", "null"),
    ],
    differs: "",
};

fn binary_shift_left(args: &Args<'_>) -> Result<ArrayRef> {
    bits(args, |a, b| Some(a.wrapping_shl(count(b)?)))
}
