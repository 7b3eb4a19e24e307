//! `extract_json(path, text, type)`.

use crate::prelude::*;

/// `extract_json`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "extract_json",
    summary: "Returns the value at a path in a JSON text, as a text or converted to a type.",
    signatures: &[
        sig(
            &[
                arg("jsonPath", STRING, "The path.").constant(),
                arg("jsonText", STRING, "A JSON text."),
            ],
            STRING,
        ),
        sig_as(
            &[
                arg("jsonPath", STRING, "The path.").constant(),
                arg("jsonText", STRING, "A JSON text."),
                arg_of(
                    "type",
                    Class::TypeLiteral,
                    "What the value is converted to.",
                )
                .literal(),
            ],
            Returns::TypeLiteral(2),
        ),
    ],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(extract_json),
    examples: &[
        ex(
            r#"extract_json('$.name', '{"name": "John", "age": 30}')"#,
            "John",
        ),
        ex(
            r#"extract_json('$.age', '{"name": "John", "age": 30}', typeof(long))"#,
            "30",
        ),
        ex(
            r#"extract_json("$.a['b c'][1]", '{"a":{"b c":[1,{"x":2}]}}')"#,
            r#"{"x":2}"#,
        ),
    ],
    differs: "",
};

/// `extractjson`
pub const OLD: FunctionSpec = FunctionSpec {
    name: "extractjson",
    summary: "The same as `extract_json`.",
    signatures: &[
        sig(
            &[
                arg("jsonPath", STRING, "The path.").constant(),
                arg("jsonText", STRING, "A JSON text."),
            ],
            STRING,
        ),
        sig_as(
            &[
                arg("jsonPath", STRING, "The path.").constant(),
                arg("jsonText", STRING, "A JSON text."),
                arg_of(
                    "type",
                    Class::TypeLiteral,
                    "What the value is converted to.",
                )
                .literal(),
            ],
            Returns::TypeLiteral(2),
        ),
    ],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(extract_json),
    examples: &[ex(r#"extractjson('$.a', '{"a":"x"}')"#, "x")],
    differs: "",
};

use super::json_path::{borrowed, parse_path};
use kql_types::dynamic::json::{json_path, to_text};

fn extract_json(args: &Args<'_>) -> Result<ArrayRef> {
    let (paths, texts) = (args.str(0)?, args.str(1)?);
    let Some(path) = paths.constant() else {
        return Err(KernelError::new(
            "the path of extract_json is not a constant",
        ));
    };
    let steps = parse_path(path)?;
    let steps = borrowed(&steps);
    if args.returns == Type::String {
        let mut w = DynWriter::new();
        return str_result(args.rows, |row, out| {
            w.clear();
            json_path(texts.get(row), &steps, &mut w);
            to_text(DynRef::new(&w.bytes), out);
        });
    }
    let values = dyn_result(args.rows, |row, w| json_path(texts.get(row), &steps, w))?;
    if args.returns == Type::Dynamic {
        return Ok(values);
    }
    let converter = format!("to{}", args.returns.name());
    match crate::catalog::find(&converter) {
        Some(FunctionSpec {
            lower: Lower::Kernel(kernel),
            nulls,
            ..
        }) => crate::catalog::call(
            *kernel,
            *nulls,
            &Args {
                columns: &[Column::new(values, Type::Dynamic)],
                rows: args.rows,
                returns: args.returns,
            },
        ),
        _ => Err(KernelError::new(format!(
            "extract_json to {} is not supported",
            args.returns
        ))),
    }
}
