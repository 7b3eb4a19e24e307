//! `unixtime_seconds_todatetime(seconds)`.

use super::unix::{Unit, since_1970};
use crate::prelude::*;

/// `unixtime_seconds_todatetime`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "unixtime_seconds_todatetime",
    summary: "The datetime so many seconds after 1970-01-01; null when there is none.",
    signatures: &[sig(
        &[arg_of("seconds", Class::Number, "How many.")],
        DATETIME,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(unixtime_seconds_todatetime),
    examples: &[
        ex(
            "unixtime_seconds_todatetime(1546300800)",
            "2019-01-01T00:00:00.0000000Z",
        ),
        ex(
            "unixtime_seconds_todatetime(0.5)",
            "1970-01-01T00:00:00.5000000Z",
        ),
        ex(
            "unixtime_seconds_todatetime(-1)",
            "1969-12-31T23:59:59.0000000Z",
        ),
        ex("unixtime_seconds_todatetime(1e15)", "null"),
    ],
    differs: "",
};

fn unixtime_seconds_todatetime(args: &Args<'_>) -> Result<ArrayRef> {
    since_1970(args, Unit::Ticks(10_000_000))
}
