//! `replace_string(text, lookup, rewrite)`: every occurrence of a text replaced.

use super::function::function;
use crate::prelude::*;
use memchr::memmem;

/// `replace_string`
pub const SPEC: FunctionSpec = function(
    "replace_string",
    "Replaces every occurrence of a text. Occurrences do not overlap.",
    &[sig(
        &[
            arg("text", STRING, "The text to search in."),
            arg("lookup", STRING, "What to replace."),
            arg("rewrite", STRING, "What to put in its place."),
        ],
        STRING,
    )],
    replace,
    &[
        ex(
            "replace_string('a cat, a cat', 'cat', 'dog')",
            "a dog, a dog",
        ),
        ex("replace_string('aaa', 'aa', 'b')", "ba"),
        ex("replace_string('abc', '', 'x')", "abc"),
    ],
);

fn replace(args: &Args<'_>) -> Result<ArrayRef> {
    let (text, lookup, rewrite) = (args.str(0)?, args.str(1)?, args.str(2)?);
    let finder = lookup.constant().map(|t| memmem::Finder::new(t.as_bytes()));
    str_result(args.rows, |row, out| {
        let (text, needle) = (text.get(row), lookup.get(row));
        if needle.is_empty() {
            out.push_str(text);
            return;
        }
        let mut done = 0;
        loop {
            let rest = text.get(done..).unwrap_or_default();
            let found = match &finder {
                Some(f) => f.find(rest.as_bytes()),
                None => rest.find(needle),
            };
            let Some(at) = found else {
                out.push_str(rest);
                return;
            };
            out.push_str(rest.get(..at).unwrap_or_default());
            out.push_str(rewrite.get(row));
            done += at + needle.len();
        }
    })
}
