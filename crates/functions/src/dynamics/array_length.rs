//! `array_length(array)`.

use crate::prelude::*;

/// `array_length`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "array_length",
    summary: "Returns how many elements an array has; null for what is no array.",
    signatures: &[sig(
        &[arg_of("array", Class::DynamicArray, "The array.")],
        LONG,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(array_length),
    examples: &[
        ex("array_length(dynamic([1, 2, 3, 'four']))", "4"),
        ex("array_length(dynamic([]))", "0"),
        ex("array_length(dynamic({'a':1}))", "null"),
    ],
    differs: "",
};

/// `arraylength`
pub const OLD: FunctionSpec = FunctionSpec {
    name: "arraylength",
    summary: "The old name of `array_length`.",
    signatures: &[sig(
        &[arg_of("array", Class::DynamicArray, "The array.")],
        LONG,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(array_length),
    examples: &[ex("arraylength(dynamic([1, 2]))", "2")],
    differs: "",
};

fn array_length(args: &Args<'_>) -> Result<ArrayRef> {
    let arrays = args.dynamic(0)?;
    long_result(args.rows, |row| match arrays.get(row) {
        DynRef::Array(a) => i64::try_from(a.len()).ok(),
        _ => None,
    })
}
