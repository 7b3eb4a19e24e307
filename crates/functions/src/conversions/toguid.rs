//! `toguid(value)`.

use crate::prelude::*;
use kql_types::text;

/// `toguid`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "toguid",
    summary: "The value as guid; null when it is none.",
    signatures: &[sig(
        &[arg_of("value", Class::Scalar, "The value to convert.")],
        GUID,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(toguid),
    examples: &[
        ex(
            "toguid('70fc66f7-8279-44fc-9092-d364d70fce44')",
            "70fc66f7-8279-44fc-9092-d364d70fce44",
        ),
        ex(
            "toguid('0123456789abcdef0123456789abcdef')",
            "01234567-89ab-cdef-0123-456789abcdef",
        ),
        ex(
            "toguid('0123456789ab-cdef-0123-456789abcdef')",
            "01234567-89ab-cdef-0123-456789abcdef",
        ),
        ex("toguid('x')", "null"),
    ],
    differs: "",
};

fn toguid(args: &Args<'_>) -> Result<ArrayRef> {
    let a = args.any(0)?;
    guid_result(args.rows, |row| to_guid(&a.get(row)))
}

fn to_guid(v: &DynRef<'_>) -> Option<[u8; 16]> {
    match v {
        DynRef::Guid(g) => Some(*g),
        // Hyphens may stand elsewhere too: the reference shows a text with three of them.
        DynRef::String(s) => text::parse_guid(s).or_else(|| text::parse_guid(&s.replace('-', ""))),
        _ => None,
    }
}
