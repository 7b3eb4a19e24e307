//! `trim(regex, source)`, `trim_start`, `trim_end`: one match at an end removed.
//!
//! The pattern is put between brackets beside the anchor as text, so `a)|(b` is what it looks like; that is what the real
//! engine does. `trim` removes at the end first.

use crate::prelude::*;
use crate::strings::function::function;
use regex::Regex;
use std::sync::Arc;

const SIGNATURES: &[Signature] = &[sig(
    &[
        arg("regex", STRING, "The regular expression of what to remove.").constant(),
        arg("source", STRING, "The text."),
    ],
    STRING,
)];

/// `trim`
pub const TRIM: FunctionSpec = function(
    "trim",
    "Removes a match of a regular expression at the beginning of a text, and one at its end.",
    SIGNATURES,
    |args| trim(args, true, true),
    &[
        ex("trim('--', '--https://bing.com--')", "https://bing.com"),
        ex("trim('a', 'aaaa')", "aa"),
        ex("trim(@'[^\\w]+', '-  Te st1// $')", "Te st1"),
    ],
);

/// `trim_start`
pub const TRIM_START: FunctionSpec = function(
    "trim_start",
    "Removes a match of a regular expression at the beginning of a text.",
    SIGNATURES,
    |args| trim(args, true, false),
    &[
        ex("trim_start('https://', 'https://bing.com')", "bing.com"),
        ex("trim_start('a|x', 'bxa')", "bxa"),
    ],
);

/// `trim_end`
pub const TRIM_END: FunctionSpec = function(
    "trim_end",
    "Removes a match of a regular expression at the end of a text.",
    SIGNATURES,
    |args| trim(args, false, true),
    &[
        ex("trim_end('.com', 'bing.com')", "bing"),
        ex("trim_end('a+?', 'xaaa')", "x"),
    ],
);

/// The anchored patterns at the start and at the end, as far as wanted.
type Ends = (Option<Arc<Regex>>, Option<Arc<Regex>>);

fn compile(pattern: &str, start: bool, end: bool) -> Result<Ends> {
    if pattern.is_empty() {
        return Err(KernelError::new(
            "`trim`, `trim_start` and `trim_end` require a regular expression that is not empty",
        ));
    }
    let at_start = start
        .then(|| cache::regex(&format!("^({pattern})")))
        .transpose()?;
    let at_end = end
        .then(|| cache::regex(&format!("({pattern})$")))
        .transpose()?;
    Ok((at_start, at_end))
}

fn trim(args: &Args<'_>, start: bool, end: bool) -> Result<ArrayRef> {
    let (pattern, source) = (args.str(0)?, args.str(1)?);
    let constant = pattern
        .constant()
        .map(|p| compile(p, start, end))
        .transpose()?;
    let remove = |regex: &Regex, text: &mut String| {
        if let Some(range) = regex.find(text).map(|m| m.range()) {
            text.replace_range(range, "");
        }
    };
    try_str_result(args.rows, |row, out| {
        out.push_str(source.get(row));
        let own;
        let (at_start, at_end) = match &constant {
            Some(c) => c,
            None => {
                own = compile(pattern.get(row), start, end)?;
                &own
            }
        };
        if let Some(r) = at_end {
            remove(r, out);
        }
        if let Some(r) = at_start {
            remove(r, out);
        }
        Ok(())
    })
}
