//! `around(value, center, delta)`.

use crate::prelude::*;

/// `around`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "around",
    summary: "True when a value is no farther from a center than a delta, on either side.",
    signatures: &[sig(
        &[
            arg_of("value", Class::Scalar, "The value."),
            arg_of("center", Class::Scalar, "What it is compared with."),
            arg_of("delta", Class::Scalar, "How far off it may be."),
        ],
        BOOL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kql("value between ((center - delta) .. (center + delta))"),
    examples: &[
        ex(
            "datatable(dt:datetime)[datetime(2021-01-01 01:28), datetime(2021-01-01 01:29), datetime(2021-01-01 01:31)] | where around(dt, datetime(2021-01-01 01:30), 1min) | count",
            "2",
        ),
        ex("around(5, 7, 2)", "True"),
        ex("around(4.9, 7, 2)", "False"),
        ex("around(long(null), 7, 2)", "null"),
    ],
    differs: "",
};
