//! `array_index_of(array, value, start, length, occurrence)` and `set_has_element(set, value)`.

use crate::prelude::*;

/// `array_index_of`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "array_index_of",
    summary: "Returns the position of a value in an array, from 0; -1 when it is not there.",
    signatures: &[sig(
        &[
            arg_of("array", Class::DynamicArray, "The array."),
            arg_of("value", Class::Scalar, "What to look for."),
            arg_of(
                "start",
                Class::Integer,
                "Where to begin; negative counts from the end.",
            )
            .optional(),
            arg_of(
                "length",
                Class::Integer,
                "How many elements to look at; -1 for all.",
            )
            .optional(),
            arg_of(
                "occurrence",
                Class::Integer,
                "Which occurrence is meant, from 1.",
            )
            .constant()
            .optional(),
        ],
        LONG,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(array_index_of),
    examples: &[
        ex(
            "array_index_of(dynamic(['this','is','an','example','an','example']), 'an')",
            "2",
        ),
        ex(
            "array_index_of(dynamic(['this','is','an','example','an','example']), 'example', 1, 2)",
            "-1",
        ),
        ex(
            "array_index_of(dynamic(['this','is','an','example','an','example']), 'an', -3)",
            "4",
        ),
        ex(
            "array_index_of(dynamic(['this','is','an','example','an','example']), 'an', 1, -1, 2)",
            "4",
        ),
    ],
    differs: "",
};

/// `set_has_element`
pub const HAS: FunctionSpec = FunctionSpec {
    name: "set_has_element",
    summary: "Whether an array has a value among its elements.",
    signatures: &[sig(
        &[
            arg_of("set", Class::DynamicArray, "The array."),
            arg_of("value", Class::Scalar, "What to look for."),
        ],
        BOOL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(set_has_element),
    examples: &[
        ex(
            "set_has_element(dynamic(['this','is','an','example']), 'example')",
            "True",
        ),
        ex("set_has_element(dynamic([1, 2.0]), 2)", "True"),
        ex("set_has_element(dynamic([]), 'a')", "False"),
    ],
    differs: "",
};

use super::elements::{Needle, clamp_index};

fn array_index_of(args: &Args<'_>) -> Result<ArrayRef> {
    let (arrays, values) = (args.dynamic(0)?, args.any(1)?);
    let number = |i: usize| (args.len() > i).then(|| args.integer(i)).transpose();
    let (start, length, occurrence) = (number(2)?, number(3)?, number(4)?);
    long_result(args.rows, |row| {
        let DynRef::Array(array) = arrays.get(row) else {
            return None;
        };
        let or = |f: &Option<Box<dyn Fn(usize) -> Option<i64> + '_>>, default| {
            f.as_ref().map_or(Some(default), |f| f(row))
        };
        let from = clamp_index(or(&start, 0)?, array.len());
        let count = match or(&length, -1)? {
            -1 => usize::MAX,
            n => usize::try_from(n).ok()?,
        };
        let nth = or(&occurrence, 1)?;
        if nth < 0 {
            return None;
        }
        let needle = Needle::new(values.get(row));
        let skip = usize::try_from(nth.max(1) - 1).ok()?;
        let found = array
            .iter()
            .enumerate()
            .skip(from)
            .take(count)
            .filter(|(_, item)| needle.is(*item))
            .nth(skip);
        found.map_or(Some(-1), |(i, _)| i64::try_from(i).ok())
    })
}

fn set_has_element(args: &Args<'_>) -> Result<ArrayRef> {
    let (arrays, values) = (args.dynamic(0)?, args.any(1)?);
    bool_result(args.rows, |row| {
        let DynRef::Array(array) = arrays.get(row) else {
            return None;
        };
        let needle = Needle::new(values.get(row));
        Some(array.iter().any(|item| needle.is(item)))
    })
}
