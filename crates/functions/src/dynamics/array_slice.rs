//! `array_slice(array, start, end)`.

use crate::prelude::*;

/// `array_slice`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "array_slice",
    summary: "Returns the elements from `start` to `end`, both included; negative positions count from the end.",
    signatures: &[sig(
        &[
            arg_of("array", Class::DynamicArray, "The array."),
            arg_of("start", Class::Integer, "The first position."),
            arg_of("end", Class::Integer, "The last position."),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(array_slice),
    examples: &[
        ex("array_slice(dynamic([1,2,3]), 1, 2)", "[2,3]"),
        ex("array_slice(dynamic([1,2,3,4,5]), -3, -2)", "[3,4]"),
        ex("array_slice(dynamic([1,2,3]), 1, 100)", "[2,3]"),
        ex("array_slice(dynamic([1,2,3]), 2, 1)", "[]"),
    ],
    differs: "",
};

use super::elements::{clamp_index, from_elements, write_array};

fn array_slice(args: &Args<'_>) -> Result<ArrayRef> {
    let (start, end) = (args.integer(1)?, args.integer(2)?);
    from_elements(args, |row, items, w| {
        let (Some(start), Some(end)) = (start(row), end(row)) else {
            return;
        };
        let from = clamp_index(start, items.len());
        let len = i64::try_from(items.len()).unwrap_or(i64::MAX);
        let last = if end < 0 {
            end.saturating_add(len)
        } else {
            end
        };
        let to = clamp_index(last.saturating_add(1).max(0), items.len());
        write_array(items.get(from..to).unwrap_or_default().iter().copied(), w);
    })
}
