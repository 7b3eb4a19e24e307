//! `format_timespan(timespan, format)`.

use super::tokens::{fraction, number, parts};
use crate::prelude::*;
use kql_types::text::timespan::{DAY, HOUR, MINUTE, SECOND};

/// `format_timespan`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "format_timespan",
    summary: "A timespan in a format of d, H, h, m, s, f and F.",
    signatures: &[sig(
        &[
            arg("timespan", TIMESPAN, "The timespan."),
            arg("format", STRING, "The format.").literal(),
        ],
        STRING,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(format_timespan),
    examples: &[
        ex(
            "format_timespan(time(29.09:00:05.12345), 'dd.hh:mm:ss:FF')",
            "29.09:00:05:12",
        ),
        ex(
            "format_timespan(time(29.09:00:05.12345), 'ddd.h:mm:ss [fffffff]')",
            "029.9:00:05 [1234500]",
        ),
    ],
    differs: "What a negative timespan gives is not documented: a minus stands before the text.",
};

fn format_timespan(args: &Args<'_>) -> Result<ArrayRef> {
    let (span, format) = (args.long(0)?, args.str(1)?);
    try_str_result(args.rows, |row, out| {
        span.get(row)
            .map_or(Ok(()), |t| write(t, format.get(row), out))
    })
}

fn lengths(letter: char) -> &'static [usize] {
    match letter {
        'd' => &[1, 2, 3, 4, 5, 6, 7, 8],
        'H' | 'h' | 'm' | 's' => &[1, 2],
        'f' | 'F' => &[1, 2, 3, 4, 5, 6, 7],
        _ => &[],
    }
}

fn write(t: i64, format: &str, out: &mut String) -> Result<()> {
    if t < 0 {
        out.push('-');
    }
    let t = t.checked_abs().unwrap_or(i64::MAX);
    parts(format, lengths, out, |letter, n, out| match letter {
        'd' => number(t / DAY, n, out),
        'H' | 'h' => number(t % DAY / HOUR, n, out),
        'm' => number(t % HOUR / MINUTE, n, out),
        's' => number(t % MINUTE / SECOND, n, out),
        letter => fraction(t, n, letter, out),
    })
}
