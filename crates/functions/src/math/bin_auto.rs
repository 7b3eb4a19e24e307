//! `bin_auto(value)`: `bin_at` with the width and the point that `set` gives.

use crate::prelude::*;

/// `bin_auto`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "bin_auto",
    summary: "The start of the bin that holds the value; how wide bins are is said by `set query_bin_auto_size`, and where one starts by `set query_bin_auto_at`, or at 0.",
    signatures: &[sig_as(
        &[arg_of("value", Class::Summable, "The value.")],
        Returns::Param(0),
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Special,
    examples: &[
        ex(
            "set query_bin_auto_size=1h; set query_bin_auto_at=datetime(2017-01-01 00:05); print bin_auto(datetime(2017-01-01 01:04))",
            "2017-01-01T00:05:00.0000000Z",
        ),
        ex("set query_bin_auto_size=5; print bin_auto(13)", "10"),
    ],
    differs: "",
};
