//! The parts of a datetime that functions name.

use crate::prelude::*;
use kql_types::text::timespan::{DAY, HOUR, MINUTE, SECOND};

/// What can be counted and added.
pub const PARTS: &[&str] = &[
    "year",
    "quarter",
    "month",
    "week",
    "day",
    "hour",
    "minute",
    "second",
    "millisecond",
    "microsecond",
    "nanosecond",
];

/// Ticks of a part that is always as long; none for parts of the calendar, and for nanoseconds.
pub fn unit(part: &str) -> Option<i64> {
    Some(match part {
        "day" => DAY,
        "hour" => HOUR,
        "minute" => MINUTE,
        "second" => SECOND,
        "millisecond" => 10_000,
        "microsecond" => 10,
        _ => return None,
    })
}

/// The part that the first argument names, in lower case.
///
/// # Errors
/// There is no such part.
pub fn part_of(args: &Args<'_>, parts: &[&str]) -> Result<String> {
    let part = args.str(0)?.get(0).to_ascii_lowercase();
    if parts.contains(&part.as_str()) {
        Ok(part)
    } else {
        Err(KernelError::new(format!(
            "`{part}` is no part of a datetime here"
        )))
    }
}
