//! Numbers out of values of any type; what is no number is none.

use kql_types::{DECIMAL_SCALE, DynRef, text};

/// A finite real without its fraction; what is too large is the last long.
#[allow(clippy::cast_possible_truncation)]
fn whole(x: f64) -> Option<i64> {
    // `as` stops at the ends of the range.
    x.is_finite().then_some(x as i64)
}

/// A text of a whole number: digits with a sign, or `0x` and hexadecimal digits. `5.7` and `1e3` are none.
fn integer(text: &str) -> Option<i64> {
    let text = text.trim();
    match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) if digits.starts_with('+') => None,
        Some(digits) => u64::from_str_radix(digits, 16).ok().map(u64::cast_signed),
        None => text.parse().ok(),
    }
}

/// As long: a real is cut toward zero.
pub fn to_long(v: &DynRef<'_>) -> Option<i64> {
    match v {
        DynRef::Bool(b) => Some(i64::from(*b)),
        DynRef::Long(n) | DynRef::DateTime(n) | DynRef::TimeSpan(n) => Some(*n),
        DynRef::Real(x) => whole(*x),
        DynRef::Decimal(d) => i64::try_from(d / 10i128.pow(DECIMAL_SCALE)).ok(),
        DynRef::String(s) => integer(s),
        _ => None,
    }
}

/// As int: of a long (and of ticks) the low 32 bits, of a real the nearest int, of a text an int only.
#[allow(clippy::cast_possible_truncation)]
pub fn to_int(v: &DynRef<'_>) -> Option<i32> {
    match v {
        DynRef::Long(n) | DynRef::DateTime(n) | DynRef::TimeSpan(n) => Some(*n as i32),
        DynRef::Real(x) => x.is_finite().then_some(*x as i32),
        v => to_long(v).and_then(|n| i32::try_from(n).ok()),
    }
}

fn number(s: &str) -> Option<f64> {
    let s = s.trim();
    match s.to_ascii_lowercase().as_str() {
        "nan" => return Some(f64::NAN),
        "inf" | "infinity" | "+inf" => return Some(f64::INFINITY),
        "-inf" | "-infinity" => return Some(f64::NEG_INFINITY),
        _ => {}
    }
    s.parse()
        .ok()
        .filter(|_| s.bytes().any(|b| b.is_ascii_digit()))
}

/// A decimal as a real.
#[allow(clippy::cast_precision_loss)]
fn decimal_to_real(d: i128) -> f64 {
    text::format_decimal(d)
        .parse()
        .unwrap_or(d as f64 / 10f64.powi(18))
}

/// As real.
#[allow(clippy::cast_precision_loss)]
pub fn to_real(v: &DynRef<'_>) -> Option<f64> {
    match v {
        DynRef::Bool(b) => Some(f64::from(u8::from(*b))),
        DynRef::Long(n) | DynRef::DateTime(n) | DynRef::TimeSpan(n) => Some(*n as f64),
        DynRef::Real(x) => Some(*x),
        DynRef::Decimal(d) => Some(decimal_to_real(*d)),
        DynRef::String(s) => number(s),
        _ => None,
    }
}
