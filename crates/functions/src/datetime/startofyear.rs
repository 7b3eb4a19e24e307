//! `startofyear(date [, offset])`.

use super::periods::{Period, SIGNATURES, start};
use crate::prelude::*;

/// `startofyear`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "startofyear",
    summary: "The first tick of the year.",
    signatures: SIGNATURES,
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(startofyear),
    examples: &[
        ex(
            "startofyear(datetime(2017-02-03))",
            "2017-01-01T00:00:00.0000000Z",
        ),
        ex(
            "startofyear(datetime(2017-02-03), -1)",
            "2016-01-01T00:00:00.0000000Z",
        ),
    ],
    differs: "",
};

fn startofyear(args: &Args<'_>) -> Result<ArrayRef> {
    start(args, Period::Year)
}
