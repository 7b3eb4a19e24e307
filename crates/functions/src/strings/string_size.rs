//! `string_size(source)`: how many bytes a text takes in UTF-8.

use super::function::function;
use super::texts::Texts;
use crate::prelude::*;

/// `string_size`
pub const SPEC: FunctionSpec = FunctionSpec {
    result_name: ResultName::Prefix("string_size"),
    ..function(
        "string_size",
        "Returns how many bytes the text takes in UTF-8.",
        &[sig(
            &[arg_of("source", Class::StringOrDynamic, "The text.")],
            LONG,
        )],
        |args| {
            let source = Texts::of(args, 0)?;
            let source = source.strs()?;
            long_result(args.rows, |row| i64::try_from(source.get(row).len()).ok())
        },
        &[
            ex("string_size('hello')", "5"),
            ex("string_size('⒦⒰')", "6"),
        ],
    )
};
