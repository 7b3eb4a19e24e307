//! `toint(value)`.

use super::numbers::to_int;
use crate::prelude::*;

/// `toint`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "toint",
    summary: "The value as int; null when it is none. A real is cut toward zero, of a long the low 32 bits stay.",
    signatures: &[sig(
        &[arg_of("value", Class::Scalar, "The value to convert.")],
        INT,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(toint),
    examples: &[
        ex("toint(1.9)", "1"),
        ex("toint(-1.9)", "-1"),
        ex("toint(' 7 ')", "7"),
        ex("toint('2147483648')", "null"),
        ex("toint(2147483648)", "-2147483648"),
        ex("toint(1e10)", "2147483647"),
        ex("toint('1.5')", "null"),
        ex("toint(true)", "1"),
    ],
    differs: "",
};

fn toint(args: &Args<'_>) -> Result<ArrayRef> {
    let a = args.any(0)?;
    int_result(args.rows, |row| to_int(&a.get(row)))
}
