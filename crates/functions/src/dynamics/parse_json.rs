//! `parse_json(text)` and its other names, and `json_get`, which is `parse_json(text).a[0]` in one.

use crate::prelude::*;

/// `parse_json`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "parse_json",
    summary: "Reads a JSON text as a dynamic value. A text that is not JSON becomes a dynamic text.",
    signatures: &[sig(
        &[arg_of(
            "json_text",
            Class::StringOrDynamic,
            "A JSON text; a dynamic stays as it is.",
        )],
        DYNAMIC,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(parse_json),
    examples: &[
        ex(
            r#"parse_json('{"a":123, "b":[1, 2.5, null]}')"#,
            r#"{"a":123,"b":[1,2.5,null]}"#,
        ),
        ex("parse_json('21')", "21"),
        ex("parse_json('invalid')", "invalid"),
        ex("parse_json('')", "null"),
        ex(r#"gettype(parse_json(' "abc" '))"#, "string"),
        ex("gettype(parse_json('null'))", "null"),
    ],
    differs: "Where a name is repeated in an object the last value counts; Kusto does not document which does.",
};

/// `parsejson`
pub const OLD: FunctionSpec = FunctionSpec {
    name: "parsejson",
    summary: "The old name of `parse_json`.",
    signatures: &[sig(
        &[arg_of(
            "json_text",
            Class::StringOrDynamic,
            "A JSON text; a dynamic stays as it is.",
        )],
        DYNAMIC,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(parse_json),
    examples: &[ex("parsejson('[1]')", "[1]")],
    differs: "",
};

/// `todynamic`
pub const TODYNAMIC: FunctionSpec = FunctionSpec {
    name: "todynamic",
    summary: "The same as `parse_json` for a text; any other scalar becomes a dynamic that holds it.",
    signatures: &[sig(
        &[arg_of("value", Class::Scalar, "The value.")],
        DYNAMIC,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(parse_json),
    examples: &[ex("todynamic('[1]')", "[1]"), ex("todynamic(1.5)", "1.5")],
    differs: "",
};

/// `toobject`
pub const TOOBJECT: FunctionSpec = FunctionSpec {
    name: "toobject",
    summary: "The old name of `todynamic`.",
    signatures: &[sig(
        &[arg_of("value", Class::Scalar, "The value.")],
        DYNAMIC,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(parse_json),
    examples: &[ex("toobject('[1]')", "[1]")],
    differs: "",
};

/// `json_get`
pub const GET: FunctionSpec = FunctionSpec {
    name: "json_get",
    summary: "Returns the value at a path in a JSON text: what `parse_json(text).a[0]` is, without reading the rest.",
    signatures: &[sig(
        &[
            arg("text", STRING, "A JSON text."),
            arg_of(
                "step",
                Class::Scalar,
                "A name or a position, several times.",
            )
            .repeated(1, 1024),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(json_get),
    examples: &[
        ex(r#"parse_json('{"a":[1,{"b":"x"}]}').a[1].b"#, "x"),
        ex(r#"parse_json('{"a":1').a"#, "null"),
    ],
    differs: "",
};

use super::path::step;
use kql_types::dynamic::json::{Step, json_path};

fn parse_json(args: &Args<'_>) -> Result<ArrayRef> {
    let text = match args.any(0)? {
        Any::String(text) => text,
        Any::Dynamic(d) if !d.is_constant() => {
            return Ok(std::sync::Arc::new(d.array().clone()));
        }
        other => return dyn_result(args.rows, |row, w| w.value(other.get(row))),
    };
    let mut last = LastText::default();
    dyn_result(args.rows, |row, w| {
        last.once(&text, row, w, |text, w| {
            // Nothing is null, though it is no JSON.
            if !text.is_empty() {
                w.json_or_string(text);
            }
        });
    })
}

fn json_get(args: &Args<'_>) -> Result<ArrayRef> {
    let text = args.str(0)?;
    let keys = (1..args.len())
        .map(|i| args.any(i))
        .collect::<Result<Vec<_>>>()?;
    if args.columns.iter().skip(1).all(|c| c.constant) {
        let steps: Option<Vec<Step<'_>>> = keys.iter().map(|k| step(k.get(0))).collect();
        let mut last = LastText::default();
        return dyn_result(args.rows, |row, w| {
            if let Some(steps) = &steps {
                last.once(&text, row, w, |text, w| json_path(text, steps, w));
            }
        });
    }
    let mut steps = Vec::new();
    dyn_result(args.rows, |row, w| {
        steps.clear();
        steps.extend(keys.iter().filter_map(|k| step(k.get(row))));
        if steps.len() == keys.len() {
            json_path(text.get(row), &steps, w);
        }
    })
}

/// What the text of the row before gave: neighbours are often the same text.
#[derive(Default)]
struct LastText {
    view: Option<u128>,
    bytes: Vec<u8>,
}

impl LastText {
    fn once(
        &mut self,
        texts: &Strs<'_>,
        row: usize,
        w: &mut DynWriter,
        make: impl FnOnce(&str, &mut DynWriter),
    ) {
        let view = texts.view(row);
        if self.view == Some(view) && !texts.is_null(row) {
            w.bytes.extend_from_slice(&self.bytes);
            return;
        }
        make(texts.get(row), w);
        self.bytes.clear();
        self.bytes.extend_from_slice(&w.bytes);
        self.view = (!texts.is_null(row)).then_some(view);
    }
}
