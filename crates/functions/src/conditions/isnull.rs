//! `isnull(value)`, `isnotnull(value)`, `notnull(value)`.

use crate::prelude::*;

/// `isnull`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "isnull",
    summary: "True for null; a string is never null.",
    signatures: &[sig(&[arg_of("value", Class::Scalar, "The value.")], BOOL)],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(isnull),
    examples: &[ex("isnull(long(null))", "True"), ex("isnull('')", "False")],
    differs: "",
};

/// `isnotnull`
pub const ISNOTNULL: FunctionSpec = FunctionSpec {
    name: "isnotnull",
    summary: "False for null; a string is never null.",
    signatures: &[sig(&[arg_of("value", Class::Scalar, "The value.")], BOOL)],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(isnotnull),
    examples: &[
        ex("isnotnull(1)", "True"),
        ex("isnotnull(dynamic(null))", "False"),
    ],
    differs: "",
};

/// `notnull`
pub const NOTNULL: FunctionSpec = FunctionSpec {
    name: "notnull",
    summary: "The same as `isnotnull`.",
    signatures: &[sig(&[arg_of("value", Class::Scalar, "The value.")], BOOL)],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(isnotnull),
    examples: &[ex("notnull(1)", "True")],
    differs: "",
};

fn isnull(args: &Args<'_>) -> Result<ArrayRef> {
    let a = args.any(0)?;
    bool_result(args.rows, |row| Some(a.get(row).is_null()))
}

fn isnotnull(args: &Args<'_>) -> Result<ArrayRef> {
    let a = args.any(0)?;
    bool_result(args.rows, |row| Some(!a.get(row).is_null()))
}
