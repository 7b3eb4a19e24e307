//! `tostring(value)`.

use crate::prelude::*;
use kql_types::dynamic::json::write_json;
use kql_types::text;

/// `tostring`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "tostring",
    summary: "The value as text; a null is \"\".",
    signatures: &[sig(
        &[arg_of("value", Class::Scalar, "The value to convert.")],
        STRING,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(tostring),
    examples: &[
        ex("tostring(5)", "5"),
        ex("tostring(true)", "True"),
        ex("tostring(dynamic(true))", "true"),
        ex("tostring(6.0)", "6.0"),
        ex("tostring(dynamic([1,2]))", "[1,2]"),
        ex("tostring(long(null))", ""),
    ],
    differs: "",
};

fn tostring(args: &Args<'_>) -> Result<ArrayRef> {
    let a = args.any(0)?;
    let scalar = args.ty(0) != DYNAMIC;
    str_result(args.rows, |r, out| write_text(a.get(r), scalar, out))
}

/// As text, behind what stands in `out`; `scalar` says that a bool is a column's and not a dynamic's.
pub fn write_text(v: DynRef<'_>, scalar: bool, out: &mut String) {
    match v {
        DynRef::Null => {}
        DynRef::Bool(b) if scalar => out.push_str(if b { "True" } else { "False" }),
        DynRef::Bool(b) => out.push_str(if b { "true" } else { "false" }),
        DynRef::Long(n) => out.push_str(itoa::Buffer::new().format(n)),
        DynRef::Real(x) => out.push_str(&text::format_real(x)),
        DynRef::Decimal(d) => out.push_str(&text::format_decimal(d)),
        DynRef::String(s) => out.push_str(s),
        DynRef::DateTime(t) => out.push_str(&text::format_datetime_iso(t)),
        DynRef::TimeSpan(t) => out.push_str(&text::format_timespan(t)),
        DynRef::Guid(g) => out.push_str(&text::format_guid(&g)),
        v => write_json(v, out),
    }
}
