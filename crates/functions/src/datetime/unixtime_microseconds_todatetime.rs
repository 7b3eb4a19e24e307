//! `unixtime_microseconds_todatetime(microseconds)`.

use super::unix::{Unit, since_1970};
use crate::prelude::*;

/// `unixtime_microseconds_todatetime`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "unixtime_microseconds_todatetime",
    summary: "The datetime so many microseconds after 1970-01-01; null when there is none.",
    signatures: &[sig(
        &[arg_of("microseconds", Class::Number, "How many.")],
        DATETIME,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(unixtime_microseconds_todatetime),
    examples: &[ex(
        "unixtime_microseconds_todatetime(1546300800000001)",
        "2019-01-01T00:00:00.0000010Z",
    )],
    differs: "",
};

fn unixtime_microseconds_todatetime(args: &Args<'_>) -> Result<ArrayRef> {
    since_1970(args, Unit::Ticks(10))
}
