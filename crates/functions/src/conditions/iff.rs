//! `iff(if, then, else)`, `iif(if, then, else)`: the binder makes a choice of it.

use crate::prelude::*;

const IFF: &[Signature] = &[sig_as(
    &[
        arg("if", BOOL, "The condition."),
        arg_of(
            "then",
            Class::CommonScalarOrDynamic,
            "The value when it is true.",
        ),
        arg_of(
            "else",
            Class::CommonScalarOrDynamic,
            "The value when it is not.",
        ),
    ],
    Returns::CommonNotDynamic,
)];

/// `iff`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "iff",
    summary: "The first value when the condition is true, else the second.",
    signatures: IFF,
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Special,
    examples: &[
        ex("iff(1 > 2, 'a', 'b')", "b"),
        ex("iff(bool(null), 'a', 'b')", "b"),
    ],
    differs: "",
};

/// `iif`
pub const IIF: FunctionSpec = FunctionSpec {
    name: "iif",
    summary: "The same as `iff`.",
    signatures: IFF,
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Special,
    examples: &[ex("iif(2 > 1, 'a', 'b')", "a")],
    differs: "",
};
