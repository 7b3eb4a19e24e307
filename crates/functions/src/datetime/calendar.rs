//! The calendar: days, weeks, months and their borders, in ticks.

use kql_types::text::datetime::{MAX, date_of, days_in_month, days_of};
use kql_types::text::timespan::DAY;

/// The ticks, when they are a datetime's.
pub fn in_range(ticks: i64) -> Option<i64> {
    (0..=MAX).contains(&ticks).then_some(ticks)
}

/// The first tick of a day, when there is such a day.
pub fn midnight(y: i64, m: i64, d: i64) -> Option<i64> {
    days_of(y, m, d)?.checked_mul(DAY).and_then(in_range)
}

/// Months since year 0.
pub fn months(t: i64) -> i64 {
    let (y, m, _) = date_of(t);
    y * 12 + m - 1
}

/// Weeks since 0001-01-01, which was a Monday; a week begins on Sunday.
pub fn weeks(t: i64) -> i64 {
    (t.div_euclid(DAY) + 1).div_euclid(7)
}

/// The same day and time so many months later, or the last day of that month.
pub fn add_months(t: i64, count: i64) -> Option<i64> {
    let (_, _, d) = date_of(t);
    let n = months(t).checked_add(count)?;
    let (y, m) = (n.div_euclid(12), n.rem_euclid(12) + 1);
    if !(1..=9999).contains(&y) {
        return None;
    }
    midnight(y, m, d.min(days_in_month(y, m)))?.checked_add(t.rem_euclid(DAY))
}

/// The day of the year, from 1.
pub fn day_of_year(t: i64) -> i64 {
    let (y, _, _) = date_of(t);
    t.div_euclid(DAY) - days_of(y, 1, 1).unwrap_or(0) + 1
}

/// The week of the year by ISO 8601.
pub fn week_of_year(t: i64) -> i64 {
    let day = t.div_euclid(DAY);
    // The Thursday of the week decides its year.
    let thursday = day - day.rem_euclid(7) + 3;
    (day_of_year(thursday * DAY) - 1) / 7 + 1
}
