//! `tolong(value)`.

use super::numbers::to_long;
use crate::prelude::*;

/// `tolong`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "tolong",
    summary: "The value as long; null when it is none. A real is cut toward zero.",
    signatures: &[sig(
        &[arg_of("value", Class::Scalar, "The value to convert.")],
        LONG,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(tolong),
    examples: &[
        ex("tolong('12')", "12"),
        ex("tolong('x')", "null"),
        ex("tolong('5.7')", "null"),
        ex("tolong('1e3')", "null"),
        ex("tolong('0x10')", "16"),
        ex("tolong(-5.7)", "-5"),
        ex("tolong(1e30)", "9223372036854775807"),
        ex("tolong(real(nan))", "null"),
        ex("tolong(1s)", "10000000"),
    ],
    differs: "",
};

fn tolong(args: &Args<'_>) -> Result<ArrayRef> {
    let a = args.any(0)?;
    long_result(args.rows, |row| to_long(&a.get(row)))
}
