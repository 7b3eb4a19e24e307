//! Constants and names.

use crate::ast::{Dynamic, Literal, Name};
use kql_types::text;
use std::fmt::Write;

/// A name as it is written.
pub fn name(n: &Name) -> String {
    if n.bracketed {
        format!("[{}]", string(&n.text))
    } else {
        n.text.clone()
    }
}

/// A constant.
pub fn literal(l: &Literal) -> String {
    match l {
        Literal::Bool(b) => b.to_string(),
        Literal::Int(n) => format!("int({n})"),
        Literal::Long(n) if *n < 0 => format!("long({n})"),
        Literal::Long(n) => n.to_string(),
        Literal::Real(x) if x.is_nan() => "real(nan)".to_owned(),
        Literal::Real(x) if x.is_infinite() && *x > 0.0 => "real(+inf)".to_owned(),
        Literal::Real(x) if x.is_infinite() => "real(-inf)".to_owned(),
        Literal::Real(x) if x.is_sign_negative() => format!("real({x:?})"),
        Literal::Real(x) => format!("{x:?}"),
        Literal::Decimal(d) => format!("decimal({d})"),
        Literal::String(s) => string(s),
        Literal::DateTime(t) => datetime(*t),
        // The token's own text is what is printed wherever there is one.
        Literal::TimeOfDay(t) => format!("datetime({})", text::format_timespan(*t)),
        Literal::TimeSpan(t) => timespan(*t),
        Literal::Guid(g) => format!("guid({})", text::format_guid(g)),
        Literal::Dynamic(d) => {
            let mut out = "dynamic(".to_owned();
            dynamic(d, &mut out);
            out.push(')');
            out
        }
        Literal::Null(ty) => format!("{ty}(null)"),
    }
}

/// A string in the form that needs the fewest escapes.
pub fn string(s: &str) -> String {
    let control = s.chars().any(|c| c.is_control() && c != '\n');
    if !control && (s.contains('\\') || s.contains('\n')) {
        return format!("@\"{}\"", s.replace('"', "\"\""));
    }
    if s.contains('"') && !s.contains('\'') {
        return quoted(s, '\'');
    }
    quoted(s, '"')
}

fn quoted(s: &str, quote: char) -> String {
    let mut out = String::with_capacity(s.len() + 2);
    out.push(quote);
    for c in s.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

fn datetime(ticks: i64) -> String {
    let iso = text::format_datetime_iso(ticks);
    let plain = iso.trim_end_matches('Z').replace('T', " ");
    let plain = match plain.split_once('.') {
        Some((_, fraction)) if fraction.bytes().any(|b| b != b'0') => plain.trim_end_matches('0'),
        Some((whole, _)) => whole,
        None => &plain,
    };
    let plain = plain.strip_suffix(" 00:00:00").unwrap_or(plain);
    format!("datetime({plain})")
}

fn timespan(ticks: i64) -> String {
    const UNITS: [(u64, &str); 7] = [
        (864_000_000_000, "d"),
        (36_000_000_000, "h"),
        (600_000_000, "m"),
        (10_000_000, "s"),
        (10_000, "ms"),
        (10, "microsecond"),
        (1, "tick"),
    ];
    let size = ticks.unsigned_abs();
    let (per, unit) = if size == 0 {
        (1, "s")
    } else {
        UNITS
            .into_iter()
            .find(|(per, _)| size.is_multiple_of(*per))
            .unwrap_or((1, "tick"))
    };
    if ticks < 0 {
        format!("timespan(-{}{unit})", size / per)
    } else {
        format!("{}{unit}", size / per)
    }
}

fn dynamic(d: &Dynamic, out: &mut String) {
    match d {
        Dynamic::Null => out.push_str("null"),
        Dynamic::Scalar(l) => match &**l {
            Literal::String(s) => out.push_str(&quoted(s, '"')),
            Literal::Long(n) if *n > i64::MIN => {
                let _ = write!(out, "{n}");
            }
            Literal::Real(x) if x.is_finite() => {
                let _ = write!(out, "{x:?}");
            }
            l => out.push_str(&literal(l)),
        },
        Dynamic::Array(items) => {
            out.push('[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push_str(", ");
                }
                dynamic(item, out);
            }
            out.push(']');
        }
        Dynamic::Bag(items) => {
            out.push('{');
            for (n, (key, item)) in items.iter().enumerate() {
                if n > 0 {
                    out.push_str(", ");
                }
                out.push_str(&quoted(key, '"'));
                out.push_str(": ");
                dynamic(item, out);
            }
            out.push('}');
        }
    }
}
