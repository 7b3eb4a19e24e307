//! Datetimes as text, and the calendar.

use super::timespan::{DAY, HOUR, MINUTE, SECOND, digits, fraction};

/// The last tick of the year 9999.
pub const MAX: i64 = 3_155_378_975_999_999_999;
/// Ticks of 1970-01-01.
pub const UNIX_EPOCH: i64 = 621_355_968_000_000_000;

/// Days from 0001-01-01 to a date of the proleptic Gregorian calendar; none when there is no such day.
pub fn days_of(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=9999).contains(&year)
        || !(1..=12).contains(&month)
        || day < 1
        || day > days_in_month(year, month)
    {
        return None;
    }
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let of_era = y - era * 400;
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 306)
}

/// `(year, month, day)` of ticks.
pub fn date_of(ticks: i64) -> (i64, i64, i64) {
    let z = ticks.div_euclid(DAY) + 306;
    let era = z.div_euclid(146_097);
    let doe = z - era * 146_097;
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month, day)
}

/// How many days a month has.
pub fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A datetime as `tostring` writes it: `2020-01-02T03:04:05.6000000Z`, always seven digits.
pub fn format_datetime_iso(ticks: i64) -> String {
    let mut out = String::new();
    super::write::write_datetime(ticks, &mut out);
    out
}

/// A datetime from text as `todatetime` reads it, in ticks since 0001-01-01; none when it is no datetime. ISO 8601 with `T`
/// or a space, month first with `/` or `-`, RFC 822 and 850 forms, names of months, AM and PM, offsets.
pub fn parse_datetime(text: &str) -> Option<i64> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    iso(text).or_else(|| us(text)).or_else(|| named(text))
}

/// `8:00`, `20:15:30.5`, `8:00 PM` as ticks since midnight.
pub fn parse_time_of_day(text: &str) -> Option<i64> {
    let text = text.trim();
    let first = text.bytes().next()?;
    if !first.is_ascii_digit() || !text.contains(':') || text.contains(['+', '-', 'Z', 'z']) {
        return None;
    }
    let (ticks, _) = clock(text)?;
    (0..DAY).contains(&ticks).then_some(ticks)
}

fn put(year: i64, month: i64, day: i64, time: i64, offset: i64) -> Option<i64> {
    let ticks = days_of(year, month, day)?
        .checked_mul(DAY)?
        .checked_add(time)?
        .checked_sub(offset)?;
    (0..=MAX).contains(&ticks).then_some(ticks)
}

/// `yyyy-MM-dd`, `yyyy-MM`, `yyyy`, `yyyy/MM/dd`, with an optional time after `T` or a space.
fn iso(text: &str) -> Option<i64> {
    let b = text.as_bytes();
    if b.len() < 4 || !b[..4].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let year = digits(text.get(..4)?, 4)?;
    if b.len() == 4 {
        return put(year, 1, 1, 0, 0);
    }
    if b.len() == 8 && b.iter().all(u8::is_ascii_digit) {
        return put(
            year,
            digits(text.get(4..6)?, 2)?,
            digits(text.get(6..8)?, 2)?,
            0,
            0,
        );
    }
    let separator = char::from(b[4]);
    if !matches!(separator, '-' | '/' | '.') {
        return None;
    }
    let rest = text.get(5..)?;
    let end = rest
        .find(['T', 't', ' ', 'Z', 'z', '+'])
        .unwrap_or(rest.len());
    let (date, time) = rest.split_at(end);
    let mut parts = date.split(separator);
    let month = digits(parts.next()?, 2)?;
    let day = match parts.next() {
        Some(d) => digits(d, 2)?,
        None => 1,
    };
    if parts.next().is_some() {
        return None;
    }
    let time = time.strip_prefix(['T', 't', ' ']).unwrap_or(time).trim();
    let (time, offset) = clock(time)?;
    put(year, month, day, time, offset)
}

