//! `gettype(value)`: the type of a value, and of what a dynamic holds.

use crate::prelude::*;

/// `gettype`
pub const GETTYPE: FunctionSpec = FunctionSpec {
    name: "gettype",
    summary: "The name of the value's type; for a dynamic that of what it holds.",
    signatures: &[sig(&[arg_of("value", Class::Scalar, "The value.")], STRING)],
    result_name: ResultName::Prefix("type"),
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(gettype),
    examples: &[
        ex("gettype('x')", "string"),
        ex("gettype(1)", "long"),
        ex("gettype(dynamic([1]))", "array"),
        ex("gettype(dynamic({}))", "dictionary"),
        ex("gettype(dynamic(1.5))", "double"),
        ex("gettype(dynamic(null))", "null"),
    ],
    differs: "",
};

fn gettype(args: &Args<'_>) -> Result<ArrayRef> {
    let ty = args.ty(0);
    if ty != DYNAMIC {
        return str_ref_result(args.rows, |_| ty.name());
    }
    let a = args.dynamic(0)?;
    str_ref_result(args.rows, |r| match a.get(r) {
        DynRef::Null => "null",
        DynRef::Bool(_) => "bool",
        DynRef::Long(_) => "long",
        DynRef::Real(_) => "double",
        DynRef::Decimal(_) => "decimal",
        DynRef::String(_) => "string",
        DynRef::DateTime(_) => "datetime",
        DynRef::TimeSpan(_) => "timespan",
        DynRef::Guid(_) => "guid",
        DynRef::Array(_) => "array",
        DynRef::Bag(_) => "dictionary",
    })
}
