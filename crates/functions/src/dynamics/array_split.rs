//! `array_split(array, index)`.

use crate::prelude::*;

/// `array_split`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "array_split",
    summary: "Cuts an array before one position or several, and returns the parts; negative positions count from the end.",
    signatures: &[
        sig(
            &[
                arg_of("array", Class::DynamicArray, "The array."),
                arg_of("index", Class::Integer, "Where to cut."),
            ],
            DYNAMIC,
        ),
        sig(
            &[
                arg_of("array", Class::DynamicArray, "The array."),
                arg_of("indices", Class::DynamicArray, "Where to cut, in order."),
            ],
            DYNAMIC,
        ),
    ],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(array_split),
    examples: &[
        ex("array_split(dynamic([1,2,3,4,5]), 2)", "[[1,2],[3,4,5]]"),
        ex(
            "array_split(dynamic([1,2,3,4,5]), dynamic([1,3]))",
            "[[1],[2,3],[4,5]]",
        ),
        ex("array_split(dynamic([1,2,3,4,5]), -1)", "[[1,2,3,4],[5]]"),
    ],
    differs: "",
};

use super::elements::{clamp_index, from_elements, write_array};

fn array_split(args: &Args<'_>) -> Result<ArrayRef> {
    let places = args.any(1)?;
    let mut cuts = Vec::new();
    from_elements(args, |row, items, w| {
        cuts.clear();
        match places.get(row) {
            DynRef::Long(n) => cuts.push(clamp_index(n, items.len())),
            DynRef::Array(a) => {
                for place in a.iter() {
                    let DynRef::Long(n) = place else {
                        return;
                    };
                    cuts.push(clamp_index(n, items.len()));
                }
            }
            _ => return,
        }
        cuts.push(items.len());
        w.begin_array();
        let mut from = 0;
        for &to in &cuts {
            write_array(items.get(from..to).unwrap_or_default().iter().copied(), w);
            from = to;
        }
        w.end();
    })
}
