//! `dayofweek(date)`: days since Sunday.

use crate::prelude::*;
use kql_types::text::timespan::DAY;

/// `dayofweek`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "dayofweek",
    summary: "The days since the Sunday before, as a timespan.",
    signatures: &[sig(&[arg("date", DATETIME, "The datetime.")], TIMESPAN)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(dayofweek),
    examples: &[
        ex("dayofweek(datetime(2017-01-01))", "00:00:00"),
        ex("dayofweek(datetime(2017-01-02))", "1.00:00:00"),
        ex("dayofweek(datetime(1970-05-11))", "1.00:00:00"),
    ],
    differs: "",
};

fn dayofweek(args: &Args<'_>) -> Result<ArrayRef> {
    let date = args.long(0)?;
    long_result(args.rows, |row| {
        // 0001-01-01 was a Monday.
        Some((date.value(row).div_euclid(DAY) + 1).rem_euclid(7) * DAY)
    })
}
