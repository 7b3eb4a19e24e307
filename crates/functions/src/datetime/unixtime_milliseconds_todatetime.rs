//! `unixtime_milliseconds_todatetime(milliseconds)`.

use super::unix::{Unit, since_1970};
use crate::prelude::*;

/// `unixtime_milliseconds_todatetime`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "unixtime_milliseconds_todatetime",
    summary: "The datetime so many milliseconds after 1970-01-01; null when there is none.",
    signatures: &[sig(
        &[arg_of("milliseconds", Class::Number, "How many.")],
        DATETIME,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(unixtime_milliseconds_todatetime),
    examples: &[ex(
        "unixtime_milliseconds_todatetime(1546300800000)",
        "2019-01-01T00:00:00.0000000Z",
    )],
    differs: "",
};

fn unixtime_milliseconds_todatetime(args: &Args<'_>) -> Result<ArrayRef> {
    since_1970(args, Unit::Ticks(10_000))
}
