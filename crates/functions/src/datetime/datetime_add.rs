//! `datetime_add(part, amount, datetime)`.

use super::calendar::{add_months, in_range};
use super::part::{PARTS, part_of, unit};
use crate::prelude::*;
use kql_types::text::timespan::DAY;

/// `datetime_add`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "datetime_add",
    summary: "The datetime so many parts later; null when that is no datetime.",
    signatures: &[sig(
        &[
            arg("part", STRING, "The part.").literal().one_of(PARTS),
            arg_of("amount", Class::Integer, "How many; negative for earlier."),
            arg("datetime", DATETIME, "The datetime."),
        ],
        DATETIME,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(datetime_add),
    examples: &[
        ex(
            "datetime_add('month', 1, datetime(2020-01-31))",
            "2020-02-29T00:00:00.0000000Z",
        ),
        ex(
            "datetime_add('Year', -1, datetime(2020-02-29 05:00))",
            "2019-02-28T05:00:00.0000000Z",
        ),
        ex(
            "datetime_add('quarter', 12, datetime(2017-01-01))",
            "2020-01-01T00:00:00.0000000Z",
        ),
        ex(
            "datetime_add('week', 100, datetime(2017-01-01))",
            "2018-12-02T00:00:00.0000000Z",
        ),
        ex("datetime_add('day', 1, datetime(9999-12-31))", "null"),
    ],
    differs: "",
};

fn datetime_add(args: &Args<'_>) -> Result<ArrayRef> {
    let part = part_of(args, PARTS)?;
    let (amount, date) = (args.integer(1)?, args.long(2)?);
    long_result(args.rows, |row| later(&part, amount(row)?, date.value(row)))
}

fn later(part: &str, amount: i64, t: i64) -> Option<i64> {
    let ticks = match part {
        "year" => return add_months(t, amount.checked_mul(12)?),
        "quarter" => return add_months(t, amount.checked_mul(3)?),
        "month" => return add_months(t, amount),
        "week" => amount.checked_mul(7 * DAY)?,
        "nanosecond" => amount / 100,
        other => amount.checked_mul(unit(other)?)?,
    };
    t.checked_add(ticks).and_then(in_range)
}
