//! `reverse(value)`: the characters from last to first.

use super::function::{SCALAR, function};
use super::texts::Texts;
use crate::prelude::*;

/// `reverse`
pub const SPEC: FunctionSpec = function(
    "reverse",
    "Returns the characters of the text in reverse order.",
    &[sig(&[SCALAR], STRING)],
    |args| {
        let source = Texts::of(args, 0)?;
        let source = source.strs()?;
        str_result(args.rows, |row, out| {
            out.extend(source.get(row).chars().rev());
        })
    },
    &[
        ex("reverse('héllo')", "olléh"),
        ex("reverse(123.45)", "54.321"),
        ex("reverse(3h)", "00:00:30"),
    ],
);
