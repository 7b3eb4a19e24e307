//! `datetime_diff(part, datetime1, datetime2)`.

use super::calendar::{months, weeks};
use super::part::{PARTS, part_of, unit};
use crate::prelude::*;
use kql_types::text::datetime::date_of;

/// `datetime_diff`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "datetime_diff",
    summary: "How many borders of a part lie between two datetimes.",
    signatures: &[sig(
        &[
            arg("part", STRING, "The part.").literal().one_of(PARTS),
            arg("datetime1", DATETIME, "The later datetime."),
            arg("datetime2", DATETIME, "The earlier datetime."),
        ],
        LONG,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(datetime_diff),
    examples: &[
        ex(
            "datetime_diff('week', datetime(2017-10-29), datetime(2017-09-30 23:59))",
            "5",
        ),
        ex(
            "datetime_diff('year', datetime(2017-01-01), datetime(2000-12-31))",
            "17",
        ),
        ex(
            "datetime_diff('Quarter', datetime(2017-07-01), datetime(2017-03-30))",
            "2",
        ),
        ex(
            "datetime_diff('hour', datetime(2017-10-31 00:00), datetime(2017-10-31 23:59))",
            "-23",
        ),
        ex(
            "datetime_diff('nanosecond', datetime(9999-12-31), datetime(0001-01-01))",
            "null",
        ),
    ],
    differs: "",
};

fn datetime_diff(args: &Args<'_>) -> Result<ArrayRef> {
    let part = part_of(args, PARTS)?;
    let (a, b) = (args.long(1)?, args.long(2)?);
    long_result(args.rows, |row| {
        difference(&part, a.value(row), b.value(row))
    })
}

fn difference(part: &str, a: i64, b: i64) -> Option<i64> {
    Some(match part {
        "year" => date_of(a).0 - date_of(b).0,
        "quarter" => months(a).div_euclid(3) - months(b).div_euclid(3),
        "month" => months(a) - months(b),
        "week" => weeks(a) - weeks(b),
        "nanosecond" => a.checked_sub(b)?.checked_mul(100)?,
        other => {
            let unit = unit(other)?;
            a.div_euclid(unit) - b.div_euclid(unit)
        }
    })
}