/// `MM/dd/yyyy` or `MM-dd-yyyy` with an optional time, also after a comma.
fn us(text: &str) -> Option<i64> {
    let separator = text
        .get(..3)?
        .chars()
        .find(|c| matches!(c, '/' | '.'))
        .unwrap_or('-');
    let mut parts = text.splitn(3, separator);
    let month = digits(parts.next()?, 2)?;
    let day = digits(parts.next()?, 2)?;
    let rest = parts.next()?;
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (year, time) = rest.split_at(end);
    if year.len() != 4 {
        return None;
    }
    let (time, offset) = clock(time.trim_start_matches([',', ' ', 'T']).trim())?;
    put(digits(year, 4)?, month, day, time, offset)
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

fn month_of(word: &str) -> Option<i64> {
    let short: String = word
        .chars()
        .take(3)
        .collect::<String>()
        .to_ascii_lowercase();
    let full = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let i = MONTHS.iter().position(|m| *m == short)?;
    let lower = word.to_ascii_lowercase();
    (lower.len() == 3 || full.get(i) == Some(&lower.as_str()))
        .then(|| i64::try_from(i + 1).unwrap_or(1))
}

/// `Sat, 8 Nov 2014 15:05:02 GMT`, `8 Nov 14 15:05`, `Nov 8, 2014`, `Saturday, 08-Nov-14 15:05:02 GMT`.
fn named(text: &str) -> Option<i64> {
    let rest = match text.split_once(',') {
        Some((day, rest))
            if day.len() >= 3
                && day.chars().all(|c| c.is_ascii_alphabetic())
                && month_of(day).is_none() =>
        {
            rest
        }
        _ => text,
    };
    let rest = rest.replace(',', " ");
    let mut words: Vec<&str> = rest.split_whitespace().collect();
    if words.is_empty() {
        return None;
    }
    let hyphened: Vec<&str> = words
        .first()
        .map(|w| w.split('-').collect())
        .unwrap_or_default();
    if hyphened.len() == 3 {
        words.splice(0..1, hyphened);
    }
    // `Sat Nov 8 15:05:02 2014`
    if words.len() >= 4
        && month_of(words[0]).is_none()
        && words[0].chars().all(|c| c.is_ascii_alphabetic())
    {
        words.remove(0);
    }
    let [a, b, rest @ ..] = words.as_slice() else {
        return None;
    };
    let (month, day) = match (month_of(a), month_of(b)) {
        (Some(m), _) => (m, digits(b, 2)?),
        (None, Some(m)) => (m, digits(a, 2)?),
        _ => return None,
    };
    let (year, time) = match rest {
        [y, time @ ..] if !y.contains(':') => (*y, time.join(" ")),
        [time, y] => (*y, (*time).to_owned()),
        _ => return None,
    };
    let year = match year.len() {
        2 => {
            let y = digits(year, 2)?;
            if y < 50 { 2000 + y } else { 1900 + y }
        }
        4 => digits(year, 4)?,
        _ => return None,
    };
    let (time, offset) = clock(time.trim())?;
    put(year, month, day, time, offset)
}

/// `15:05:02.1234567`, `3:05 PM`, with `Z`, `GMT` or an offset behind: `(ticks of the day, ticks of the offset)`.
fn clock(text: &str) -> Option<(i64, i64)> {
    if text.is_empty() || text.eq_ignore_ascii_case("z") {
        return Some((0, 0));
    }
    let mut rest = text;
    let mut offset = 0;
    if let Some(t) = ["Z", "z", "GMT", "UTC"]
        .iter()
        .find_map(|s| rest.strip_suffix(s))
    {
        rest = t.trim_end();
    } else if let Some(i) = rest.rfind(['+', '-']) {
        let (t, o) = rest.split_at(i);
        let (sign, o) = (if o.starts_with('-') { -1 } else { 1 }, o.get(1..)?);
        let (h, m) = match o.split_once(':') {
            Some((h, m)) => (digits(h, 2)?, digits(m, 2)?),
            None if o.len() == 4 => (digits(o.get(..2)?, 2)?, digits(o.get(2..)?, 2)?),
            None => (digits(o, 2)?, 0),
        };
        if h > 14 || m > 59 {
            return None;
        }
        offset = sign * (h * HOUR + m * MINUTE);
        rest = t.trim_end();
    }
    let mut half = None;
    let lower = rest.to_ascii_lowercase();
    for (suffix, pm) in [("am", false), ("pm", true)] {
        if lower.ends_with(suffix) {
            half = Some(pm);
            rest = rest.get(..rest.len() - 2)?.trim_end();
            break;
        }
    }
    if rest.is_empty() && half.is_none() {
        return Some((0, offset));
    }
    let mut parts = rest.split(':');
    let mut hour = digits(parts.next()?, 2)?;
    let minute = match parts.next() {
        Some(m) => digits(m, 2)?,
        None if half.is_some() => 0,
        None => return None,
    };
    let (second, ticks) = match parts.next() {
        None => (0, 0),
        Some(s) => match s.split_once(['.', ',']) {
            Some((s, f)) => (digits(s, 2)?, fraction(f)?),
            None => (digits(s, 2)?, 0),
        },
    };
    if let Some(pm) = half {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + if pm { 12 } else { 0 };
    }
    if parts.next().is_some()
        || hour > 24
        || minute > 59
        || second > 59
        || (hour == 24 && (minute, second, ticks) != (0, 0, 0))
    {
        return None;
    }
    Some((
        hour * HOUR + minute * MINUTE + second * SECOND + ticks,
        offset,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_forms_read() {
        for (text, iso) in [
            ("2022-12-02", "2022-12-02T00:00:00.0000000Z"),
            ("2022-12-02 13:45", "2022-12-02T13:45:00.0000000Z"),
            (
                "2022-12-02T13:45:56.1234567Z",
                "2022-12-02T13:45:56.1234567Z",
            ),
            ("2022-12-02T13:45:56+02:00", "2022-12-02T11:45:56.0000000Z"),
            ("12-02-2022", "2022-12-02T00:00:00.0000000Z"),
            ("7/1/2024, 12:00:00.000 AM", "2024-07-01T00:00:00.0000000Z"),
            ("7/1/2024, 1:02:03.500 PM", "2024-07-01T13:02:03.5000000Z"),
            (
                "Sat, 8 Nov 2014 15:05:02 GMT",
                "2014-11-08T15:05:02.0000000Z",
            ),
            ("8 Nov 14 15:05", "2014-11-08T15:05:00.0000000Z"),
            (
                "Saturday, 08-Nov-14 15:05:02 GMT",
                "2014-11-08T15:05:02.0000000Z",
            ),
            ("Nov 8, 2014", "2014-11-08T00:00:00.0000000Z"),
            ("2014", "2014-01-01T00:00:00.0000000Z"),
            (
                "9999-12-31 23:59:59.9999999",
                "9999-12-31T23:59:59.9999999Z",
            ),
            ("0001-01-01", "0001-01-01T00:00:00.0000000Z"),
        ] {
            assert_eq!(
                parse_datetime(text).map(format_datetime_iso).as_deref(),
                Some(iso),
                "{text}"
            );
        }
        for bad in [
            "",
            "13-01-2022",
            "2022-13-01",
            "2022-02-30",
            "hello",
            "12",
            "2022-12-02 25:00",
        ] {
            assert_eq!(parse_datetime(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_calendar_is_its_own_inverse() {
        for day in (0..3_652_059).step_by(97) {
            let (y, m, d) = date_of(day * DAY);
            assert_eq!(days_of(y, m, d), Some(day));
        }
    }
}
