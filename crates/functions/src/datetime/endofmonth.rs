//! `endofmonth(date [, offset])`.

use super::periods::{Period, SIGNATURES, end};
use crate::prelude::*;

/// `endofmonth`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "endofmonth",
    summary: "The last tick of the month.",
    signatures: SIGNATURES,
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(endofmonth),
    examples: &[
        ex(
            "endofmonth(datetime(2017-02-01))",
            "2017-02-28T23:59:59.9999999Z",
        ),
        ex(
            "endofmonth(datetime(2016-01-31), 1)",
            "2016-02-29T23:59:59.9999999Z",
        ),
    ],
    differs: "",
};

fn endofmonth(args: &Args<'_>) -> Result<ArrayRef> {
    end(args, Period::Month)
}
