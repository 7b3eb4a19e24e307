//! ISO 8601 durations.

const SECOND: i64 = 10_000_000;

/// An ISO 8601 duration such as `P1DT2H30M` or `P2W` in ticks; none of anything else. Years and months have no fixed length
/// and are none.
pub fn parse_iso_duration(text: &str) -> Option<i64> {
    let text = text.strip_prefix(['P', 'p'])?;
    let (days, time) = match text.split_once(['T', 't']) {
        Some((d, t)) if !t.is_empty() => (d, t),
        Some(_) => return None,
        None => (text, ""),
    };
    if days.is_empty() && time.is_empty() {
        return None;
    }
    let day = 86_400 * SECOND;
    let units = |part: &str, of: fn(char) -> Option<i64>| -> Option<i64> {
        let mut total = 0i64;
        let mut number = String::new();
        for c in part.chars() {
            if c.is_ascii_digit() {
                number.push(c);
                continue;
            }
            let n: i64 = number.parse().ok()?;
            number.clear();
            total = total.checked_add(n.checked_mul(of(c.to_ascii_uppercase())?)?)?;
        }
        number.is_empty().then_some(total)
    };
    let days = units(days, |c| match c {
        'W' => Some(7),
        'D' => Some(1),
        _ => None,
    })?;
    let seconds = units(time, |c| match c {
        'H' => Some(3600),
        'M' => Some(60),
        'S' => Some(1),
        _ => None,
    })?;
    days.checked_mul(day)?
        .checked_add(seconds.checked_mul(SECOND)?)
}
