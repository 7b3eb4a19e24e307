//! `unixtime_nanoseconds_todatetime(nanoseconds)`.

use super::unix::{Unit, since_1970};
use crate::prelude::*;

/// `unixtime_nanoseconds_todatetime`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "unixtime_nanoseconds_todatetime",
    summary: "The datetime so many nanoseconds after 1970-01-01; null when there is none.",
    signatures: &[sig(
        &[arg_of("nanoseconds", Class::Number, "How many.")],
        DATETIME,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(unixtime_nanoseconds_todatetime),
    examples: &[ex(
        "unixtime_nanoseconds_todatetime(1546300800000000100)",
        "2019-01-01T00:00:00.0000001Z",
    )],
    differs: "",
};

fn unixtime_nanoseconds_todatetime(args: &Args<'_>) -> Result<ArrayRef> {
    since_1970(args, Unit::OfTick(100))
}
