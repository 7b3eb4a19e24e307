//! `count`, `countif`: how many rows.

use crate::prelude::*;

/// `count`
pub const COUNT: AggregateSpec = AggregateSpec {
    name: "count",
    summary: "Counts the rows of the group, those with nulls too.",
    signatures: &[
        sig(&[], LONG),
        sig(
            &[arg_of(
                "expr",
                Class::NotBool,
                "Not looked at: every row counts, whatever its value.",
            )],
            LONG,
        ),
    ],
    result_name: ResultName::Prefix("count"),
    lower: AggregateLower::Native,
    examples: &[
        ex("datatable(x:int)[1, 2, int(null)] | summarize count()", "3"),
        ex("datatable(x:int)[] | summarize count()", "0"),
        ex(
            "datatable(x:long)[long(null), long(null)] | summarize count(x)",
            "2",
        ),
    ],
    differs: "",
};

/// `cnt`
pub const CNT: AggregateSpec = AggregateSpec {
    name: "cnt",
    summary: "The old name of `count`.",
    signatures: &[sig(&[], LONG)],
    result_name: ResultName::Prefix("cnt"),
    lower: AggregateLower::Native,
    examples: &[ex("datatable(x:int)[1, 2] | summarize cnt()", "2")],
    differs: "",
};

/// `countif`
pub const COUNTIF: AggregateSpec = AggregateSpec {
    name: "countif",
    summary: "Counts the rows for which `predicate` is true.",
    signatures: &[sig(
        &[arg("predicate", BOOL, "Which rows count; a null is no.")],
        LONG,
    )],
    result_name: ResultName::Prefix("countif"),
    lower: AggregateLower::FilterOf("count"),
    examples: &[
        ex("datatable(x:int)[1, 2, 3] | summarize countif(x > 1)", "2"),
        ex(
            "datatable(b:bool)[bool(null), true, false] | summarize countif(b)",
            "1",
        ),
        ex("datatable(x:int)[] | summarize countif(x > 0)", "0"),
    ],
    differs: "",
};
