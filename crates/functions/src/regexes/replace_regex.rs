//! `replace_regex(source, regex, rewrite)`, and `replace` with its arguments in another order.

use super::pattern::Patterns;
use crate::prelude::*;
use crate::strings::function::function;
use regex::Regex;

/// `replace_regex`
pub const REPLACE_REGEX: FunctionSpec = function(
    "replace_regex",
    "Replaces every match of a regular expression. In the replacement `\\0` is the match and `\\1` to `\\9` are its groups.",
    &[sig(
        &[
            arg("source", STRING, "The text to search in."),
            arg("lookup_regex", STRING, "The regular expression.").constant(),
            arg(
                "rewrite_pattern",
                STRING,
                "What to put in place of a match.",
            )
            .constant(),
        ],
        STRING,
    )],
    |args| replace(args, 0, 1, 2),
    &[
        ex(
            "replace_regex('Number is 1', @'is (\\d+)', @'was: \\1')",
            "Number was: 1",
        ),
        ex("replace_regex('a-b', '(a)-(b)', @'\\2-\\1 $1')", "b-a $1"),
        ex("replace_regex('aaa', 'a*?', 'x')", "xaxaxax"),
    ],
);

/// `replace`
pub const REPLACE: FunctionSpec = function(
    "replace",
    "The same as `replace_regex`, with the text in the last place.",
    &[sig(
        &[
            arg("regex", STRING, "The regular expression.").constant(),
            arg("rewrite", STRING, "What to put in place of a match.").constant(),
            arg("source", STRING, "The text to search in."),
        ],
        STRING,
    )],
    |args| replace(args, 2, 0, 1),
    &[ex("replace('[+]', ' ', 'a+b')", "a b")],
);

/// A part of a replacement.
#[derive(Debug)]
enum Piece {
    Text(String),
    Group(usize),
}

/// `\` and a digit is a group, `\\` a backslash; any other `\` stands for itself.
fn pieces(rewrite: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut text = String::new();
    let mut chars = rewrite.chars().peekable();
    while let Some(c) = chars.next() {
        let group = (c == '\\')
            .then(|| chars.peek().and_then(|d| d.to_digit(10)))
            .flatten();
        if let Some(n) = group {
            chars.next();
            if !text.is_empty() {
                out.push(Piece::Text(std::mem::take(&mut text)));
            }
            out.push(Piece::Group(usize::try_from(n).unwrap_or(0)));
            continue;
        }
        if c == '\\' && chars.peek() == Some(&'\\') {
            chars.next();
        }
        text.push(c);
    }
    if !text.is_empty() {
        out.push(Piece::Text(text));
    }
    out
}

fn rewrite(regex: &Regex, pieces: &[Piece], text: &str, out: &mut String) {
    let mut done = 0;
    let mut upto = |start: usize, end: usize, out: &mut String| {
        out.push_str(text.get(done..start).unwrap_or_default());
        done = end;
    };
    if pieces.iter().all(|p| !matches!(p, Piece::Group(1..))) {
        for m in regex.find_iter(text) {
            upto(m.start(), m.end(), out);
            for p in pieces {
                out.push_str(match p {
                    Piece::Text(t) => t,
                    Piece::Group(_) => m.as_str(),
                });
            }
        }
    } else {
        for c in regex.captures_iter(text) {
            let Some(m) = c.get(0) else {
                continue;
            };
            upto(m.start(), m.end(), out);
            for p in pieces {
                out.push_str(match p {
                    Piece::Text(t) => t,
                    Piece::Group(n) => c.get(*n).map_or("", |g| g.as_str()),
                });
            }
        }
    }
    out.push_str(text.get(done..).unwrap_or_default());
}

fn replace(args: &Args<'_>, source: usize, pattern: usize, by: usize) -> Result<ArrayRef> {
    let source = args.str(source)?;
    let mut patterns = Patterns::new(args.str(pattern)?)?;
    let by = args.str(by)?;
    let constant = by.constant().map(pieces);
    let regex = patterns.constant()?;
    try_str_result(args.rows, |row, out| {
        let own;
        let pieces = match &constant {
            Some(p) => p,
            None => {
                own = pieces(by.get(row));
                &own
            }
        };
        let regex = match &regex {
            Some(r) => r,
            None => patterns.get(row)?,
        };
        rewrite(regex, pieces, source.get(row), out);
        Ok(())
    })
}
