//! `coalesce(value, value, ...)`.

use super::pick::first_filled;
use crate::prelude::*;

/// `coalesce`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "coalesce",
    summary: "The first value that is neither null nor \"\".",
    signatures: &[sig_as(
        &[arg_of("value", Class::CommonScalar, "A value.").repeated(2, 64)],
        Returns::Common,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(first_filled),
    examples: &[
        ex("coalesce(long(null), 5)", "5"),
        ex("coalesce('', 'a')", "a"),
        ex("coalesce(0, 1)", "0"),
        ex("coalesce(false, true)", "False"),
        ex("coalesce(long(null), long(null))", "null"),
    ],
    differs: "",
};
