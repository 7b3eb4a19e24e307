//! `indexof(string, match [, start [, length [, occurrence]]])`: where a text stands, in characters.

use super::function::{differing, function, optional};
use super::positions::Part;
use super::texts::Texts;
use crate::prelude::*;
use memchr::memmem;

/// The parameters that follow the two texts.
pub const START: Param = arg_of(
    "start",
    Class::Integer,
    "The first character to look at; negative: from the end.",
)
.optional();
/// How far to look.
pub const LENGTH: Param = arg_of(
    "length",
    Class::Integer,
    "How many characters to look at; -1 for all.",
)
.optional();
/// Which one to report.
pub const OCCURRENCE: Param = arg_of("occurrence", Class::Integer, "Which one, from 1.")
    .optional()
    .constant();

/// `indexof`
pub const SPEC: FunctionSpec = differing(
    "The reference says both that a negative start counts from the end and that it gives null; as its example does, it counts from the end.",
    function(
        "indexof",
        "Returns the position of the first character of a text in another, or -1.",
        &[sig(
            &[
                arg_of("string", Class::Scalar, "The text to search in."),
                arg_of("match", Class::Scalar, "The text to search for."),
                START,
                LENGTH,
                OCCURRENCE,
            ],
            LONG,
        )],
        indexof,
        &[
            ex("indexof('abcdefg', 'cde', 1, 4)", "2"),
            ex("indexof('abcdefg', 'cde', 1, 2)", "-1"),
            ex("indexof('abcdefg', 'cde', -5)", "2"),
            ex("indexof(1234567, 5, 1, 4)", "4"),
            ex("indexof('abcdefgabcdefg', 'cde', 1, 10, 2)", "9"),
            ex("indexof('éabc', 'c')", "3"),
            ex("indexof('abc', 'c', 0, -2)", "null"),
        ],
    ),
);

fn indexof(args: &Args<'_>) -> Result<ArrayRef> {
    let source = Texts::of(args, 0)?;
    let source = source.strs()?;
    let lookup = Texts::of(args, 1)?;
    let lookup = lookup.strs()?;
    let start = optional(args, 2, 0)?;
    let length = optional(args, 3, -1)?;
    let occurrence = optional(args, 4, 1)?;
    let finder = lookup.constant().map(|t| memmem::Finder::new(t.as_bytes()));
    long_result(args.rows, |row| {
        let nth = occurrence(row).filter(|n| *n > 0)?;
        let length = length(row).filter(|n| *n >= -1)?;
        let mut start = start(row)?;
        let needle = lookup.get(row);
        // Each further search begins behind the last find, over the same length again; occurrences may overlap.
        for left in (0..nth).rev() {
            let Some(part) = Part::of(source.get(row), start, length) else {
                break;
            };
            let found = match &finder {
                Some(f) => f.find(part.text.as_bytes()),
                None => memmem::find(part.text.as_bytes(), needle.as_bytes()),
            };
            let Some(at) = found else {
                break;
            };
            let at = part.position(at)?;
            if left == 0 {
                return Some(at);
            }
            start = at + 1;
        }
        Some(-1)
    })
}
