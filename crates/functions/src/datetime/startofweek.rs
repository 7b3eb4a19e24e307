//! `startofweek(date [, offset])`.

use super::periods::{Period, SIGNATURES, start};
use crate::prelude::*;

/// `startofweek`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "startofweek",
    summary: "The first tick of the week, which begins on Sunday.",
    signatures: SIGNATURES,
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(startofweek),
    examples: &[
        ex(
            "startofweek(datetime(2017-01-02))",
            "2017-01-01T00:00:00.0000000Z",
        ),
        ex(
            "startofweek(datetime(2017-01-01))",
            "2017-01-01T00:00:00.0000000Z",
        ),
        ex(
            "startofweek(datetime(2017-01-01 10:10:17), 1)",
            "2017-01-08T00:00:00.0000000Z",
        ),
    ],
    differs: "",
};

fn startofweek(args: &Args<'_>) -> Result<ArrayRef> {
    start(args, Period::Week)
}
