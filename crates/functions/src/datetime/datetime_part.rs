//! `datetime_part(part, date)`.

use super::calendar::{day_of_year, week_of_year};
use super::part::part_of;
use crate::prelude::*;
use kql_types::text::datetime::date_of;
use kql_types::text::timespan::{DAY, HOUR, MINUTE, SECOND};

const PARTS: &[&str] = &[
    "year",
    "quarter",
    "month",
    "week_of_year",
    "day",
    "dayofyear",
    "hour",
    "minute",
    "second",
    "millisecond",
    "microsecond",
    "nanosecond",
];

/// `datetime_part`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "datetime_part",
    summary: "A part of a datetime as a number.",
    signatures: &[sig(
        &[
            arg("part", STRING, "The part.").literal().one_of(PARTS),
            arg("date", DATETIME, "The datetime."),
        ],
        INT,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(datetime_part),
    examples: &[
        ex("datetime_part('hour', datetime(2017-10-30 01:02:03))", "1"),
        ex("datetime_part('week_of_year', datetime(2017-10-30))", "44"),
        ex("datetime_part('DayOfYear', datetime(2017-10-30))", "303"),
        ex(
            "datetime_part('microsecond', datetime(2017-10-30 01:02:03.7654321))",
            "765432",
        ),
        ex(
            "datetime_part('nanosecond', datetime(2017-10-30 01:02:03.7654321))",
            "765432100",
        ),
    ],
    differs: "",
};

fn datetime_part(args: &Args<'_>) -> Result<ArrayRef> {
    let part = part_of(args, PARTS)?;
    let date = args.long(1)?;
    int_result(args.rows, |row| {
        i32::try_from(value(&part, date.value(row))).ok()
    })
}

fn value(part: &str, t: i64) -> i64 {
    let (y, m, d) = date_of(t);
    let of_day = t.rem_euclid(DAY);
    match part {
        "year" => y,
        "quarter" => (m - 1) / 3 + 1,
        "month" => m,
        "week_of_year" => week_of_year(t),
        "dayofyear" => day_of_year(t),
        "day" => d,
        "hour" => of_day / HOUR,
        "minute" => of_day % HOUR / MINUTE,
        "second" => of_day % MINUTE / SECOND,
        "millisecond" => of_day % SECOND / 10_000,
        "microsecond" => of_day % SECOND / 10,
        _ => of_day % SECOND * 100,
    }
}
