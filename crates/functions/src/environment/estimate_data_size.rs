//! `estimate_data_size(column, ...)`.

use crate::prelude::*;

/// `estimate_data_size`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "estimate_data_size",
    summary: "How many bytes the values of the columns have, or with `*` those of all: 8 for a long, real, datetime or timespan, 4 for an int, 16 for a guid, and a text's own.",
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
    ],
    differs: "How large a bool, a decimal, a dynamic or a null is, is not documented: these are refused.",
};

fn estimate_data_size(args: &Args<'_>) -> Result<ArrayRef> {
    let columns = (0..args.len())
        .map(|i| args.any(i))
        .collect::<Result<Vec<_>>>()?;
    try_long_result(args.rows, |row| {
        let mut size = 0;
        for column in &columns {
            size += bytes(column, row)
                .ok_or_else(|| KernelError::new("estimate_data_size knows longs, ints, reals, datetimes, timespans, guids and texts that are not null"))?;
        }
        Ok(Some(size))
    })
}

fn bytes(column: &Any<'_>, row: usize) -> Option<i64> {
    match column {
        Any::String(c) => i64::try_from(c.get(row).len()).ok(),
        Any::Int(c) => c.get(row).map(|_| 4),
        Any::Long(c) | Any::DateTime(c) | Any::TimeSpan(c) => c.get(row).map(|_| 8),
        Any::Real(c) => c.get(row).map(|_| 8),
        Any::Guid(c) => c.get(row).map(|_| 16),
        Any::Bool(_) | Any::Decimal(_) | Any::Dynamic(_) => None,
    }
}
