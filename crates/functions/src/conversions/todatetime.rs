//! `todatetime(value)`.

use crate::prelude::*;
use kql_types::text;

/// `todatetime`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "todatetime",
    summary: "The value as datetime; null when it is none. Months come before days.",
    signatures: &[sig(
        &[arg_of("value", Class::Scalar, "The value to convert.")],
        DATETIME,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(todatetime),
    examples: &[
        ex("todatetime('12-02-2022')", "2022-12-02T00:00:00.0000000Z"),
        ex("todatetime('13-01-2022')", "null"),
        ex(
            "todatetime('2022-12-02T13:45:56+02:00')",
            "2022-12-02T11:45:56.0000000Z",
        ),
        ex("todatetime('')", "null"),
    ],
    differs: "",
};

fn todatetime(args: &Args<'_>) -> Result<ArrayRef> {
    let a = args.any(0)?;
    long_result(args.rows, |row| to_datetime(&a.get(row)))
}

/// A number counts ticks since 0001-01-01.
fn to_datetime(v: &DynRef<'_>) -> Option<i64> {
    let ticks = match v {
        DynRef::DateTime(t) | DynRef::Long(t) => Some(*t),
        DynRef::String(s) => text::parse_datetime(s),
        _ => None,
    };
    ticks.filter(|t| (0..=text::datetime::MAX).contains(t))
}
