//! An argument that is a text or a dynamic, read as a text.

use crate::prelude::*;
use kql_types::dynamic::json::to_text;

/// The text of the row; that of a dynamic is made in `scratch`.
pub fn text_of<'t>(argument: &Any<'t>, row: usize, scratch: &'t mut String) -> &'t str {
    match argument {
        Any::String(s) => s.get(row),
        other => {
            scratch.clear();
            to_text(other.get(row), scratch);
            scratch
        }
    }
}

/// Every text of a list of arguments at a row: a dynamic array counts as its elements.
pub fn each_text<'a>(arguments: &[Any<'a>], row: usize, mut f: impl FnMut(&str)) {
    for argument in arguments {
        match argument.get(row) {
            DynRef::Array(items) => {
                for item in items.iter() {
                    if let DynRef::String(s) = item {
                        f(s);
                    }
                }
            }
            DynRef::String(s) => f(s),
            _ => {}
        }
    }
}

/// Whether none of the arguments from `first` on is a column.
pub fn constant_from(args: &Args<'_>, first: usize) -> bool {
    args.columns.iter().skip(first).all(|c| c.constant)
}
