//! `zip(array, ...)`.

use crate::prelude::*;

/// `zip`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "zip",
    summary: "Returns an array whose elements are arrays of the elements at the same position; shorter arrays are filled with nulls.",
    signatures: &[sig(
        &[arg_of("array", Class::DynamicArray, "An array.").repeated(2, 64)],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(zip),
    examples: &[
        ex(
            "zip(dynamic([1,3,5]), dynamic([2,4,6]))",
            "[[1,2],[3,4],[5,6]]",
        ),
        ex(
            "zip(dynamic(['A', 1, 1.5]), dynamic([{}, 'B']))",
            r#"[["A",{}],[1,"B"],[1.5,null]]"#,
        ),
    ],
    differs: "",
};

use super::elements::take_apart;

fn zip(args: &Args<'_>) -> Result<ArrayRef> {
    let arrays = (0..args.len())
        .map(|i| args.dynamic(i))
        .collect::<Result<Vec<_>>>()?;
    let mut items: Vec<Vec<&[u8]>> = vec![Vec::new(); arrays.len()];
    dyn_result(args.rows, |row, w| {
        for (array, items) in arrays.iter().zip(&mut items) {
            if !take_apart(array.get(row), items) {
                return;
            }
        }
        w.begin_array();
        for i in 0..items.iter().map(Vec::len).max().unwrap_or(0) {
            w.begin_array();
            for items in &items {
                match items.get(i) {
                    Some(item) => w.raw(item),
                    None => w.null(),
                }
            }
            w.end();
        }
        w.end();
    })
}
