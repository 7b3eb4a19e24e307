//! `endofday(date [, offset])`.

use super::periods::{Period, SIGNATURES, end};
use crate::prelude::*;

/// `endofday`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "endofday",
    summary: "The last tick of the day.",
    signatures: SIGNATURES,
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(endofday),
    examples: &[
        ex(
            "endofday(datetime(2017-01-01))",
            "2017-01-01T23:59:59.9999999Z",
        ),
        ex(
            "endofday(datetime(9999-12-31))",
            "9999-12-31T23:59:59.9999999Z",
        ),
    ],
    differs: "",
};

fn endofday(args: &Args<'_>) -> Result<ArrayRef> {
    end(args, Period::Day)
}
