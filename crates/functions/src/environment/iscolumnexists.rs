//! `iscolumnexists(column_name)`.

use crate::prelude::*;

/// `iscolumnexists`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "iscolumnexists",
    summary: "Whether the rows have a column of a name.",
    signatures: &[sig(
        &[arg("column_name", STRING, "The name.").constant()],
        BOOL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Special,
    examples: &[
        ex("datatable(a:long)[1] | project iscolumnexists('a')", "True"),
        ex(
            "datatable(a:long)[1] | project iscolumnexists('A')",
            "False",
        ),
    ],
    differs: "",
};
