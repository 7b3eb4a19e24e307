//! Reals and decimals as text.

use crate::DECIMAL_SCALE;

/// A real as `tostring` writes it: at least one digit after the point (`6.0`), `NaN`, `inf`, `-inf`, and an exponent for
/// very large and small numbers (`1E+20`), in the shortest form that reads back to the same value.
pub fn format_real(x: f64) -> String {
    let mut out = String::new();
    super::write::write_real(x, &mut out);
    out
}

/// A decimal (scaled by 10^[`DECIMAL_SCALE`]) without trailing zeros.
pub fn format_decimal(d: i128) -> String {
    let mut out = String::new();
    super::write::write_decimal(d, &mut out);
    out
}

/// A decimal from text such as `-1.5` or `1e3`, scaled by 10^[`DECIMAL_SCALE`]; none when it is no number, too large, or
/// has more digits after the point than are kept.
pub fn parse_decimal(text: &str) -> Option<i128> {
    let text = text.trim();
    let (negative, rest) = match text.strip_prefix('-') {
        Some(r) => (true, r),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((m, e)) => (m, e.parse::<i32>().ok()?),
        None => (rest, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut value: i128 = 0;
    for c in whole.chars().chain(fraction.chars()) {
        value = value
            .checked_mul(10)?
            .checked_add(i128::from(c.to_digit(10)?))?;
    }
    let mut shift =
        i32::try_from(DECIMAL_SCALE).ok()? + exponent - i32::try_from(fraction.len()).ok()?;
    while shift > 0 {
        value = value.checked_mul(10)?;
        shift -= 1;
    }
    while shift < 0 {
        // Digits beyond the scale are rounded half away from zero.
        let last = value % 10;
        value /= 10;
        if shift == -1 && last >= 5 {
            value += 1;
        }
        shift += 1;
    }
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_and_write() {
        for (x, s) in [
            (6.0, "6.0"),
            (1.5, "1.5"),
            (-0.25, "-0.25"),
            (1e20, "1E+20"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(format_real(x), s);
        }
        for (t, s) in [
            ("1.50", "1.5"),
            ("-3", "-3"),
            ("1e3", "1000"),
            ("0.000000000000000001", "0.000000000000000001"),
        ] {
            assert_eq!(parse_decimal(t).map(format_decimal).as_deref(), Some(s));
        }
        assert_eq!(parse_decimal("x"), None);
        assert_eq!(parse_decimal("99999999999999999999999999"), None);
    }
}
