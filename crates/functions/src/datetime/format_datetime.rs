//! `format_datetime(date, format)`.

use super::tokens::{fraction, number, parts};
use crate::prelude::*;
use kql_types::text::datetime::date_of;
use kql_types::text::timespan::{DAY, HOUR, MINUTE, SECOND};

/// `format_datetime`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "format_datetime",
    summary: "A datetime in a format of y, M, d, H, h, m, s, f, F and tt.",
    signatures: &[sig(
        &[
            arg("date", DATETIME, "The datetime."),
            arg("format", STRING, "The format.").literal(),
        ],
        STRING,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(format_datetime),
    examples: &[
        ex(
            "format_datetime(datetime(2017-01-29 09:00:05), 'yy-MM-dd [HH:mm:ss]')",
            "17-01-29 [09:00:05]",
        ),
        ex(
            "format_datetime(datetime(2017-01-29 15:00:05), 'yyyy-M-dd [h:mm:ss tt]')",
            "2017-1-29 [3:00:05 PM]",
        ),
        ex(
            "format_datetime(datetime(2009-06-05 03:04:05.0617500), 'F_FF_FFFFFF')",
            "_06_061750",
        ),
        ex(
            "format_datetime(datetime(2009-06-05), 'ddd yyyyy')",
            "055 20099",
        ),
        ex("format_datetime(datetime(null), 'yyyy')", ""),
    ],
    differs: "",
};

fn format_datetime(args: &Args<'_>) -> Result<ArrayRef> {
    let (date, format) = (args.long(0)?, args.str(1)?);
    try_str_result(args.rows, |row, out| {
        date.get(row)
            .map_or(Ok(()), |t| write(t, format.get(row), out))
    })
}

fn lengths(letter: char) -> &'static [usize] {
    match letter {
        'y' => &[1, 2, 4],
        'M' | 'd' | 'H' | 'h' | 'm' | 's' => &[1, 2],
        'f' | 'F' => &[1, 2, 3, 4, 5, 6, 7],
        't' => &[2],
        _ => &[],
    }
}

fn write(t: i64, format: &str, out: &mut String) -> Result<()> {
    let (y, m, d) = date_of(t);
    let of_day = t.rem_euclid(DAY);
    let hour = of_day / HOUR;
    parts(format, lengths, out, |letter, n, out| match letter {
        'y' if n == 4 => number(y, n, out),
        'y' => number(y % 100, n, out),
        'M' => number(m, n, out),
        'd' => number(d, n, out),
        'H' => number(hour, n, out),
        'h' => number((hour + 11) % 12 + 1, n, out),
        'm' => number(of_day % HOUR / MINUTE, n, out),
        's' => number(of_day % MINUTE / SECOND, n, out),
        't' => out.push_str(if hour < 12 { "AM" } else { "PM" }),
        letter => fraction(of_day, n, letter, out),
    })
}
