//! `array_iff(condition_array, when_true, when_false)`.

use crate::prelude::*;

/// `array_iff`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "array_iff",
    summary: "Takes each element from one of two arrays (or values), as the condition at its place says.",
    signatures: &[sig(
        &[
            arg_of(
                "condition_array",
                Class::DynamicArray,
                "Bools or numbers; a number is true unless 0.",
            ),
            arg_of(
                "when_true",
                Class::Scalar,
                "An array, or one value for all.",
            ),
            arg_of(
                "when_false",
                Class::Scalar,
                "An array, or one value for all.",
            ),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(array_iff),
    examples: &[
        ex(
            "array_iff(dynamic([true,false,true]), dynamic([1,2,3]), dynamic([4,5,6]))",
            "[1,5,3]",
        ),
        ex(
            "array_iff(dynamic([1,0,50]), 'yes', 'no')",
            r#"["yes","no","yes"]"#,
        ),
        ex(
            "array_iff(dynamic(['some text', null]), 1, 0)",
            "[null,null]",
        ),
        ex(
            "array_iff(dynamic([true,true]), dynamic([1]), dynamic([2]))",
            "[1,null]",
        ),
    ],
    differs: "",
};

/// `array_iif`
pub const IIF: FunctionSpec = FunctionSpec {
    name: "array_iif",
    summary: "The same as `array_iff`.",
    signatures: &[sig(
        &[
            arg_of(
                "condition_array",
                Class::DynamicArray,
                "Bools or numbers; a number is true unless 0.",
            ),
            arg_of(
                "when_true",
                Class::Scalar,
                "An array, or one value for all.",
            ),
            arg_of(
                "when_false",
                Class::Scalar,
                "An array, or one value for all.",
            ),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(array_iff),
    examples: &[ex("array_iif(dynamic([true,false]), 1, 0)", "[1,0]")],
    differs: "",
};

use super::elements::{from_elements, take_apart};

fn array_iff(args: &Args<'_>) -> Result<ArrayRef> {
    let (yes, no) = (args.any(1)?, args.any(2)?);
    let (mut yes_items, mut no_items) = (Vec::new(), Vec::new());
    from_elements(args, |row, items, w| {
        let (yes, no) = (yes.get(row), no.get(row));
        let yes_many = take_apart(yes, &mut yes_items);
        let no_many = take_apart(no, &mut no_items);
        w.begin_array();
        for (i, item) in items.iter().enumerate() {
            let (one, many, all) = match DynRef::new(item) {
                DynRef::Bool(true) => (yes, yes_many, &yes_items),
                DynRef::Bool(false) => (no, no_many, &no_items),
                DynRef::Long(n) if n != 0 => (yes, yes_many, &yes_items),
                DynRef::Long(_) => (no, no_many, &no_items),
                DynRef::Real(x) if x != 0.0 => (yes, yes_many, &yes_items),
                DynRef::Real(_) => (no, no_many, &no_items),
                _ => {
                    w.null();
                    continue;
                }
            };
            match (many, all.get(i)) {
                (true, Some(item)) => w.raw(item),
                (true, None) => w.null(),
                (false, _) => w.value(one),
            }
        }
        w.end();
    })
}
