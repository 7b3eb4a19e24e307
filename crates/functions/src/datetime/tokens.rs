//! What the formats of datetimes and timespans share.

use crate::prelude::*;
use kql_types::text::timespan::SECOND;
use std::fmt::Write;

/// Reads a format from left to right: of each letter as many at a time as `lengths` allows, the rest anew (`ddd` is `dd`
/// and `d`). What stands between is written as it is.
///
/// # Errors
/// The format is empty or has a sign that is no part of a format.
pub fn parts<'f>(
    format: &'f str,
    lengths: impl Fn(char) -> &'static [usize],
    out: &mut String,
    mut write: impl FnMut(char, usize, &mut String),
) -> Result<()> {
    if format.is_empty() {
        return Err(KernelError::new("the format is empty"));
    }
    let mut rest: &'f str = format;
    while let Some(c) = rest.chars().next() {
        let run = rest.chars().take_while(|d| *d == c).count();
        let known = lengths(c);
        let used = known.iter().copied().filter(|n| *n <= run).max();
        match used {
            Some(n) => {
                write(c, n, out);
                rest = rest.get(n * c.len_utf8()..).unwrap_or_default();
            }
            None if separator(c) => {
                out.push(c);
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
            None => {
                return Err(KernelError::new(format!(
                    "the format has `{c}`, which is no part of a format"
                )));
            }
        }
    }
    Ok(())
}

fn separator(c: char) -> bool {
    matches!(c, ' ' | '/' | '-' | ':' | ',' | '.' | '_' | '[' | ']')
}

/// A number with zeros before it.
pub fn number(value: i64, width: usize, out: &mut String) {
    let _ = write!(out, "{value:0>width$}");
}

/// Digits after the point of a second. With `F` nothing when all of them are zeros.
pub fn fraction(ticks: i64, n: usize, letter: char, out: &mut String) {
    let all = format!("{:07}", ticks.rem_euclid(SECOND));
    let digits = all.get(..n).unwrap_or(&all);
    if letter == 'f' || digits.bytes().any(|b| b != b'0') {
        out.push_str(digits);
    }
}
