//! Timespans as text.

/// Ticks of a day.
pub const DAY: i64 = 864_000_000_000;
/// Ticks of an hour.
pub const HOUR: i64 = 36_000_000_000;
/// Ticks of a minute.
pub const MINUTE: i64 = 600_000_000;
/// Ticks of a second.
pub const SECOND: i64 = 10_000_000;

/// A timespan as `tostring` writes it: `1.02:03:04.5000000`; days and the fraction only when they are not zero.
pub fn format_timespan(ticks: i64) -> String {
    let mut out = String::new();
    super::write::write_timespan(ticks, &mut out);
    out
}

/// Ticks of a unit such as `d`, `hours`, `ms`; none when there is no such unit.
pub fn unit(name: &str) -> Option<f64> {
    #[allow(clippy::cast_precision_loss)]
    Some(match name {
        "d" | "day" | "days" => DAY as f64,
        "h" | "hr" | "hrs" | "hour" | "hours" => HOUR as f64,
        "m" | "min" | "minute" | "minutes" => MINUTE as f64,
        "s" | "sec" | "second" | "seconds" => SECOND as f64,
        "ms" | "milli" | "millis" | "millisec" | "millisecond" | "milliseconds" => 10_000.0,
        "micro" | "micros" | "microsec" | "microsecond" | "microseconds" => 10.0,
        "tick" | "ticks" => 1.0,
        "nano" | "nanos" | "nanosec" | "nanosecond" | "nanoseconds" => 0.01,
        _ => return None,
    })
}

/// `1.5h`, `10 ms`: a number and a unit; none when it is no such text or out of range.
pub fn parse_with_unit(text: &str) -> Option<i64> {
    let text = text.trim();
    let at = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, name) = text.split_at(at);
    let per = unit(name.trim())?;
    let number = number.trim();
    #[allow(clippy::cast_possible_truncation)]
    if let Ok(n) = number.parse::<i64>() {
        // Nanoseconds below a tick are cut off.
        return if per < 1.0 {
            Some(n / 100)
        } else {
            n.checked_mul(per as i64)
        };
    }
    let ticks = number.parse::<f64>().ok()? * per;
    let ticks = if per < 1.0 {
        ticks.trunc()
    } else {
        ticks.round()
    };
    #[allow(clippy::cast_possible_truncation)]
    (ticks.abs() < 9.2e18).then_some(ticks as i64)
}

/// A timespan from text as `totimespan` reads it: `d.hh:mm:ss.fffffff`, `hh:mm`, a number of days, `1d`; none otherwise.
pub fn parse_timespan(text: &str) -> Option<i64> {
    let text = text.trim();
    let (negative, rest) = match text.strip_prefix('-') {
        Some(r) => (true, r),
        None => (false, text),
    };
    let ticks = parse_plain(rest)?;
    Some(if negative { -ticks } else { ticks })
}

fn parse_plain(text: &str) -> Option<i64> {
    if text.is_empty() {
        return None;
    }
    if !text.contains(':') {
        if text.bytes().all(|b| b.is_ascii_digit()) {
            return text.parse::<i64>().ok()?.checked_mul(DAY);
        }
        return parse_with_unit(text);
    }
    let parts: Vec<&str> = text.split(':').collect();
    let (days, hours) = match parts.first()?.split_once('.') {
        Some((d, h)) => (digits(d, 8)?, digits(h, 2)?),
        None => (0, digits(parts.first()?, 2)?),
    };
    let minutes = digits(parts.get(1)?, 2)?;
    let (seconds, fraction) = match parts.get(2) {
        None => (0, 0),
        Some(s) => match s.split_once('.') {
            Some((s, f)) => (digits(s, 2)?, fraction(f)?),
            None => (digits(s, 2)?, 0),
        },
    };
    if parts.len() > 3 || hours > 23 || minutes > 59 || seconds > 59 {
        return None;
    }
    days.checked_mul(DAY)?
        .checked_add(hours * HOUR + minutes * MINUTE + seconds * SECOND + fraction)
}

/// A number of one to `most` digits.
pub(super) fn digits(text: &str, most: usize) -> Option<i64> {
    if text.is_empty() || text.len() > most || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// Digits after the point of a second, as ticks; digits beyond the seventh are cut off.
pub(super) fn fraction(text: &str) -> Option<i64> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut ticks = 0;
    for i in 0..7 {
        ticks = ticks * 10 + text.as_bytes().get(i).map_or(0, |b| i64::from(b - b'0'));
    }
    Some(ticks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timespans_read_and_write() {
        for (t, s) in [
            (DAY, "1.00:00:00"),
            (-DAY - DAY / 2, "-1.12:00:00"),
            (SECOND * 3 / 2, "00:00:01.5000000"),
            (0, "00:00:00"),
        ] {
            assert_eq!(format_timespan(t), s);
            assert_eq!(parse_timespan(s), Some(t));
        }
        assert_eq!(parse_timespan("1.5h"), Some(HOUR * 3 / 2));
        assert_eq!(parse_timespan("10ms"), Some(100_000));
        assert_eq!(parse_timespan("3"), Some(3 * DAY));
        assert_eq!(parse_timespan("25:00"), None);
        assert_eq!(parse_timespan("abc"), None);
    }
}
