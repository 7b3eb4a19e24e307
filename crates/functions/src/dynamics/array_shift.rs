//! `array_shift_left(array, shift_count, default_value)` and `array_shift_right`.

use crate::prelude::*;

/// `array_shift_left`
pub const LEFT: FunctionSpec = FunctionSpec {
    name: "array_shift_left",
    summary: "Moves the elements to the left; what leaves is lost, and the free places get the default.",
    signatures: &[sig(
        &[
            arg_of("array", Class::DynamicArray, "The array."),
            arg_of(
                "shift_count",
                Class::Integer,
                "By how many positions; negative to the right.",
            ),
            arg_of("default_value", Class::Scalar, "For the free places.").optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(array_shift_left),
    examples: &[
        ex(
            "array_shift_left(dynamic([1,2,3,4,5]), 2)",
            "[3,4,5,null,null]",
        ),
        ex(
            "array_shift_left(dynamic([1,2,3,4,5]), 2, -1)",
            "[3,4,5,-1,-1]",
        ),
        ex(
            "array_shift_left(dynamic([1,2,3,4,5]), -2, -1)",
            "[-1,-1,1,2,3]",
        ),
        ex("array_shift_left(dynamic(['a','b']), 1)", r#"["b",""]"#),
    ],
    differs: "",
};

/// `array_shift_right`
pub const RIGHT: FunctionSpec = FunctionSpec {
    name: "array_shift_right",
    summary: "Moves the elements to the right; what leaves is lost, and the free places get the default.",
    signatures: &[sig(
        &[
            arg_of("array", Class::DynamicArray, "The array."),
            arg_of(
                "shift_count",
                Class::Integer,
                "By how many positions; negative to the left.",
            ),
            arg_of("default_value", Class::Scalar, "For the free places.").optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(array_shift_right),
    examples: &[
        ex(
            "array_shift_right(dynamic([1,2,3,4,5]), 2)",
            "[null,null,1,2,3]",
        ),
        ex(
            "array_shift_right(dynamic([1,2,3,4,5]), -2, -1)",
            "[3,4,5,-1,-1]",
        ),
    ],
    differs: "",
};

use super::elements::from_elements;

fn array_shift_left(args: &Args<'_>) -> Result<ArrayRef> {
    shift(args, |n| n)
}

fn array_shift_right(args: &Args<'_>) -> Result<ArrayRef> {
    shift(args, i64::saturating_neg)
}

/// `left(count)`: by how many positions to the left.
fn shift(args: &Args<'_>, left: fn(i64) -> i64) -> Result<ArrayRef> {
    let count = args.integer(1)?;
    let default = (args.len() > 2).then(|| args.any(2)).transpose()?;
    from_elements(args, |row, items, w| {
        let Some(by) = count(row).map(left) else {
            return;
        };
        let fill = match &default {
            Some(d) => d.get(row),
            // Texts are not null.
            None if !items.is_empty()
                && items
                    .iter()
                    .all(|i| matches!(DynRef::new(i), DynRef::String(_))) =>
            {
                DynRef::String("")
            }
            None => DynRef::Null,
        };
        let len = i64::try_from(items.len()).unwrap_or(i64::MAX);
        w.begin_array();
        for i in 0..len {
            match i
                .checked_add(by)
                .and_then(|from| usize::try_from(from).ok())
                .and_then(|from| items.get(from))
            {
                Some(item) => w.raw(item),
                None => w.value(fill),
            }
        }
        w.end();
    })
}
