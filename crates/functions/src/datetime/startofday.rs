//! `startofday(date [, offset])`.

use super::periods::{Period, SIGNATURES, start};
use crate::prelude::*;

/// `startofday`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "startofday",
    summary: "The first tick of the day.",
    signatures: SIGNATURES,
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(startofday),
    examples: &[
        ex(
            "startofday(datetime(2017-01-01 10:10:17))",
            "2017-01-01T00:00:00.0000000Z",
        ),
        ex(
            "startofday(datetime(2017-01-01 10:10:17), -1)",
            "2016-12-31T00:00:00.0000000Z",
        ),
        ex("startofday(datetime(9999-12-31), 1)", "null"),
    ],
    differs: "",
};

fn startofday(args: &Args<'_>) -> Result<ArrayRef> {
    start(args, Period::Day)
}
