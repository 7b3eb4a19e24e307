//! `tobool(value)`, `toboolean(value)`.

use crate::prelude::*;

/// `tobool`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "tobool",
    summary: "The value as bool; null when it is none. A number is true unless it is 0.",
    signatures: &[sig(
        &[arg_of("value", Class::Scalar, "The value to convert.")],
        BOOL,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(tobool),
    examples: &[
        ex("tobool('true')", "True"),
        ex("tobool('yes')", "null"),
        ex("tobool(2)", "True"),
        ex("tobool(' 0002 ')", "True"),
        ex("tobool(0.0)", "False"),
    ],
    differs: "",
};

/// `toboolean`
pub const TOBOOLEAN: FunctionSpec = FunctionSpec {
    name: "toboolean",
    summary: "The value as bool; null when it is none.",
    signatures: &[sig(
        &[arg_of("value", Class::Scalar, "The value to convert.")],
        BOOL,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(tobool),
    examples: &[ex("toboolean('false')", "False")],
    differs: "",
};

fn tobool(args: &Args<'_>) -> Result<ArrayRef> {
    let a = args.any(0)?;
    bool_result(args.rows, |row| to_bool(&a.get(row)))
}

/// Text is `true`, `false` or a whole number.
fn to_bool(v: &DynRef<'_>) -> Option<bool> {
    match v {
        DynRef::Bool(b) => Some(*b),
        DynRef::Long(n) => Some(*n != 0),
        DynRef::Real(x) => Some(*x != 0.0),
        DynRef::Decimal(d) => Some(*d != 0),
        DynRef::String(s) => match s.trim().to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            other => other.parse::<i64>().ok().map(|n| n != 0),
        },
        _ => None,
    }
}
