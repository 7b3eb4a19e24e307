//! The text of one value as `tostring` writes it.

use kql_types::{DECIMAL_SCALE, DynRef};
use std::fmt::Write;

const TICKS_PER_SECOND: i64 = 10_000_000;
const TICKS_PER_DAY: i64 = 86_400 * TICKS_PER_SECOND;

/// Appends the text of a dynamic value: a string without quotes, null as nothing, an array or a bag as JSON.
pub fn write_dynamic(value: DynRef<'_>, out: &mut String) {
    match value {
        DynRef::Null => {}
        DynRef::String(s) => out.push_str(s),
        DynRef::Decimal(d) => decimal(d, out),
        DynRef::DateTime(t) => datetime(t, out),
        DynRef::TimeSpan(t) => timespan(t, out),
        DynRef::Guid(g) => guid(g, out),
        other => json(other, out),
    }
}

/// Appends a value as JSON.
pub fn json(value: DynRef<'_>, out: &mut String) {
    match value {
        DynRef::Null => out.push_str("null"),
        DynRef::Bool(b) => out.push_str(if b { "true" } else { "false" }),
        DynRef::Long(n) => out.push_str(itoa::Buffer::new().format(n)),
        DynRef::Real(x) => real(x, out),
        DynRef::String(s) => quoted(s, out),
        DynRef::Array(a) => {
            out.push('[');
            for (i, v) in a.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                json(v, out);
            }
            out.push(']');
        }
        DynRef::Bag(b) => {
            out.push('{');
            for (i, (k, v)) in b.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                quoted(k, out);
                out.push(':');
                json(v, out);
            }
            out.push('}');
        }
        other => {
            out.push('"');
            write_dynamic(other, out);
            out.push('"');
        }
    }
}

fn quoted(s: &str, out: &mut String) {
    out.push('"');
    for c in s.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

fn real(x: f64, out: &mut String) {
    if x.is_nan() {
        out.push_str("NaN");
    } else if x.is_infinite() {
        out.push_str(if x > 0.0 { "inf" } else { "-inf" });
    } else if x != 0.0 && (x.abs() >= 1e15 || x.abs() < 1e-5) {
        let _ = write!(out, "{x:e}");
    } else {
        let _ = write!(out, "{x:?}");
    }
}

fn decimal(d: i128, out: &mut String) {
    let unit = 10u128.pow(DECIMAL_SCALE);
    if d < 0 {
        out.push('-');
    }
    let (whole, part) = (d.unsigned_abs() / unit, d.unsigned_abs() % unit);
    let _ = write!(out, "{whole}");
    if part != 0 {
        let digits = format!("{part:018}");
        out.push('.');
        out.push_str(digits.trim_end_matches('0'));
    }
}

fn guid(g: [u8; 16], out: &mut String) {
    for (i, b) in g.iter().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        let _ = write!(out, "{b:02x}");
    }
}

fn datetime(ticks: i64, out: &mut String) {
    // Civil date of a day number, counted from 0001-01-01, by eras of 400 years that begin in March.
    let day = ticks.div_euclid(TICKS_PER_DAY) + 306;
    let (era, of_era) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let m = (5 * of_year + 2) / 153;
    let d = of_year - (153 * m + 2) / 5 + 1;
    let month = if m < 10 { m + 3 } else { m - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    let t = ticks.rem_euclid(TICKS_PER_DAY);
    let s = t / TICKS_PER_SECOND;
    let _ = write!(
        out,
        "{year:04}-{month:02}-{d:02}T{:02}:{:02}:{:02}.{:07}Z",
        s / 3_600,
        s / 60 % 60,
        s % 60,
        t % TICKS_PER_SECOND
    );
}

fn timespan(ticks: i64, out: &mut String) {
    if ticks < 0 {
        out.push('-');
    }
    let (t, second) = (ticks.unsigned_abs(), TICKS_PER_SECOND.unsigned_abs());
    let s = t / second;
    if s >= 86_400 {
        let _ = write!(out, "{}.", s / 86_400);
    }
    let _ = write!(
        out,
        "{:02}:{:02}:{:02}",
        s / 3_600 % 24,
        s / 60 % 60,
        s % 60
    );
    if t % second != 0 {
        let _ = write!(out, ".{:07}", t % second);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kql_types::Dyn;

    fn text(d: &Dyn) -> String {
        let bytes = d.to_bytes();
        let mut out = String::new();
        write_dynamic(DynRef::new(&bytes), &mut out);
        out
    }

    #[test]
    fn texts_are_those_of_tostring() {
        assert_eq!(text(&Dyn::DateTime(0)), "0001-01-01T00:00:00.0000000Z");
        assert_eq!(
            text(&Dyn::DateTime(637_135_633_456_000_000)),
            "2020-01-02T12:02:25.6000000Z"
        );
        assert_eq!(text(&Dyn::TimeSpan(-1_296_000_000_000)), "-1.12:00:00");
        assert_eq!(text(&Dyn::TimeSpan(15_000_000)), "00:00:01.5000000");
        assert_eq!(text(&Dyn::Real(6.0)), "6.0");
        assert_eq!(text(&Dyn::Decimal(1_500_000_000_000_000_000)), "1.5");
        assert_eq!(
            text(&Dyn::Array(vec![
                Dyn::String("a\"b".into()),
                Dyn::Null,
                Dyn::Bag(vec![("k".into(), Dyn::Bool(true))]),
            ])),
            r#"["a\"b",null,{"k":true}]"#
        );
    }
}
