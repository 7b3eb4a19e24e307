//! `endofyear(date [, offset])`.

use super::periods::{Period, SIGNATURES, end};
use crate::prelude::*;

/// `endofyear`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "endofyear",
    summary: "The last tick of the year.",
    signatures: SIGNATURES,
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(endofyear),
    examples: &[
        ex(
            "endofyear(datetime(2017-02-01))",
            "2017-12-31T23:59:59.9999999Z",
        ),
        ex(
            "endofyear(datetime(2017-02-01), 1)",
            "2018-12-31T23:59:59.9999999Z",
        ),
    ],
    differs: "",
};

fn endofyear(args: &Args<'_>) -> Result<ArrayRef> {
    end(args, Period::Year)
}
