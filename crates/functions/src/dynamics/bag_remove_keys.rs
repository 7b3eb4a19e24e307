//! `bag_remove_keys(bag, keys)`.

use crate::prelude::*;

/// `bag_remove_keys`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "bag_remove_keys",
    summary: "Returns a bag without some properties; a path of names (`$.a.b`) removes within.",
    signatures: &[sig(
        &[
            arg_of("bag", Class::DynamicBag, "The bag."),
            arg_of("keys", Class::DynamicArray, "The names and paths."),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(bag_remove_keys),
    examples: &[
        ex(
            "bag_remove_keys(dynamic({'key1':123, 'key2':'abc'}), dynamic(['key2', 'key4']))",
            r#"{"key1":123}"#,
        ),
        ex(
            "bag_remove_keys(dynamic({'key1':123, 'key2':{'prop1':'abc','prop2':'xyz'}, 'key3':[100,200]}), dynamic(['$.key2.prop1', 'key3']))",
            r#"{"key1":123,"key2":{"prop2":"xyz"}}"#,
        ),
    ],
    differs: "",
};

use super::json_path::parse_names;

fn bag_remove_keys(args: &Args<'_>) -> Result<ArrayRef> {
    let (bags, keys) = (args.dynamic(0)?, args.dynamic(1)?);
    let constant = keys.is_constant().then(|| paths(keys.get(0)));
    dyn_result(args.rows, |row, w| {
        let one;
        let paths = match &constant {
            Some(paths) => paths,
            None => {
                one = paths(keys.get(row));
                &one
            }
        };
        if let (DynRef::Bag(bag), Some(paths)) = (bags.get(row), paths) {
            let paths: Vec<&[String]> = paths.iter().map(Vec::as_slice).collect();
            without(bag, &paths, w);
        }
    })
}

/// The paths that an array names; texts that name none are left out.
fn paths(keys: DynRef<'_>) -> Option<Vec<Vec<String>>> {
    let DynRef::Array(keys) = keys else {
        return None;
    };
    let mut out = Vec::new();
    for key in keys.iter() {
        if let DynRef::String(s) = key {
            out.extend(parse_names(s).filter(|names| !names.is_empty()));
        }
    }
    Some(out)
}

fn without(bag: kql_types::dynamic::BagRef<'_>, paths: &[&[String]], w: &mut DynWriter) {
    w.begin_bag();
    for (name, value) in bag.raw() {
        let here: Vec<&[String]> = paths
            .iter()
            .filter_map(|p| p.split_first())
            .filter(|(first, _)| first.as_str() == name)
            .map(|(_, rest)| rest)
            .collect();
        if here.iter().any(|rest| rest.is_empty()) {
            continue;
        }
        w.key(name);
        match DynRef::new(value) {
            DynRef::Bag(inner) if !here.is_empty() => without(inner, &here, w),
            _ => w.raw(value),
        }
    }
    w.end();
}
