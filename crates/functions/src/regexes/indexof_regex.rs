//! `indexof_regex(string, match [, start [, length [, occurrence]]])`: where a match stands, in characters.

use super::pattern::Patterns;
use crate::prelude::*;
use crate::strings::function::{differing, function, optional};
use crate::strings::indexof::{LENGTH, OCCURRENCE, START};
use crate::strings::positions::Part;
use crate::strings::texts::Texts;

/// `indexof_regex`
pub const SPEC: FunctionSpec = differing(
    "A negative start gives null, as in the reference's example, though its table of parameters says that it counts from the end.",
    function(
        "indexof_regex",
        "Returns the position of the first character of a match of a regular expression, or -1. Matches do not overlap.",
        &[sig(
            &[
                arg_of("string", Class::Scalar, "The text to search in."),
                arg_of("match", Class::Scalar, "The regular expression.").constant(),
                START,
                LENGTH,
                OCCURRENCE,
            ],
            LONG,
        )],
        indexof,
        &[
            ex("indexof_regex('abcabc', 'a.c')", "0"),
            ex("indexof_regex('abcabcdefg', 'a.c', 0, 9, 2)", "3"),
            ex("indexof_regex('ababaa', 'a.a', 0, -1, 2)", "-1"),
            ex("indexof_regex('abcabc', 'a|ab', -1)", "null"),
        ],
    ),
);

fn indexof(args: &Args<'_>) -> Result<ArrayRef> {
    let source = Texts::of(args, 0)?;
    let source = source.strs()?;
    let lookup = Texts::of(args, 1)?;
    let mut patterns = Patterns::new(lookup.strs()?)?;
    let start = optional(args, 2, 0)?;
    let length = optional(args, 3, -1)?;
    let occurrence = optional(args, 4, 1)?;
    try_long_result(args.rows, |row| {
        let regex = patterns.get(row)?;
        Ok(find(
            regex,
            source.get(row),
            start(row),
            length(row),
            occurrence(row),
        ))
    })
}

fn find(
    regex: &regex::Regex,
    text: &str,
    start: Option<i64>,
    length: Option<i64>,
    occurrence: Option<i64>,
) -> Option<i64> {
    let nth = occurrence.filter(|n| *n > 0)?;
    let length = length.filter(|n| *n >= -1)?;
    let mut start = start.filter(|n| *n >= 0)?;
    for left in (0..nth).rev() {
        let Some(part) = Part::of(text, start, length) else {
            break;
        };
        let Some(m) = regex.find(part.text) else {
            break;
        };
        let at = part.position(m.start())?;
        if left == 0 {
            return Some(at);
        }
        // Behind an empty match the search goes on with the next character.
        start = part.position(m.end())? + i64::from(m.is_empty());
    }
    Some(-1)
}
