//! `isascii(value)`, `isutf8(value)`.

use super::function::{SCALAR, function};
use super::texts::Texts;
use crate::operators::text_search::bools;
use crate::prelude::*;

/// `isascii`
pub const IS_ASCII: FunctionSpec = function(
    "isascii",
    "True when the text has ASCII characters only.",
    &[sig(&[SCALAR], BOOL)],
    |args| {
        let source = Texts::of(args, 0)?;
        let source = source.strs()?;
        Ok(bools(args.rows, |row| source.get(row).is_ascii()))
    },
    &[
        ex("isascii('some string')", "True"),
        ex("isascii('é')", "False"),
    ],
);

/// `isutf8`
pub const IS_UTF8: FunctionSpec = function(
    "isutf8",
    "True when the text is UTF-8, which every text here is.",
    &[sig(&[SCALAR], BOOL)],
    |args| Ok(bools(args.rows, |_| true)),
    &[ex("isutf8('some string')", "True")],
);
