//! `tolower(value)`, `toupper(value)`: one character for one character.

use super::function::{SCALAR, differing, function};
use super::texts::Texts;
use crate::prelude::*;

const DIFFERS: &str = "A character whose other case is several characters (`ß`, `İ`) stays as it is; what a real cluster makes of it is not known.";

/// `tolower`
pub const LOWER: FunctionSpec = differing(
    DIFFERS,
    function(
        "tolower",
        "Returns the text in lower case.",
        &[sig(&[SCALAR], STRING)],
        |args| {
            convert(
                args,
                |c| single(c, c.to_lowercase()),
                str::make_ascii_lowercase,
            )
        },
        &[
            ex("tolower('Hello ÀÉ')", "hello àé"),
            ex("tolower(dynamic('X'))", "x"),
        ],
    ),
);

/// `toupper`
pub const UPPER: FunctionSpec = differing(
    DIFFERS,
    function(
        "toupper",
        "Returns the text in upper case.",
        &[sig(&[SCALAR], STRING)],
        |args| {
            convert(
                args,
                |c| single(c, c.to_uppercase()),
                str::make_ascii_uppercase,
            )
        },
        &[
            ex("toupper('hello é1')", "HELLO É1"),
            ex("toupper('straße')", "STRAßE"),
        ],
    ),
);

fn single(c: char, mut to: impl Iterator<Item = char>) -> char {
    match (to.next(), to.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

fn convert(
    args: &Args<'_>,
    one: impl Fn(char) -> char,
    ascii: impl Fn(&mut str),
) -> Result<ArrayRef> {
    let source = Texts::of(args, 0)?;
    let source = source.strs()?;
    str_result(args.rows, |row, out| {
        let text = source.get(row);
        if text.is_ascii() {
            out.push_str(text);
            ascii(out.as_mut_str());
        } else {
            out.extend(text.chars().map(&one));
        }
    })
}
