//! Hours, minutes and seconds as ticks.

use kql_types::text::timespan::{HOUR, MINUTE, SECOND};

/// The ticks of a time of day; none when a part is out of its range.
pub fn time_of_day(hour: i64, minute: i64, second: f64) -> Option<i64> {
    if !(0..24).contains(&hour) || !(0..60).contains(&minute) || !(0.0..60.0).contains(&second) {
        return None;
    }
    #[allow(clippy::cast_possible_truncation)]
    let ticks = ((second * 1e7).round() as i64).min(60 * SECOND - 1);
    Some(hour * HOUR + minute * MINUTE + ticks)
}
