//! `toreal(value)`, `todouble(value)`.

use super::numbers::to_real;
use crate::prelude::*;

/// `toreal`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "toreal",
    summary: "The value as real; null when it is none.",
    signatures: &[sig(
        &[arg_of("value", Class::Scalar, "The value to convert.")],
        REAL,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(toreal),
    examples: &[
        ex("toreal('1.5')", "1.5"),
        ex("toreal('1e3')", "1000.0"),
        ex("toreal('1,000')", "null"),
        ex("toreal(true)", "1.0"),
    ],
    differs: "",
};

/// `todouble`
pub const TODOUBLE: FunctionSpec = FunctionSpec {
    name: "todouble",
    summary: "The value as real; null when it is none.",
    signatures: &[sig(
        &[arg_of("value", Class::Scalar, "The value to convert.")],
        REAL,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(toreal),
    examples: &[ex("todouble('1.5')", "1.5"), ex("todouble('')", "null")],
    differs: "",
};

fn toreal(args: &Args<'_>) -> Result<ArrayRef> {
    let a = args.any(0)?;
    real_result(args.rows, |row| to_real(&a.get(row)))
}
