//! `sum`, `sumif`.

use crate::prelude::*;

const EXPR: Param = arg_of(
    "expr",
    Class::Summable,
    "The values to add; nulls are skipped.",
);

/// `sum`
pub const SUM: AggregateSpec = AggregateSpec {
    name: "sum",
    summary: "Adds the values of the group. Longs wrap around; the sum of nothing is 0.",
    signatures: &[sig_as(&[EXPR], Returns::ParamPromoted(0))],
    result_name: ResultName::Prefix("sum"),
    lower: AggregateLower::Native,
    examples: &[
        ex("datatable(x:int)[1, 2, int(null)] | summarize sum(x)", "3"),
        ex("datatable(x:int)[] | summarize sum(x)", "0"),
        ex(
            "datatable(v:long)[9223372036854775807, 1, 2] | summarize sum(v)",
            "-9223372036854775806",
        ),
        ex(
            "datatable(a:decimal)[1.1, 2.2, 3.3] | summarize sum(a)",
            "6.6",
        ),
        ex(
            "datatable(t:timespan)[1h, 30m] | summarize sum(t)",
            "01:30:00",
        ),
    ],
    differs: "",
};

/// `sumif`
pub const SUMIF: AggregateSpec = AggregateSpec {
    name: "sumif",
    summary: "Adds the values of the rows for which `predicate` is true.",
    signatures: &[sig_as(
        &[EXPR, arg("predicate", BOOL, "Which rows count.")],
        Returns::ParamPromoted(0),
    )],
    result_name: ResultName::Prefix("sumif"),
    lower: AggregateLower::FilterOf("sum"),
    examples: &[
        ex("datatable(x:int)[1, 2, 4] | summarize sumif(x, x > 1)", "6"),
        ex("datatable(x:int)[1] | summarize sumif(x, false)", "0"),
    ],
    differs: "",
};
