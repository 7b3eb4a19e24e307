//! `make_timespan([day, ] hour, minute [, second])`.

use super::clock::time_of_day;
use crate::prelude::*;
use kql_types::text::timespan::DAY;

/// `make_timespan`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "make_timespan",
    summary: "A timespan of its parts; null when a part is out of range.",
    signatures: &[
        sig(
            &[
                arg("hour", LONG, "Hours."),
                arg("minute", LONG, "Minutes."),
                arg("second", REAL, "Seconds.").optional(),
            ],
            TIMESPAN,
        ),
        sig(
            &[
                arg("day", LONG, "Days."),
                arg("hour", LONG, "Hours."),
                arg("minute", LONG, "Minutes."),
                arg("second", REAL, "Seconds."),
            ],
            TIMESPAN,
        ),
    ],
    result_name: ResultName::OnlyArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(make_timespan),
    examples: &[
        ex("make_timespan(1, 12, 30, 55.123)", "1.12:30:55.1230000"),
        ex("make_timespan(1, 15)", "01:15:00"),
        ex("make_timespan(1, 15, 30)", "01:15:30"),
        ex("make_timespan(24, 0)", "null"),
    ],
    differs: "",
};

fn make_timespan(args: &Args<'_>) -> Result<ArrayRef> {
    let first = usize::from(args.len() == 4);
    let day = if first == 1 {
        Some(args.long(0)?)
    } else {
        None
    };
    let (hour, minute) = (args.long(first)?, args.long(first + 1)?);
    let second = if args.len() > 2 {
        Some(args.real(first + 2)?)
    } else {
        None
    };
    long_result(args.rows, |row| {
        let second = second.as_ref().map_or(0.0, |s| s.value(row));
        let time = time_of_day(hour.value(row), minute.value(row), second)?;
        day.map_or(0, |d| d.value(row))
            .checked_mul(DAY)?
            .checked_add(time)
    })
}
