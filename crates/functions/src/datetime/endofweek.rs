//! `endofweek(date [, offset])`.

use super::periods::{Period, SIGNATURES, end};
use crate::prelude::*;

/// `endofweek`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "endofweek",
    summary: "The last tick of the week, which ends on Saturday.",
    signatures: SIGNATURES,
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(endofweek),
    examples: &[
        ex(
            "endofweek(datetime(2017-01-01))",
            "2017-01-07T23:59:59.9999999Z",
        ),
        ex(
            "endofweek(datetime(2017-01-07), -1)",
            "2016-12-31T23:59:59.9999999Z",
        ),
    ],
    differs: "",
};

fn endofweek(args: &Args<'_>) -> Result<ArrayRef> {
    end(args, Period::Week)
}
