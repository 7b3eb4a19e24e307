//! `isempty(value)`, `isnotempty(value)`: whether there is any text.

use super::function::{SCALAR, function};
use crate::operators::text_search::bools;
use crate::prelude::*;
use arrow::array::Array;

const SIGNATURES: &[Signature] = &[sig(&[SCALAR], BOOL)];

/// `isempty`
pub const IS_EMPTY: FunctionSpec = function(
    "isempty",
    "True when the value is null or its text is empty.",
    SIGNATURES,
    |args| ask(args, true),
    &[
        ex("isempty('')", "True"),
        ex("isempty(' ')", "False"),
        ex("isempty(long(null))", "True"),
        ex("isempty(dynamic([]))", "False"),
    ],
);

/// `isnotempty`
pub const IS_NOT_EMPTY: FunctionSpec = function(
    "isnotempty",
    "True when the value is not null and its text is not empty.",
    SIGNATURES,
    |args| ask(args, false),
    &[
        ex("isnotempty('abc')", "True"),
        ex("isnotempty(dynamic(''))", "False"),
    ],
);

/// `notempty`
pub const NOT_EMPTY: FunctionSpec = function(
    "notempty",
    "The same as `isnotempty`.",
    SIGNATURES,
    |args| ask(args, false),
    &[ex("notempty('abc')", "True")],
);

fn ask(args: &Args<'_>, want: bool) -> Result<ArrayRef> {
    Ok(match args.any(0)? {
        Any::String(c) => match c.constant() {
            Some(text) => bools(args.rows, |_| text.is_empty() == want),
            None => {
                let array = c.array();
                let nulls = array.nulls().filter(|n| n.null_count() > 0);
                bools(args.rows, |row| {
                    // The lower four bytes of a view are the length.
                    let empty = array.views().get(row).is_none_or(|v| v << 96 == 0)
                        || nulls.is_some_and(|n| n.is_null(row));
                    empty == want
                })
            }
        },
        Any::Dynamic(c) => bools(args.rows, |row| {
            matches!(c.get(row), DynRef::Null | DynRef::String("")) == want
        }),
        other => bools(args.rows, |row| other.get(row).is_null() == want),
    })
}
