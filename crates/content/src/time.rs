//! Durations as content files write them.

const SECOND: i64 = 10_000_000;

/// `5m`, `1d`, `PT1H30M`, `P14D` in ticks; none of anything else. Years and months have no fixed length and are none.
pub fn duration(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix(['P', 'p']) {
        return iso(rest);
    }
    let at = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(at);
    let unit = match unit.trim().to_ascii_lowercase().as_str() {
        "d" | "day" | "days" => 86_400,
        "h" | "hour" | "hours" => 3600,
        "m" | "min" | "minute" | "minutes" => 60,
        "s" | "second" | "seconds" => 1,
        _ => return None,
    };
    number
        .parse::<i64>()
        .ok()?
        .checked_mul(unit)?
        .checked_mul(SECOND)
}

/// `1DT2H30M`, `2W`
fn iso(text: &str) -> Option<i64> {
    let (days, time) = match text.split_once(['T', 't']) {
        Some((d, t)) if !t.is_empty() => (d, t),
        Some(_) => return None,
        None => (text, ""),
    };
    if days.is_empty() && time.is_empty() {
        return None;
    }
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
    days.checked_mul(86_400)?
        .checked_add(seconds)?
        .checked_mul(SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        assert_eq!(duration("5m"), Some(300 * SECOND));
        assert_eq!(duration("P1DT2H"), Some(26 * 3600 * SECOND));
        assert_eq!(duration("14d"), duration("P2W"));
        for bad in ["", "5", "d", "P", "PT", "P1M", "1x", "-1d"] {
            assert_eq!(duration(bad), None, "{bad}");
        }
    }
}
