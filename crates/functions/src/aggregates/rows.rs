//! `arg_max`, `arg_min`, `take_any` and their old names: whole rows, kept by the engine.

use crate::prelude::*;

const RETURNED: Param = arg_of(
    "returned",
    Class::ScalarOrStar,
    "What to give of that row; `*` is every other column.",
)
.repeated(0, u16::MAX);
const EXPR: Param = arg_of("expr", Class::Scalar, "What to give of the row.");
const EXPRS: Param = arg_of(
    "expr",
    Class::ScalarOrStar,
    "What to give of the row; `*` is every column.",
)
.repeated(1, u16::MAX);
const PREDICATE: Param = arg("predicate", BOOL, "Which rows count.");

const EXTREME: &[Signature] = &[sig_as(
    &[
        arg_of("expr", Class::Orderable, "Nulls lose to every value."),
        RETURNED,
    ],
    Returns::Param(0),
)];

const fn extreme(name: &'static str, summary: &'static str) -> AggregateSpec {
    AggregateSpec {
        name,
        summary,
        signatures: EXTREME,
        result_name: ResultName::None,
        lower: AggregateLower::Rows,
        examples: &[],
        differs: "",
    }
}

/// `arg_max`
pub const ARG_MAX: AggregateSpec = AggregateSpec {
    examples: &[
        ex(
            "datatable(k:string, t:long)['a', 1, 'b', 2] | summarize arg_max(t, k) | project k",
            "b",
        ),
        ex(
            "datatable(k:string, t:real)['a', real(nan), 'b', 2.0] | summarize arg_max(t, k) | project k",
            "a",
        ),
        ex(
            "datatable(k:string, t:long)['a', long(null), 'b', 2] | summarize arg_max(t, k) | project k",
            "b",
        ),
        ex(
            "datatable(k:string, t:long)['a', 2, 'b', 2] | summarize arg_max(t, k) | project k",
            "a",
        ),
    ],
    ..extreme(
        "arg_max",
        "The row with the greatest value: that value and others of the row. Of equal rows the first; of only nulls, some row. NaN is the greatest.",
    )
};

/// `arg_min`
pub const ARG_MIN: AggregateSpec = AggregateSpec {
    examples: &[
        ex(
            "datatable(k:string, t:long)['a', 1, 'b', 2] | summarize arg_min(t, k) | project k",
            "a",
        ),
        ex(
            "datatable(k:string, t:real)['a', 1.5, 'b', real(nan)] | summarize arg_min(t, k) | project k",
            "b",
        ),
    ],
    ..extreme(
        "arg_min",
        "The row with the smallest value: that value and others of the row. Of equal rows the first; of only nulls, some row. NaN is the smallest.",
    )
};

/// `argmax`
pub const ARGMAX: AggregateSpec = AggregateSpec {
    examples: &[ex(
        "datatable(k:string, t:long)['a', 1, 'b', 2] | summarize (m, n) = argmax(t, k) | project m",
        "2",
    )],
    ..extreme("argmax", "The old name of `arg_max`.")
};

/// `argmin`
pub const ARGMIN: AggregateSpec = AggregateSpec {
    examples: &[ex(
        "datatable(k:string, t:long)['a', 1, 'b', 2] | summarize (m, n) = argmin(t, k) | project m",
        "1",
    )],
    ..extreme("argmin", "The old name of `arg_min`.")
};

/// `take_any`
pub const TAKE_ANY: AggregateSpec = AggregateSpec {
    name: "take_any",
    summary: "Some row of the group. Of one expression a value that is not null, if there is one.",
    signatures: &[sig_as(&[EXPRS], Returns::Param(0))],
    result_name: ResultName::FirstArgument,
    lower: AggregateLower::Rows,
    examples: &[
        ex("datatable(x:long)[7, 7] | summarize take_any(x)", "7"),
        ex("datatable(x:long)[] | summarize take_any(x)", "null"),
        ex(
            "datatable(x:long)[long(null), 3] | summarize take_any(x)",
            "3",
        ),
    ],
    differs: "",
};

/// `any`
pub const ANY: AggregateSpec = AggregateSpec {
    name: "any",
    summary: "The old name of `take_any`; its columns begin with `any_`.",
    signatures: &[sig_as(&[EXPRS], Returns::Param(0))],
    result_name: ResultName::Prefix("any"),
    lower: AggregateLower::Rows,
    examples: &[ex(
        "datatable(x:long)[7] | summarize any(x) | project any_x",
        "7",
    )],
    differs: "",
};

/// `take_anyif`
pub const TAKE_ANYIF: AggregateSpec = AggregateSpec {
    name: "take_anyif",
    summary: "Some value of the rows for which `predicate` is true.",
    signatures: &[sig_as(&[EXPR, PREDICATE], Returns::Param(0))],
    result_name: ResultName::FirstArgument,
    lower: AggregateLower::FilterOf("take_any"),
    examples: &[ex(
        "datatable(x:long)[7, 8] | summarize take_anyif(x, x > 7)",
        "8",
    )],
    differs: "",
};

/// `anyif`
pub const ANYIF: AggregateSpec = AggregateSpec {
    name: "anyif",
    summary: "The old name of `take_anyif`.",
    signatures: &[sig_as(&[EXPR, PREDICATE], Returns::Param(0))],
    result_name: ResultName::Prefix("anyif"),
    lower: AggregateLower::FilterOf("take_any"),
    examples: &[ex(
        "datatable(x:long)[7, 8] | summarize anyif(x, x > 7)",
        "8",
    )],
    differs: "",
};

/// `passthrough`
pub const PASSTHROUGH: AggregateSpec = AggregateSpec {
    name: "passthrough",
    summary: "An inner function of Kusto.",
    signatures: &[sig_as(&[EXPR], Returns::Param(0))],
    result_name: ResultName::FirstArgument,
    lower: AggregateLower::Refused("it is an inner function of Kusto without a reference page"),
    examples: &[],
    differs: "",
};
