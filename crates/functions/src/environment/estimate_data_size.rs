//! `estimate_data_size(column, ...)`.

use crate::prelude::*;

/// `estimate_data_size`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "estimate_data_size",
    summary: "How many bytes the values of the columns have, or with `*` those of all: 1 for a bool, 4 for an int, 8 for a long, real, datetime or timespan, 16 for a guid or decimal, and a text's or a dynamic value's own.",
    signatures: &[sig(
        &[arg_of("column", Class::Scalar, "A column, or `*`.").repeated(1, 32767)],
        LONG,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(estimate_data_size),
    examples: &[
        ex(
            "range x from 1 to 10 step 1 | extend Text = '1234567890' | summarize sum(estimate_data_size(*))",
            "180",
        ),
        ex(
            "datatable(a:long, b:string)[1, 'abc'] | project estimate_data_size(b)",
            "3",
        ),
        ex(
            "datatable(a:bool, b:guid, c:int)[true, guid(null), 3] | project estimate_data_size(*)",
            "21",
        ),
    ],
    differs: "It is an estimate. How Kusto counts a bool, a decimal, a dynamic and a null is not documented: here a bool is 1, a decimal 16, a dynamic as large as it is stored here, and a null as large as another value of its type (a dynamic null 1).",
};

fn estimate_data_size(args: &Args<'_>) -> Result<ArrayRef> {
    let columns = (0..args.len())
        .map(|i| args.any(i))
        .collect::<Result<Vec<_>>>()?;
    long_result(args.rows, |row| {
        let sizes = columns.iter().map(|column| bytes(column, row));
        i64::try_from(sizes.fold(0, usize::saturating_add)).ok()
    })
}

fn bytes(column: &Any<'_>, row: usize) -> usize {
    match column {
        Any::Bool(_) => 1,
        Any::Int(_) => 4,
        Any::Long(_) | Any::DateTime(_) | Any::TimeSpan(_) | Any::Real(_) => 8,
        Any::Decimal(_) | Any::Guid(_) => 16,
        Any::String(c) => c.get(row).len(),
        Any::Dynamic(c) => c.raw(row).len().max(1),
    }
}
