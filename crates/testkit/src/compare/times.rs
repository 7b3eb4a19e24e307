//! Printed times.

use super::regex;

const DAY: i64 = 864_000_000_000;
const SECOND: i64 = 10_000_000;

fn number(m: Option<regex::Match<'_>>) -> i64 {
    m.and_then(|m| m.as_str().parse().ok()).unwrap_or(0)
}

/// Ticks of a fraction, and the ticks of its last digit.
fn fraction(digits: &str) -> (i64, i64) {
    let f: String = digits.chars().take(7).collect();
    let n = u32::try_from(f.len()).unwrap_or(7);
    let unit = 10i64.pow(7 - n);
    (f.parse::<i64>().unwrap_or(0) * unit, unit)
}

/// Days since 0001-01-01; none when there is no such day.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let lengths = [
        31,
        if leap { 29 } else { 28 },
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let before = usize::try_from(month - 1).ok()?;
    let length = *lengths.get(before)?;
    if !(1..=9999).contains(&year) || !(1..=length).contains(&day) {
        return None;
    }
    let y = year - 1;
    Some(y * 365 + y / 4 - y / 100 + y / 400 + lengths[..before].iter().sum::<i64>() + day - 1)
}

/// Ticks and written precision of one reading.
fn reading(ymd: (i64, i64, i64), time: Option<&str>, offset: i64) -> Option<(i64, i64)> {
    let (mut h, mut m, mut s, mut f, mut precision) = (0, 0, 0, 0, DAY);
    if let Some(time) = time {
        let k =
            regex!(r"^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.:,](\d{1,9}))?)?\s*([AaPp]\.?[Mm]\.?)?$")
                .captures(time.trim())?;
        h = number(k.get(1));
        m = number(k.get(2));
        precision = 60 * SECOND;
        if let Some(t) = k.get(3) {
            s = t.as_str().parse().ok()?;
            precision = SECOND;
        }
        if let Some(t) = k.get(4) {
            (f, precision) = fraction(t.as_str());
        }
        if let Some(half) = k.get(5) {
            let afternoon = half.as_str().to_lowercase().starts_with('p');
            if afternoon && h < 12 {
                h += 12;
            } else if !afternoon && h == 12 {
                h = 0;
            }
        }
    }
    if h > 24 || m > 59 || s > 59 {
        return None;
    }
    let seconds = ((days(ymd.0, ymd.1, ymd.2)? * 24 + h) * 60 + m) * 60 + s - offset * 60;
    Some((seconds * SECOND + f, precision))
}

/// Every reading of a text as a datetime.
fn datetimes(text: &str) -> Vec<(i64, i64)> {
    let quotes = |c: char| "\"'`".contains(c);
    let mut t = text.trim().trim_matches(quotes).to_owned();
    if let Some(inner) = t
        .strip_prefix("datetime(")
        .and_then(|t| t.strip_suffix(')'))
    {
        t = inner
            .trim()
            .trim_matches(|c| c == '"' || c == '\'')
            .to_owned();
    }
    let t = regex!(r"\s+").replace_all(&t, " ").into_owned();
    let t = regex!(r"\s?\(?(UTC|GMT)\)?$").replace(&t, "Z").into_owned();
    let mut out = Vec::new();
    if let Some(m) = regex!(
        r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\d{1,2}:\d{2}(?::\d{2}(?:[.,:]\d+)?)?(?:\s*[AaPp][Mm])?))?\s*(Z|[+-]\d{2}:?\d{2})?$"
    )
    .captures(&t)
    {
        let offset = match m.get(5).map(|m| m.as_str()) {
            None | Some("Z") => 0,
            Some(o) => {
                let d: Vec<i64> = o
                    .chars()
                    .filter_map(|c| c.to_digit(10).map(i64::from))
                    .collect();
                let n = d[0] * 600 + d[1] * 60 + d[2] * 10 + d[3];
                if o.starts_with('-') { -n } else { n }
            }
        };
        let ymd = (number(m.get(1)), number(m.get(2)), number(m.get(3)));
        out.extend(reading(ymd, m.get(4).map(|m| m.as_str()), offset));
    }
    if let Some(m) = regex!(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:,? +(.+?))?Z?$").captures(&t) {
        let (a, b, y) = (number(m.get(1)), number(m.get(2)), number(m.get(3)));
        let time = m.get(4).map(|m| m.as_str());
        out.extend(reading((y, a, b), time, 0));
        out.extend(reading((y, b, a), time, 0));
    }
    if let Some(m) = regex!(
        r"^(?:[A-Za-z]{3,9},? )?(\d{1,2})[ -]([A-Za-z]{3})[a-z]*[ -](\d{4})(?:,? +(.+?))?Z?$"
    )
    .captures(&t)
    {
        const MONTHS: [&str; 12] = [
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ];
        let name = m[2].to_lowercase();
        if let Some(i) = MONTHS.iter().position(|n| *n == name) {
            let month = i64::try_from(i).unwrap_or(0) + 1;
            let ymd = (number(m.get(3)), month, number(m.get(1)));
            out.extend(reading(ymd, m.get(4).map(|m| m.as_str()), 0));
        }
    }
    out
}

