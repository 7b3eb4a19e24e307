//! ISO 8601 durations and ranges, as the time range of a query is given.

use kql_types::text::{parse_datetime, parse_iso_duration};

/// The range in ticks, both ends within. A duration alone ends now. None: the text is no range.
pub fn range(text: &str, now: i64) -> Option<(i64, i64)> {
    let (from, to) = match text.split_once('/') {
        None => (end(text)?, End::Time(now)),
        Some((a, b)) => (end(a)?, end(b)?),
    };
    let range = match (from, to) {
        (End::Time(a), End::Time(b)) => Some((a, b)),
        (End::Duration(d), End::Time(b)) => b.checked_sub(d).map(|a| (a, b)),
        (End::Time(a), End::Duration(d)) => a.checked_add(d).map(|b| (a, b)),
        (End::Duration(_), End::Duration(_)) => None,
    };
    range.filter(|(a, b)| a <= b)
}

enum End {
    Time(i64),
    Duration(i64),
}

fn end(text: &str) -> Option<End> {
    let text = text.trim();
    if text.starts_with(['P', 'p']) {
        parse_iso_duration(text).map(End::Duration)
    } else {
        parse_datetime(text).map(End::Time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 10_000_000;

    #[test]
    fn ranges() {
        let now = parse_datetime("2024-07-03T00:00:00Z").unwrap();
        let t = |s: &str| parse_datetime(s).unwrap();
        assert_eq!(range("P1D", now), Some((t("2024-07-02"), now)));
        assert_eq!(range("PT90M", now), Some((now - 5400 * SECOND, now)));
        assert_eq!(
            range("P1WT1S", now),
            Some((now - (7 * 86_400 + 1) * SECOND, now))
        );
        assert_eq!(
            range("2024-07-01/2024-07-02", now),
            Some((t("2024-07-01"), t("2024-07-02")))
        );
        assert_eq!(
            range("2024-07-01T00:00:00Z/P1D", now),
            Some((t("2024-07-01"), t("2024-07-02")))
        );
        assert_eq!(
            range("P1D/2024-07-02", now),
            Some((t("2024-07-01"), t("2024-07-02")))
        );
        for bad in [
            "",
            "P",
            "PT",
            "1D",
            "P1M",
            "P1D/P1D",
            "2024-07-02/2024-07-01",
            "P99999999999D",
        ] {
            assert!(range(bad, now).is_none(), "{bad}");
        }
    }
}
