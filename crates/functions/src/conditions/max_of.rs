//! `max_of(value, value, ...)`.

use super::pick::extreme;
use crate::prelude::*;
use std::cmp::Ordering;

/// `max_of`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "max_of",
    summary: "The greatest of the values; nulls do not count.",
    signatures: &[sig_as(
        &[arg_of("value", Class::CommonOrderable, "A value.").repeated(2, 64)],
        Returns::Common,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(max_of),
    examples: &[
        ex("max_of(1, 5, 3)", "5"),
        ex("max_of('a', 'b')", "b"),
        ex("max_of(long(null), 2)", "2"),
        ex("max_of(1, 2.5)", "2.5"),
    ],
    differs: "",
};

fn max_of(args: &Args<'_>) -> Result<ArrayRef> {
    extreme(args, Ordering::Greater)
}