/// Whether a printed datetime and ours are the same, to the precision that is printed.
pub(super) fn same_datetime(expected: &str, actual: &str) -> bool {
    let Some((a, _)) = datetimes(actual).first().copied() else {
        return false;
    };
    datetimes(expected).iter().any(|(e, precision)| {
        *e == a
            || (*precision < DAY
                && (e.div_euclid(*precision) == a.div_euclid(*precision)
                    || (*precision < SECOND && (a - e).abs() * 2 <= *precision)))
    })
}

fn timespan(text: &str) -> Option<(i64, i64)> {
    let mut t = text.trim().trim_matches(|c| "\"'`".contains(c)).to_owned();
    if let Some(m) = regex!(r"^time(?:span)?\((.*)\)$").captures(&t) {
        t = m[1].trim().to_owned();
    }
    let t = t.as_str();
    if let Some(m) =
        regex!(r"^(-)?(?:(\d+)[.: ])?(\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?$").captures(t)
    {
        let (f, precision) = m.get(6).map_or((0, SECOND), |f| fraction(f.as_str()));
        let seconds = ((number(m.get(2)) * 24 + number(m.get(3))) * 60 + number(m.get(4))) * 60
            + number(m.get(5));
        let ticks = seconds * SECOND + f;
        return Some((if m.get(1).is_some() { -ticks } else { ticks }, precision));
    }
    if let Some(m) = regex!(r"^(-)?(\d{1,2}):(\d{2})$").captures(t) {
        let ticks = (number(m.get(2)) * 60 + number(m.get(3))) * 60 * SECOND;
        return Some((if m.get(1).is_some() { -ticks } else { ticks }, 60 * SECOND));
    }
    if let Some(m) = regex!(
        r"^(-?\d+(?:\.\d+)?)\s*(d|days?|h|hours?|hrs?|m|mins?|minutes?|s|secs?|seconds?|ms|milliseconds?|microseconds?|ticks?)$"
    )
    .captures(t)
    {
        let unit = &m[2];
        let worth = if unit.starts_with("ms") || unit.starts_with("milli") {
            10_000.0
        } else if unit.starts_with("micro") {
            10.0
        } else if unit.starts_with("tick") {
            1.0
        } else {
            match unit.chars().next()? {
                'd' => 864e9,
                'h' => 36e9,
                'm' => 600e6,
                _ => 1e7,
            }
        };
        #[allow(clippy::cast_possible_truncation)]
        let ticks = (m[1].parse::<f64>().ok()? * worth).round() as i64;
        return Some((ticks, 1));
    }
    let days: i64 = regex!(r"^-?\d+$").find(t)?.as_str().parse().ok()?;
    Some((days.checked_mul(DAY)?, 1))
}

/// Whether a printed timespan and ours are the same, to the precision that is printed.
pub(super) fn same_timespan(expected: &str, actual: &str) -> bool {
    let (Some((a, _)), Some((e, precision))) = (timespan(actual), timespan(expected)) else {
        return false;
    };
    a == e || (precision < SECOND && (a - e).abs() * 2 <= precision)
}
