//! `min_of(value, value, ...)`.

use super::pick::extreme;
use crate::prelude::*;
use std::cmp::Ordering;

/// `min_of`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "min_of",
    summary: "The least of the values; nulls do not count.",
    signatures: &[sig_as(
        &[arg_of("value", Class::CommonOrderable, "A value.").repeated(2, 64)],
        Returns::Common,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(min_of),
    examples: &[
        ex("min_of(4, 2, 3)", "2"),
        ex("min_of(1h, 1m)", "00:01:00"),
        ex("min_of(long(null), 2)", "2"),
        ex("min_of(1, 2.5)", "1.0"),
    ],
    differs: "",
};

fn min_of(args: &Args<'_>) -> Result<ArrayRef> {
    extreme(args, Ordering::Less)
}
