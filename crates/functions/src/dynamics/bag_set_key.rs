//! `bag_set_key(bag, key, value)`.

use crate::prelude::*;

/// `bag_set_key`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "bag_set_key",
    summary: "Returns a bag in which a property has a new value; a path of names (`$.a.b`) sets within. Null for what is no bag.",
    signatures: &[sig(
        &[
            arg_of("bag", Class::DynamicBag, "The bag."),
            arg("key", STRING, "The name or path.").constant(),
            arg_of("value", Class::Scalar, "The new value."),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(bag_set_key),
    examples: &[
        ex(
            "bag_set_key(dynamic({'key1':1, 'key2':2}), 'key3', 3)",
            r#"{"key1":1,"key2":2,"key3":3}"#,
        ),
        ex(
            "bag_set_key(dynamic({'key1':1, 'key3':'abc'}), 'key3', 3)",
            r#"{"key1":1,"key3":3}"#,
        ),
        ex(
            "bag_set_key(dynamic({'key1':123, 'key2':{'prop1':123,'prop2':'xyz'}}), '$.key2.prop1', 'abc')",
            r#"{"key1":123,"key2":{"prop1":"abc","prop2":"xyz"}}"#,
        ),
        ex(
            "bag_set_key(dynamic({'key1':123}), '$.key2.prop1', 'abc')",
            r#"{"key1":123,"key2":{"prop1":"abc"}}"#,
        ),
        ex("bag_set_key(dynamic(null), 'a', 1)", "null"),
    ],
    differs: "A path through a property that is no bag is refused, as is one with positions: what Kusto does is not documented.",
};

use super::json_path::parse_names;
use kql_types::dynamic::BagRef;

fn bag_set_key(args: &Args<'_>) -> Result<ArrayRef> {
    let (bags, keys, values) = (args.dynamic(0)?, args.str(1)?, args.any(2)?);
    let mut last: Option<(&str, Vec<String>)> = None;
    try_dyn_result(args.rows, |row, w| {
        let key = keys.get(row);
        if last.as_ref().is_none_or(|(k, _)| *k != key) {
            let names = parse_names(key).filter(|n| !n.is_empty()).ok_or_else(|| {
                KernelError::new(format!(
                    "bag_set_key cannot set `{key}`: a key is a name or a path of names"
                ))
            })?;
            last = Some((key, names));
        }
        match (bags.get(row), &last) {
            (DynRef::Bag(bag), Some((_, names))) => set(Some(bag), names, values.get(row), w),
            _ => Ok(()),
        }
    })
}

fn set(
    bag: Option<BagRef<'_>>,
    names: &[String],
    value: DynRef<'_>,
    w: &mut DynWriter,
) -> Result<()> {
    let Some((name, rest)) = names.split_first() else {
        w.value(value);
        return Ok(());
    };
    w.begin_bag();
    let mut done = false;
    for (k, old) in bag.iter().flat_map(|b| b.raw()) {
        w.key(k);
        if k != name {
            w.raw(old);
            continue;
        }
        done = true;
        match DynRef::new(old) {
            _ if rest.is_empty() => w.value(value),
            DynRef::Bag(inner) => set(Some(inner), rest, value, w)?,
            _ => {
                return Err(KernelError::new(format!(
                    "bag_set_key cannot set a property within `{name}`, which is not a bag"
                )));
            }
        }
    }
    if !done {
        w.key(name);
        set(None, rest, value, w)?;
    }
    w.end();
    Ok(())
}
