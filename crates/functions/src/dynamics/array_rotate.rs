//! `array_rotate_left(array, rotate_count)` and `array_rotate_right`.

use crate::prelude::*;

/// `array_rotate_left`
pub const LEFT: FunctionSpec = FunctionSpec {
    name: "array_rotate_left",
    summary: "Moves the elements to the left; those that leave come back on the right.",
    signatures: &[sig(
        &[
            arg_of("array", Class::DynamicArray, "The array."),
            arg_of(
                "rotate_count",
                Class::Integer,
                "By how many positions; negative to the right.",
            ),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(array_rotate_left),
    examples: &[
        ex("array_rotate_left(dynamic([1,2,3,4,5]), 2)", "[3,4,5,1,2]"),
        ex("array_rotate_left(dynamic([1,2,3,4,5]), -2)", "[4,5,1,2,3]"),
        ex("array_rotate_left(dynamic([1,2,3]), 7)", "[2,3,1]"),
    ],
    differs: "",
};

/// `array_rotate_right`
pub const RIGHT: FunctionSpec = FunctionSpec {
    name: "array_rotate_right",
    summary: "Moves the elements to the right; those that leave come back on the left.",
    signatures: &[sig(
        &[
            arg_of("array", Class::DynamicArray, "The array."),
            arg_of(
                "rotate_count",
                Class::Integer,
                "By how many positions; negative to the left.",
            ),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(array_rotate_right),
    examples: &[
        ex("array_rotate_right(dynamic([1,2,3,4,5]), 2)", "[4,5,1,2,3]"),
        ex(
            "array_rotate_right(dynamic([1,2,3,4,5]), -2)",
            "[3,4,5,1,2]",
        ),
    ],
    differs: "",
};

use super::elements::{from_elements, write_array};

fn array_rotate_left(args: &Args<'_>) -> Result<ArrayRef> {
    rotate(args, |n, len| n.rem_euclid(len))
}

fn array_rotate_right(args: &Args<'_>) -> Result<ArrayRef> {
    rotate(args, |n, len| (len - n.rem_euclid(len)) % len)
}

/// `left(count, len)`: by how many positions to the left.
fn rotate(args: &Args<'_>, left: fn(i64, i64) -> i64) -> Result<ArrayRef> {
    let count = args.integer(1)?;
    from_elements(args, |row, items, w| {
        let Some(n) = count(row) else {
            return;
        };
        let len = i64::try_from(items.len()).unwrap_or(i64::MAX);
        let by = if len == 0 { 0 } else { left(n, len) };
        let (head, tail) = items.split_at(usize::try_from(by).unwrap_or(0).min(items.len()));
        write_array(tail.iter().chain(head).copied(), w);
    })
}
