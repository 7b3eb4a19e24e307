//! `case(predicate, then, ..., else)`: the binder makes a choice of it.

use crate::prelude::*;

/// `case`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "case",
    summary: "The value behind the first condition that is true, else the last value.",
    signatures: &[sig_as(
        &[
            arg("predicate", BOOL, "A condition.").repeated(1, 32767),
            arg_of("then", Class::CommonScalarOrDynamic, "Its value.").repeated(1, 32767),
            arg_of(
                "else",
                Class::CommonScalarOrDynamic,
                "The value when none is true.",
            ),
        ],
        Returns::CommonNotDynamic,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Special,
    examples: &[
        ex("case(1 > 2, 'a', 3 > 2, 'b', 'c')", "b"),
        ex("case(1 > 2, 'a', 'c')", "c"),
    ],
    differs: "",
};
