//! `substring(source, start [, length])`: a part of a text, in characters.

use super::function::{function, optional};
use super::texts::Texts;
use crate::prelude::*;

/// `substring`
pub const SPEC: FunctionSpec = function(
    "substring",
    "Returns a part of a text by the position of its first character (from 0; negative: from the end) and its length.",
    &[sig(
        &[
            arg_of("source", Class::Scalar, "The text."),
            arg_of(
                "start",
                Class::Integer,
                "The first character; -1 is the last of the text.",
            ),
            arg_of(
                "length",
                Class::Integer,
                "How many characters; to the end when left out.",
            )
            .optional(),
        ],
        STRING,
    )],
    substring,
    &[
        ex("substring('123456', 2, 2)", "34"),
        ex("substring('123456', -2, 2)", "56"),
        ex("substring('héllo', 1, 3)", "éll"),
        ex("substring('abc', -1, 20)", "c"),
        ex("substring('abc', -10)", ""),
        ex("substring('abcdefg', 1, -1)", ""),
    ],
);

fn substring(args: &Args<'_>) -> Result<ArrayRef> {
    let source = Texts::of(args, 0)?;
    let source = source.strs()?;
    let start = args.integer(1)?;
    let length = optional(args, 2, i64::MAX)?;
    str_ref_result(args.rows, |row| match (start(row), length(row)) {
        (Some(start), Some(length)) => part(source.get(row), start, length).unwrap_or_default(),
        _ => "",
    })
}

fn part(text: &str, start: i64, length: i64) -> Option<&str> {
    let length = usize::try_from(length).ok()?;
    let from_end = start < 0;
    let steps = usize::try_from(start.unsigned_abs()).ok()?;
    if text.is_ascii() {
        let from = if from_end {
            text.len().checked_sub(steps)?
        } else {
            steps
        };
        let to = from.saturating_add(length).min(text.len());
        return text.get(from..to);
    }
    let from = if from_end {
        text.char_indices().rev().nth(steps - 1)?.0
    } else {
        text.char_indices().nth(steps)?.0
    };
    let rest = text.get(from..)?;
    let to = rest
        .char_indices()
        .nth(length)
        .map_or(rest.len(), |(i, _)| i);
    rest.get(..to)
}
