//! `dynamic_to_json(value)`.

use crate::prelude::*;

/// `dynamic_to_json`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "dynamic_to_json",
    summary: "Returns a JSON text in which the names of bags are sorted, so that equal values give equal texts.",
    signatures: &[sig(
        &[arg_of("dynamic", Class::Scalar, "The value.")],
        STRING,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(dynamic_to_json),
    examples: &[
        ex(
            "dynamic_to_json(dynamic({'b':[1,{'z':1,'y':2}],'a':{}}))",
            r#"{"a":{},"b":[1,{"y":2,"z":1}]}"#,
        ),
        ex("dynamic_to_json(1.5)", "1.5"),
    ],
    differs: "",
};

use kql_types::dynamic::json::{to_text, write_json, write_quoted};

fn dynamic_to_json(args: &Args<'_>) -> Result<ArrayRef> {
    let values = args.any(0)?;
    if let Any::Bool(b) = values {
        return str_ref_result(args.rows, |row| match b.get(row) {
            Some(true) => "True",
            Some(false) => "False",
            None => "",
        });
    }
    str_result(args.rows, |row, out| match values.get(row) {
        v @ (DynRef::Array(_) | DynRef::Bag(_)) => canonical(v, out),
        v => to_text(v, out),
    })
}

fn canonical(v: DynRef<'_>, out: &mut String) {
    match v {
        DynRef::Array(a) => {
            out.push('[');
            for (i, item) in a.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                canonical(item, out);
            }
            out.push(']');
        }
        DynRef::Bag(b) => {
            let mut items: Vec<_> = b.iter().collect();
            items.sort_by(|x, y| x.0.cmp(y.0));
            out.push('{');
            for (i, (name, item)) in items.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_quoted(name, out);
                out.push(':');
                canonical(item, out);
            }
            out.push('}');
        }
        other => write_json(other, out),
    }
}
