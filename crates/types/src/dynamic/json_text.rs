//! `dynamic` as text: JSON, and what `tostring` gives.

use super::DynRef;
use crate::text::write::{write_datetime, write_decimal, write_guid, write_real, write_timespan};
use std::fmt::Write;

/// A value as compact JSON. What JSON has no form for is a text: `"2020-01-01T00:00:00.0000000Z"`, `"00:01:00"`, a guid, a
/// decimal, `"NaN"`.
pub fn write_json(v: DynRef<'_>, out: &mut String) {
    match v {
        DynRef::Null => out.push_str("null"),
        DynRef::Bool(b) => out.push_str(if b { "true" } else { "false" }),
        DynRef::Long(n) => {
            let _ = write!(out, "{n}");
        }
        DynRef::Real(x) if x.is_finite() => write_real(x, out),
        DynRef::String(s) => write_quoted(s, out),
        DynRef::Real(_)
        | DynRef::Decimal(_)
        | DynRef::DateTime(_)
        | DynRef::TimeSpan(_)
        | DynRef::Guid(_) => {
            out.push('"');
            to_text(v, out);
            out.push('"');
        }
        DynRef::Array(a) => {
            out.push('[');
            for (i, item) in a.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_json(item, out);
            }
            out.push(']');
        }
        DynRef::Bag(b) => {
            out.push('{');
            for (i, (name, item)) in b.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_quoted(name, out);
                out.push(':');
                write_json(item, out);
            }
            out.push('}');
        }
    }
}

/// The text that `tostring` gives: a text without quotes, null as nothing, anything else as JSON.
pub fn to_text(v: DynRef<'_>, out: &mut String) {
    match v {
        DynRef::Null => {}
        DynRef::String(s) => out.push_str(s),
        DynRef::Real(x) => write_real(x, out),
        DynRef::Decimal(d) => write_decimal(d, out),
        DynRef::DateTime(t) => write_datetime(t, out),
        DynRef::TimeSpan(t) => write_timespan(t, out),
        DynRef::Guid(g) => write_guid(&g, out),
        other => write_json(other, out),
    }
}

/// A text as a JSON text, with quotes; only what must be escaped is.
pub fn write_quoted(s: &str, out: &mut String) {
    out.push('"');
    let mut from = 0;
    for (i, b) in s.bytes().enumerate() {
        let short = match b {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            8 => "\\b",
            12 => "\\f",
            0..0x20 => "",
            _ => continue,
        };
        out.push_str(s.get(from..i).unwrap_or_default());
        if short.is_empty() {
            let _ = write!(out, "\\u{b:04x}");
        } else {
            out.push_str(short);
        }
        from = i + 1;
    }
    out.push_str(s.get(from..).unwrap_or_default());
    out.push('"');
}
