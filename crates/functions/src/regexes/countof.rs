//! `countof(source, search [, kind])`: how often a text or a regular expression is in a text.

use super::pattern::Patterns;
use crate::prelude::*;
use crate::strings::function::function;
use memchr::memmem;

/// `countof`
pub const SPEC: FunctionSpec = function(
    "countof",
    "Counts the occurrences of a text, which may overlap, or the matches of a regular expression, which do not.",
    &[sig(
        &[
            arg("source", STRING, "The text to search in."),
            arg("search", STRING, "What to count."),
            arg("kind", STRING, "`normal` (the default) or `regex`.")
                .optional()
                .literal()
                .one_of(&["normal", "regex"]),
        ],
        LONG,
    )],
    countof,
    &[
        ex("countof('aaaa', 'aa')", "3"),
        ex("countof('ababa', 'aba', 'regex')", "1"),
        ex("countof('abcabc', 'a.c', 'regex')", "2"),
        ex("countof('AAAA', 'aa')", "0"),
        ex("countof('abc', '')", "0"),
    ],
);

fn countof(args: &Args<'_>) -> Result<ArrayRef> {
    let (source, search) = (args.str(0)?, args.str(1)?);
    let kind = if args.len() > 2 {
        args.str(2)?.constant().unwrap_or("normal")
    } else {
        "normal"
    };
    match kind.to_ascii_lowercase().as_str() {
        "normal" => {
            let finder = search.constant().map(|t| memmem::Finder::new(t.as_bytes()));
            long_result(args.rows, |row| {
                let needle = search.get(row).as_bytes();
                let mut rest = source.get(row).as_bytes();
                if needle.is_empty() {
                    return Some(0);
                }
                let mut n = 0;
                while let Some(at) = match &finder {
                    Some(f) => f.find(rest),
                    None => memmem::find(rest, needle),
                } {
                    n += 1;
                    rest = rest.get(at + 1..).unwrap_or_default();
                }
                Some(n)
            })
        }
        "regex" => {
            let mut patterns = Patterns::new(search)?;
            try_long_result(args.rows, |row| {
                let n = patterns.get(row)?.find_iter(source.get(row)).count();
                Ok(i64::try_from(n).ok())
            })
        }
        other => Err(KernelError::new(format!(
            "`countof` requires `normal` or `regex` as its kind: `{other}` found"
        ))),
    }
}
