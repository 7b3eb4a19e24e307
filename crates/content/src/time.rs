//! Durations as content files write them.

use kql_types::text::parse_iso_duration;

const SECOND: i64 = 10_000_000;

/// `5m`, `1d`, `PT1H30M`, `P14D` in ticks; none of anything else. Years and months have no fixed length and are none.
pub fn duration(text: &str) -> Option<i64> {
    let text = text.trim();
    if text.starts_with(['P', 'p']) {
        return parse_iso_duration(text);
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
