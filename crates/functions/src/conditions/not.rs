//! `not(expression)`: the binder makes an operator of it.

use crate::prelude::*;

/// `not`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "not",
    summary: "The other truth; null stays null.",
    signatures: &[sig(&[arg("expression", BOOL, "A bool.")], BOOL)],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Special,
    examples: &[ex("not(true)", "False"), ex("not(bool(null))", "null")],
    differs: "",
};
