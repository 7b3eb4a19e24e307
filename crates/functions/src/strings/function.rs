//! How the functions on texts are declared.

use crate::prelude::*;

/// A function that reads nulls itself: a text is never null, so most of its results are not either.
pub const fn function(
    name: &'static str,
    summary: &'static str,
    signatures: &'static [Signature],
    kernel: Kernel,
    examples: &'static [Example],
) -> FunctionSpec {
    FunctionSpec {
        name,
        summary,
        signatures,
        result_name: ResultName::None,
        nulls: Nulls::Seen,
        volatility: Volatility::Immutable,
        lower: Lower::Kernel(kernel),
        examples,
        differs: "",
    }
}

/// The same, known to differ from Kusto.
pub const fn differing(differs: &'static str, spec: FunctionSpec) -> FunctionSpec {
    FunctionSpec { differs, ..spec }
}

/// One text, of any type.
pub const SCALAR: Param = arg_of(
    "value",
    Class::Scalar,
    "The text, or any value as its text.",
);

/// A whole number argument at `i`, or `default` in every row where it is left out.
///
/// # Errors
/// None of the data's making.
pub fn optional<'a>(
    args: &Args<'a>,
    i: usize,
    default: i64,
) -> Result<Box<dyn Fn(usize) -> Option<i64> + 'a>> {
    if i < args.len() {
        args.integer(i)
    } else {
        Ok(Box::new(move |_| Some(default)))
    }
}
