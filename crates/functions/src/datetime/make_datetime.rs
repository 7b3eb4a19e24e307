//! `make_datetime(year, month, day [, hour, minute [, second]])`.

use super::calendar::midnight;
use super::clock::time_of_day;
use crate::prelude::*;

/// `make_datetime`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "make_datetime",
    summary: "A datetime of its parts; null when there is no such datetime.",
    signatures: &[sig(
        &[
            arg("year", LONG, "Year."),
            arg("month", LONG, "Month."),
            arg("day", LONG, "Day."),
            arg("hour", LONG, "Hour.").optional(),
            arg("minute", LONG, "Minute.").optional(),
            arg("second", REAL, "Second.").optional(),
        ],
        DATETIME,
    )],
    result_name: ResultName::OnlyArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(make_datetime),
    examples: &[
        ex("make_datetime(2017, 10, 1)", "2017-10-01T00:00:00.0000000Z"),
        ex(
            "make_datetime(2017, 10, 1, 12, 11, 0.1234567)",
            "2017-10-01T12:11:00.1234567Z",
        ),
        ex("make_datetime(2017, 13, 1)", "null"),
        ex("make_datetime(2017, 2, 29)", "null"),
        ex("make_datetime(2017, 1, 1, 24, 0)", "null"),
        ex("make_datetime(0, 1, 1)", "null"),
    ],
    differs: "",
};

fn make_datetime(args: &Args<'_>) -> Result<ArrayRef> {
    let parts = (0..args.len().min(5))
        .map(|i| args.long(i))
        .collect::<Result<Vec<_>>>()?;
    let second = if args.len() > 5 {
        Some(args.real(5)?)
    } else {
        None
    };
    long_result(args.rows, |row| {
        let at = |i: usize| parts.get(i).map_or(0, |c| c.value(row));
        let second = second.as_ref().map_or(0.0, |s| s.value(row));
        let time = time_of_day(at(3), at(4), second)?;
        midnight(at(0), at(1), at(2))?.checked_add(time)
    })
}
