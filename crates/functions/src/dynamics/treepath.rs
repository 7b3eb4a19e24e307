//! `treepath(object)`.

use crate::prelude::*;

/// `treepath`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "treepath",
    summary: "Returns the paths to all properties within a value; of an array all elements count as its first.",
    signatures: &[sig(
        &[arg_of("object", Class::DynamicBag, "The value.")],
        DYNAMIC,
    )],
    result_name: ResultName::Prefix("tree"),
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(treepath),
    examples: &[
        ex(
            r#"treepath(parse_json('{"a":"b", "c":123}'))"#,
            r#"["['a']","['c']"]"#,
        ),
        ex(
            r#"treepath(parse_json('{"prop1":[1,2,3,4], "prop2":"value2"}'))"#,
            r#"["['prop1']","['prop1'][0]","['prop2']"]"#,
        ),
        ex(
            r#"treepath(parse_json('{"listProperty":[100,200,300,"abcde",{"x":"y"}]}'))"#,
            r#"["['listProperty']","['listProperty'][0]","['listProperty'][0]['x']"]"#,
        ),
    ],
    differs: "",
};

fn treepath(args: &Args<'_>) -> Result<ArrayRef> {
    let values = args.dynamic(0)?;
    dyn_result(args.rows, |row, w| {
        let value = values.get(row);
        if !matches!(value, DynRef::Bag(_) | DynRef::Array(_)) {
            return;
        }
        let mut paths = Vec::new();
        walk(value, &mut String::new(), &mut paths);
        w.begin_array();
        paths.iter().for_each(|p| w.string(p));
        w.end();
    })
}

fn walk(value: DynRef<'_>, path: &mut String, paths: &mut Vec<String>) {
    let len = path.len();
    let found = |path: &str, paths: &mut Vec<String>| {
        if !paths.iter().any(|p| p == path) {
            paths.push(path.to_owned());
        }
    };
    match value {
        DynRef::Bag(bag) => {
            for (name, inner) in bag.iter() {
                path.push_str("['");
                path.push_str(name);
                path.push_str("']");
                found(path, paths);
                walk(inner, path, paths);
                path.truncate(len);
            }
        }
        DynRef::Array(array) if !array.is_empty() => {
            path.push_str("[0]");
            found(path, paths);
            for inner in array.iter() {
                walk(inner, path, paths);
            }
            path.truncate(len);
        }
        _ => {}
    }
}
