//! `bag_keys(object)` and `bag_has_key(bag, key)`.

use crate::prelude::*;

/// `bag_keys`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "bag_keys",
    summary: "Returns the names of a bag; null for what is no bag.",
    signatures: &[sig(
        &[arg_of("object", Class::DynamicBag, "The bag.")],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(bag_keys),
    examples: &[
        ex(
            "bag_keys(dynamic({'a':'b', 'c':{'d':123}}))",
            r#"["a","c"]"#,
        ),
        ex("bag_keys(dynamic({}))", "[]"),
        ex("bag_keys(dynamic([]))", "null"),
    ],
    differs: "",
};

/// `bag_has_key`
pub const HAS: FunctionSpec = FunctionSpec {
    name: "bag_has_key",
    summary: "Whether a bag has a name, or a path of names (`$.a.b`).",
    signatures: &[sig(
        &[
            arg_of("bag", Class::DynamicBag, "The bag."),
            arg("key", STRING, "The name or path."),
        ],
        BOOL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(bag_has_key),
    examples: &[
        ex(
            "bag_has_key(dynamic({'key1':123, 'key2':'abc'}), 'key2')",
            "True",
        ),
        ex("bag_has_key(dynamic({'key1':123}), 'key2')", "False"),
        ex(
            "bag_has_key(dynamic({'key2':{'prop1':'abc'}}), '$.key2.prop1')",
            "True",
        ),
    ],
    differs: "",
};

use super::json_path::parse_names;

fn bag_keys(args: &Args<'_>) -> Result<ArrayRef> {
    let bags = args.dynamic(0)?;
    dyn_result(args.rows, |row, w| {
        if let DynRef::Bag(bag) = bags.get(row) {
            w.begin_array();
            bag.raw().for_each(|(name, _)| w.string(name));
            w.end();
        }
    })
}

fn bag_has_key(args: &Args<'_>) -> Result<ArrayRef> {
    let (bags, keys) = (args.dynamic(0)?, args.str(1)?);
    let constant = keys.constant().map(parse_names);
    bool_result(args.rows, |row| {
        let one;
        let names = match &constant {
            Some(names) => names,
            None => {
                one = parse_names(keys.get(row));
                &one
            }
        };
        let Some(names) = names else {
            return Some(false);
        };
        let mut value = Some(bags.get(row));
        for name in names {
            value = value.and_then(|v| v.get(name));
        }
        Some(value.is_some())
    })
}
