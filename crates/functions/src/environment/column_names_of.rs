//! `column_names_of(table)`.

use crate::prelude::*;

/// `column_names_of`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "column_names_of",
    summary: "The names of a table's columns, in order.",
    signatures: &[sig(&[arg_of("table", Class::Table, "The table.")], DYNAMIC)],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Special,
    examples: &[
        ex(
            "let T = datatable(A:string, B:int)[]; print tostring(column_names_of(T))",
            r#"["A","B"]"#,
        ),
        ex(
            "let f = (p:int) { print A='', B=p }; print tostring(column_names_of(f(1)))",
            r#"["A","B"]"#,
        ),
    ],
    differs: "",
};
