//! Texts of scalars, written into a buffer: as `tostring` gives them and as they stand inside a dynamic's text.

use crate::DECIMAL_SCALE;
use std::fmt::Write;

/// Ticks of a second.
const SECOND: u64 = 10_000_000;
/// Ticks of a day.
const DAY: u64 = 86_400 * SECOND;

/// A double in its shortest form that reads back as the same double, with a point or an exponent: `6.0`, `0.0001`,
/// `1E+20`, `1E-05`; not finite: `NaN`, `inf`, `-inf`.
pub fn write_real(x: f64, out: &mut String) {
    if x.is_nan() {
        out.push_str("NaN");
        return;
    }
    if x.is_infinite() {
        out.push_str(if x > 0.0 { "inf" } else { "-inf" });
        return;
    }
    let magnitude = x.abs();
    if magnitude == 0.0 || (1e-4..1e15).contains(&magnitude) {
        let from = out.len();
        let _ = write!(out, "{x}");
        if out.get(from..).is_some_and(|t| !t.contains('.')) {
            out.push_str(".0");
        }
        return;
    }
    let text = format!("{x:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(e) => ('-', e),
        None => ('+', exponent),
    };
    let _ = write!(out, "{digits}E{sign}{exponent:0>2}");
}

/// A datetime as `2020-01-02T03:04:05.0000000Z`.
pub fn write_datetime(ticks: i64, out: &mut String) {
    let ticks = u64::try_from(ticks).unwrap_or(0);
    let (year, month, day) = civil(ticks / DAY);
    let rest = ticks % DAY;
    let seconds = rest / SECOND;
    let _ = write!(
        out,
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:07}Z",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        rest % SECOND
    );
}

/// Year, month and day of a day counted from 0001-01-01, in the Gregorian calendar.
fn civil(days: u64) -> (u64, u64, u64) {
    // Years that begin in March put the leap day last; eras of 400 years are all alike.
    let z = days + 306;
    let era = z / 146_097;
    let of_era = z % 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let m = (5 * of_year + 2) / 153;
    let day = of_year - (153 * m + 2) / 5 + 1;
    let month = if m < 10 { m + 3 } else { m - 9 };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

/// A timespan as `00:01:00`, `1.02:03:04.5000000`, `-00:00:01`: days and the fraction only when there are any.
pub fn write_timespan(ticks: i64, out: &mut String) {
    if ticks < 0 {
        out.push('-');
    }
    let ticks = ticks.unsigned_abs();
    let days = ticks / DAY;
    if days > 0 {
        let _ = write!(out, "{days}.");
    }
    let seconds = ticks % DAY / SECOND;
    let _ = write!(
        out,
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    );
    let fraction = ticks % SECOND;
    if fraction > 0 {
        let _ = write!(out, ".{fraction:07}");
    }
}

/// A guid in lower case with hyphens.
pub fn write_guid(bytes: &[u8; 16], out: &mut String) {
    for (i, b) in bytes.iter().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        let _ = write!(out, "{b:02x}");
    }
}

/// A decimal without trailing zeros after the point.
pub fn write_decimal(scaled: i128, out: &mut String) {
    let unit = 10u128.pow(DECIMAL_SCALE);
    if scaled < 0 {
        out.push('-');
    }
    let n = scaled.unsigned_abs();
    let _ = write!(out, "{}", n / unit);
    let fraction = n % unit;
    if fraction > 0 {
        let digits = format!(
            "{fraction:0width$}",
            width = usize::try_from(DECIMAL_SCALE).unwrap_or(18)
        );
        out.push('.');
        out.push_str(digits.trim_end_matches('0'));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text<T>(write: fn(T, &mut String), value: T) -> String {
        let mut out = String::new();
        write(value, &mut out);
        out
    }

    #[test]
    fn reals_keep_a_point_or_an_exponent() {
        for (x, want) in [
            (6.0, "6.0"),
            (-0.5, "-0.5"),
            (0.0, "0.0"),
            (1e14, "100000000000000.0"),
            (1e15, "1E+15"),
            (1.25e20, "1.25E+20"),
            (0.0001, "0.0001"),
            (0.00001, "1E-05"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(text(write_real, x), want);
        }
    }

    #[test]
    fn datetimes_of_all_years() {
        for (t, want) in [
            (0, "0001-01-01T00:00:00.0000000Z"),
            (637_135_310_455_000_000, "2020-01-02T03:04:05.5000000Z"),
            (3_155_378_975_999_999_999, "9999-12-31T23:59:59.9999999Z"),
            (630_822_816_000_000_000, "2000-01-01T00:00:00.0000000Z"),
        ] {
            assert_eq!(text(write_datetime, t), want);
        }
    }

    #[test]
    fn timespans_guids_decimals() {
        assert_eq!(text(write_timespan, 864_000_000_000), "1.00:00:00");
        assert_eq!(text(write_timespan, -15_000_000), "-00:00:01.5000000");
        assert_eq!(text(write_timespan, i64::MIN), "-10675199.02:48:05.4775808");
        assert_eq!(text(write_decimal, -1_500_000_000_000_000_000), "-1.5");
        assert_eq!(
            text(write_guid, &[0xab; 16]),
            "abababab-abab-abab-abab-abababababab"
        );
    }
}
