//! `pack_array(value, ...)`.

use crate::prelude::*;

/// `pack_array`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "pack_array",
    summary: "Makes an array of values.",
    signatures: &[sig(
        &[arg_of(
            "value",
            Class::ScalarOrStar,
            "A value, or `*` for all columns.",
        )
        .repeated(1, 32767)],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(pack_array),
    examples: &[ex(
        "pack_array(1, '2', 2s, dynamic([1]), long(null))",
        r#"[1,"2","00:00:02",[1],null]"#,
    )],
    differs: "",
};

fn pack_array(args: &Args<'_>) -> Result<ArrayRef> {
    let values = (0..args.len())
        .map(|i| args.any(i))
        .collect::<Result<Vec<_>>>()?;
    dyn_result(args.rows, |row, w| {
        w.begin_array();
        values.iter().for_each(|v| w.value(v.get(row)));
        w.end();
    })
}
