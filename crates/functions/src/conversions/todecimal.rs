//! `todecimal(value)`.

use crate::prelude::*;
use kql_types::{DECIMAL_SCALE, text};

/// `todecimal`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "todecimal",
    summary: "The value as decimal; null when it is none.",
    signatures: &[sig(
        &[arg_of("value", Class::Scalar, "The value to convert.")],
        DECIMAL,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(todecimal),
    examples: &[
        ex("todecimal('1.50')", "1.5"),
        ex("todecimal('x')", "null"),
        ex("todecimal(7)", "7"),
    ],
    differs: "",
};

fn todecimal(args: &Args<'_>) -> Result<ArrayRef> {
    let a = args.any(0)?;
    decimal_result(args.rows, |row| to_decimal(&a.get(row)))
}

fn to_decimal(v: &DynRef<'_>) -> Option<i128> {
    match v {
        DynRef::Bool(b) => Some(i128::from(*b) * 10i128.pow(DECIMAL_SCALE)),
        DynRef::Long(n) => Some(i128::from(*n) * 10i128.pow(DECIMAL_SCALE)),
        DynRef::Real(x) => text::parse_decimal(&format!("{x}")),
        DynRef::Decimal(d) => Some(*d),
        DynRef::String(s) => text::parse_decimal(s),
        _ => None,
    }
}
