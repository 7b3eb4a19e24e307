//! `array_reverse(array)`.

use crate::prelude::*;

/// `array_reverse`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "array_reverse",
    summary: "Returns the elements in the opposite order.",
    signatures: &[sig(
        &[arg_of("value", Class::DynamicArray, "The array.")],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(array_reverse),
    examples: &[
        ex(
            "array_reverse(dynamic(['this', 'is', 1]))",
            r#"[1,"is","this"]"#,
        ),
        ex("array_reverse(dynamic('a'))", "null"),
    ],
    differs: "",
};

use super::elements::{from_elements, write_array};

fn array_reverse(args: &Args<'_>) -> Result<ArrayRef> {
    from_elements(args, |_, items, w| {
        write_array(items.iter().rev().copied(), w);
    })
}
