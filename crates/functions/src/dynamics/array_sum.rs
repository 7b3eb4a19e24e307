//! `array_sum(array)`.

use crate::prelude::*;

/// `array_sum`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "array_sum",
    summary: "Returns the sum of an array of numbers; null when an element is no number.",
    signatures: &[sig(
        &[arg_of("array", Class::DynamicArray, "The array.")],
        REAL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(array_sum),
    examples: &[
        ex("array_sum(dynamic([1,2,3,4]))", "10.0"),
        ex("array_sum(dynamic([1,'a']))", "null"),
    ],
    differs: "",
};

fn array_sum(args: &Args<'_>) -> Result<ArrayRef> {
    let arrays = args.dynamic(0)?;
    real_result(args.rows, |row| match arrays.get(row) {
        DynRef::Array(a) => a.iter().try_fold(0.0, |sum, item| match item {
            #[allow(clippy::cast_precision_loss)]
            DynRef::Long(n) => Some(sum + n as f64),
            DynRef::Real(x) => Some(sum + x),
            _ => None,
        }),
        _ => None,
    })
}
