//! `format_datetime` and `format_timespan`.

use crate::prelude::*;
use kql_types::text::datetime::date_of;
use kql_types::text::timespan::{DAY, HOUR, MINUTE, SECOND};
use std::fmt::Write;

const fn function(
    name: &'static str,
    summary: &'static str,
    signatures: &'static [Signature],
    kernel: Kernel,
    examples: &'static [Example],
) -> FunctionSpec {
    FunctionSpec {
        name,
        summary,
        signatures,
        result_name: ResultName::FirstArgument,
        nulls: Nulls::Strict,
        volatility: Volatility::Immutable,
        lower: Lower::Kernel(kernel),
        examples,
        differs: "",
    }
}

/// `format_datetime`
pub const FORMAT_DATETIME: FunctionSpec = function(
    "format_datetime",
    "A datetime in a format of y, M, d, H, h, m, s, f, F and t.",
    &[sig(
        &[
            arg("date", DATETIME, "The datetime."),
            arg("format", STRING, "The format."),
        ],
        STRING,
    )],
    |args| {
        let (a, format) = (args.long(0)?, args.str(1)?);
        try_str_result(args.rows, |r, out| datetime(a.value(r), format.get(r), out))
    },
    &[
        ex(
            "format_datetime(datetime(2017-01-29 09:00:05), 'yy-MM-dd [HH:mm:ss]')",
            "17-01-29 [09:00:05]",
        ),
        ex(
            "format_datetime(datetime(2017-01-29 15:00:05), 'yyyy-M-dd [h:mm:ss tt]')",
            "2017-1-29 [3:00:05 PM]",
        ),
    ],
);

/// `format_timespan`
pub const FORMAT_TIMESPAN: FunctionSpec = function(
    "format_timespan",
    "A timespan in a format of d, H, h, m, s, f and F.",
    &[sig(
        &[
            arg("timespan", TIMESPAN, "The timespan."),
            arg("format", STRING, "The format."),
        ],
        STRING,
    )],
    |args| {
        let (a, format) = (args.long(0)?, args.str(1)?);
        try_str_result(args.rows, |r, out| timespan(a.value(r), format.get(r), out))
    },
    &[ex(
        "format_timespan(time(29.09:00:05.12345), 'dd.hh:mm:ss [FF]')",
        "29.09:00:05 [12]",
    )],
);

/// The runs of equal letters of a format.
fn runs(format: &str) -> impl Iterator<Item = (char, usize)> + '_ {
    let mut chars = format.chars().peekable();
    std::iter::from_fn(move || {
        let c = chars.next()?;
        let mut n = 1;
        while chars.next_if_eq(&c).is_some() {
            n += 1;
        }
        Some((c, n))
    })
}

/// Digits after the point of a second: all of them for `f`, without zeros at the end for `F`.
fn fraction(ticks: i64, n: usize, trim: bool, out: &mut String) {
    let all = format!("{:07}", ticks.rem_euclid(SECOND));
    let cut: String = all.chars().take(n).collect();
    out.push_str(if trim {
        cut.trim_end_matches('0')
    } else {
        &cut
    });
}

fn number(value: i64, width: usize, out: &mut String) {
    let _ = write!(out, "{value:0>width$}");
}

fn unknown(c: char) -> KernelError {
    KernelError::new(format!(
        "the format has `{c}`, which is no part of a format"
    ))
}

/// What stands between the parts.
fn separator(c: char) -> bool {
    matches!(c, ' ' | '/' | '-' | ':' | ',' | '.' | '_' | '[' | ']')
}

fn datetime(t: i64, format: &str, out: &mut String) -> Result<()> {
    let (y, m, d) = date_of(t);
    let of_day = t.rem_euclid(DAY);
    let hour = of_day / HOUR;
    for (c, n) in runs(format) {
        match (c, n) {
            ('y', 1) => number(y % 100, 1, out),
            ('y', 2) => number(y % 100, 2, out),
            ('y', _) => number(y, n, out),
            ('M', 1 | 2) => number(m, n, out),
            ('d', 1 | 2) => number(d, n, out),
            ('H', 1 | 2) => number(hour, n, out),
            ('h', 1 | 2) => number((hour + 11) % 12 + 1, n, out),
            ('m', 1 | 2) => number(of_day % HOUR / MINUTE, n, out),
            ('s', 1 | 2) => number(of_day % MINUTE / SECOND, n, out),
            ('f', 1..=7) => fraction(of_day, n, false, out),
            ('F', 1..=7) => fraction(of_day, n, true, out),
            ('t', 1 | 2) => {
                out.push(if hour < 12 { 'A' } else { 'P' });
                if n == 2 {
                    out.push('M');
                }
            }
            (c, n) if separator(c) => (0..n).for_each(|_| out.push(c)),
            (c, _) => return Err(unknown(c)),
        }
    }
    Ok(())
}

fn timespan(t: i64, format: &str, out: &mut String) -> Result<()> {
    if t < 0 {
        out.push('-');
    }
    let t = t.checked_abs().unwrap_or(i64::MAX);
    for (c, n) in runs(format) {
        match (c, n) {
            ('d', 1..=8) => number(t / DAY, n, out),
            ('H' | 'h', 1 | 2) => number(t % DAY / HOUR, n, out),
            ('m', 1 | 2) => number(t % HOUR / MINUTE, n, out),
            ('s', 1 | 2) => number(t % MINUTE / SECOND, n, out),
            ('f', 1..=7) => fraction(t, n, false, out),
            ('F', 1..=7) => fraction(t, n, true, out),
            (c, n) if separator(c) => (0..n).for_each(|_| out.push(c)),
            (c, _) => return Err(unknown(c)),
        }
    }
    Ok(())
}
