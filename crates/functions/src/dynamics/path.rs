//! `value.key`, `value["key"]`, `value[index]`: what the binder makes of paths into a dynamic.

use crate::prelude::*;

/// `dynamic_get`
pub const GET: FunctionSpec = FunctionSpec {
    name: "dynamic_get",
    summary: "Returns the property of a bag: what `bag.key` and `bag['key']` are. Null when there is none.",
    signatures: &[sig(
        &[
            arg("value", DYNAMIC, "The bag."),
            arg("key", STRING, "The name."),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(dynamic_get),
    examples: &[
        ex("dynamic({'a':1}).a", "1"),
        ex("dynamic({'a':{'b c':[1]}}).a['b c']", "[1]"),
        ex("dynamic({'a':1}).zz", "null"),
        ex("dynamic([1]).a", "null"),
    ],
    differs: "",
};

/// `dynamic_at`
pub const AT: FunctionSpec = FunctionSpec {
    name: "dynamic_at",
    summary: "Returns the element of an array: what `array[index]` is. Negative positions count from the end. Null when there is none.",
    signatures: &[sig(
        &[
            arg("value", DYNAMIC, "The array."),
            arg("index", LONG, "The position."),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(dynamic_at),
    examples: &[
        ex("dynamic([1,2,3])[1]", "2"),
        ex("dynamic([1,2,3])[-1]", "3"),
        ex("dynamic([1])[9]", "null"),
        ex("dynamic({'a':1})[0]", "null"),
    ],
    differs: "",
};

/// `[]`
pub const INDEX: FunctionSpec = FunctionSpec {
    name: "[]",
    summary: "Returns what `value[key]` is when the type of the key is only known row by row: a text picks a property, an integer or bool an element.",
    signatures: &[sig(
        &[
            arg("value", DYNAMIC, "A bag or an array."),
            arg_of("key", Class::Scalar, "A name or a position."),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(dynamic_index),
    examples: &[
        ex("dynamic({'a':1})[tostring(dynamic('a'))]", "1"),
        ex("dynamic([5,6])[toint('1')]", "6"),
    ],
    differs: "",
};

use super::sub_value::sub_value_result;
use kql_types::dynamic::json::Step;

fn property<'a>(value: &'a [u8], key: &str) -> Option<&'a [u8]> {
    match DynRef::new(value) {
        DynRef::Bag(bag) => bag.get_raw(key),
        _ => None,
    }
}

fn element(value: &[u8], index: i64) -> Option<&[u8]> {
    let DynRef::Array(array) = DynRef::new(value) else {
        return None;
    };
    let i = if index < 0 {
        index.checked_add(i64::try_from(array.len()).ok()?)?
    } else {
        index
    };
    array.raw().nth(usize::try_from(i).ok()?)
}

fn dynamic_get(args: &Args<'_>) -> Result<ArrayRef> {
    let (values, keys) = (args.dynamic(0)?, args.str(1)?);
    sub_value_result(values, args.rows, |row, value| {
        property(value, keys.get(row))
    })
}

fn dynamic_at(args: &Args<'_>) -> Result<ArrayRef> {
    let (values, index) = (args.dynamic(0)?, args.integer(1)?);
    sub_value_result(values, args.rows, |row, value| element(value, index(row)?))
}

fn dynamic_index(args: &Args<'_>) -> Result<ArrayRef> {
    let (values, keys) = (args.dynamic(0)?, args.any(1)?);
    sub_value_result(values, args.rows, |row, value| match step(keys.get(row))? {
        Step::Key(k) => property(value, k),
        Step::Index(i) => element(value, i),
    })
}

/// The step that a key is.
pub fn step(key: DynRef<'_>) -> Option<Step<'_>> {
    match key {
        DynRef::String(s) => Some(Step::Key(s)),
        DynRef::Long(n) => Some(Step::Index(n)),
        DynRef::Bool(b) => Some(Step::Index(i64::from(b))),
        _ => None,
    }
}
