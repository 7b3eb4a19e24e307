//! `totimespan(value)`, `totime(value)`.

use super::numbers::to_long;
use crate::prelude::*;
use kql_types::text;

/// `totimespan`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "totimespan",
    summary: "The value as timespan; null when it is none. A number counts ticks.",
    signatures: &[sig(
        &[arg_of("value", Class::Scalar, "The value to convert.")],
        TIMESPAN,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(totimespan),
    examples: &[
        ex("totimespan('0.00:01:00')", "00:01:00"),
        ex("totimespan('10')", "null"),
        ex("totimespan(10000000)", "00:00:01"),
        ex("totimespan(10.0)", "00:00:00.0000010"),
        ex("totimespan('1d')", "1.00:00:00"),
    ],
    differs: "",
};

/// `totime`
pub const TOTIME: FunctionSpec = FunctionSpec {
    name: "totime",
    summary: "The value as timespan; null when it is none.",
    signatures: &[sig(
        &[arg_of("value", Class::Scalar, "The value to convert.")],
        TIMESPAN,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(totimespan),
    examples: &[ex("totime('1d')", "1.00:00:00")],
    differs: "",
};

fn totimespan(args: &Args<'_>) -> Result<ArrayRef> {
    let a = args.any(0)?;
    long_result(args.rows, |row| to_timespan(&a.get(row)))
}

fn to_timespan(v: &DynRef<'_>) -> Option<i64> {
    match v {
        DynRef::Long(_)
        | DynRef::TimeSpan(_)
        | DynRef::DateTime(_)
        | DynRef::Bool(_)
        | DynRef::Real(_) => to_long(v),
        // A bare number is no text of a timespan.
        DynRef::String(s) if s.trim().bytes().all(|b| b.is_ascii_digit()) => None,
        DynRef::String(s) => text::parse_timespan(s),
        _ => None,
    }
}
