//! What the starts and ends of periods share.

use super::calendar::{in_range, midnight, months, weeks};
use crate::prelude::*;
use kql_types::text::datetime::{MAX, date_of};
use kql_types::text::timespan::DAY;

/// A datetime, and how many periods later.
pub const SIGNATURES: &[Signature] = &[sig(
    &[
        arg("date", DATETIME, "The datetime."),
        arg("offset", LONG, "How many periods later; 0 when left out.").optional(),
    ],
    DATETIME,
)];

/// A period of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// From midnight.
    Day,
    /// From Sunday.
    Week,
    /// From the first day.
    Month,
    /// From 1 January.
    Year,
}

fn first(t: i64, period: Period, offset: i64) -> Option<i64> {
    match period {
        Period::Day => in_range(t.div_euclid(DAY).checked_add(offset)?.checked_mul(DAY)?),
        Period::Week => {
            let days = weeks(t)
                .checked_add(offset)?
                .checked_mul(7)?
                .checked_sub(1)?;
            in_range(days.checked_mul(DAY)?)
        }
        Period::Month => {
            let n = months(t).checked_add(offset)?;
            midnight(n.div_euclid(12), n.rem_euclid(12) + 1, 1)
        }
        Period::Year => midnight(date_of(t).0.checked_add(offset)?, 1, 1),
    }
}

fn last(t: i64, period: Period, offset: i64) -> Option<i64> {
    match first(t, period, offset.checked_add(1)?) {
        Some(next) => next.checked_sub(1),
        // The last period of all ends with the last tick of all.
        None => first(t, period, offset).map(|_| MAX),
    }
}

fn shifted(args: &Args<'_>, f: impl Fn(i64, i64) -> Option<i64>) -> Result<ArrayRef> {
    let date = args.long(0)?;
    if args.len() == 1 {
        return long_result(args.rows, |row| f(date.value(row), 0));
    }
    let offset = args.long(1)?;
    long_result(args.rows, |row| f(date.value(row), offset.value(row)))
}

/// The first tick of the period that holds the datetime.
///
/// # Errors
/// None of the data's making.
pub fn start(args: &Args<'_>, period: Period) -> Result<ArrayRef> {
    shifted(args, |t, offset| first(t, period, offset))
}

/// The last tick of the period that holds the datetime.
///
/// # Errors
/// None of the data's making.
pub fn end(args: &Args<'_>, period: Period) -> Result<ArrayRef> {
    shifted(args, |t, offset| last(t, period, offset))
}
