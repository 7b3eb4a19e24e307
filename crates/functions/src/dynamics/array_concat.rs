//! `array_concat(array, ...)`.

use crate::prelude::*;

/// `array_concat`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "array_concat",
    summary: "Joins arrays, in order, into one.",
    signatures: &[sig(
        &[arg_of("array", Class::DynamicArray, "An array.").repeated(1, 64)],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(array_concat),
    examples: &[
        ex(
            "array_concat(dynamic([1,2]), dynamic([3]), dynamic([]))",
            "[1,2,3]",
        ),
        ex(
            "array_concat(dynamic([[1]]), dynamic(['a', null]))",
            r#"[[1],"a",null]"#,
        ),
    ],
    differs: "What an argument that is no array does is not documented; the result is null then.",
};

fn array_concat(args: &Args<'_>) -> Result<ArrayRef> {
    let arrays = (0..args.len())
        .map(|i| args.dynamic(i))
        .collect::<Result<Vec<_>>>()?;
    dyn_result(args.rows, |row, w| {
        if !arrays
            .iter()
            .all(|a| matches!(a.get(row), DynRef::Array(_)))
        {
            return;
        }
        w.begin_array();
        for array in &arrays {
            if let DynRef::Array(a) = array.get(row) {
                a.raw().for_each(|item| w.raw(item));
            }
        }
        w.end();
    })
}
