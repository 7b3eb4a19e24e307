//! `startofmonth(date [, offset])`.

use super::periods::{Period, SIGNATURES, start};
use crate::prelude::*;

/// `startofmonth`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "startofmonth",
    summary: "The first tick of the month.",
    signatures: SIGNATURES,
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(startofmonth),
    examples: &[
        ex(
            "startofmonth(datetime(2017-02-03), -1)",
            "2017-01-01T00:00:00.0000000Z",
        ),
        ex(
            "startofmonth(datetime(2017-12-31), 1)",
            "2018-01-01T00:00:00.0000000Z",
        ),
        ex("startofmonth(datetime(0001-01-31), -1)", "null"),
    ],
    differs: "",
};

fn startofmonth(args: &Args<'_>) -> Result<ArrayRef> {
    start(args, Period::Month)
}
