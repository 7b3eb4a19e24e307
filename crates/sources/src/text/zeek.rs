//! Zeek's logs: lines that begin with `#` give the separator, the names and the types of the columns.

use super::chunks::Head;
use super::separated::Begin;
use kql_types::dynamic::json::write_quoted;
use kql_types::{Type, text};
use memchr::memchr;

/// Reads the lines before the rows.
pub(crate) fn head(text: &[u8], head: &mut Head) -> Begin {
    let mut at = 0;
    while text.get(at) == Some(&b'#') {
        let Some(i) = text.get(at..).and_then(|t| memchr(b'\n', t)) else {
            return Begin::Needs;
        };
        let line = String::from_utf8_lossy(text.get(at..at + i).unwrap_or_default());
        directive(line.trim_end_matches('\r'), head);
        at += i + 1;
    }
    if at == text.len() {
        return Begin::Needs;
    }
    Begin::At(at)
}

fn directive(line: &str, head: &mut Head) {
    if let Some(s) = line.strip_prefix("#separator ") {
        let code = s
            .strip_prefix("\\x")
            .and_then(|h| u8::from_str_radix(h, 16).ok());
        if let Some(b) = code.or_else(|| s.bytes().next()) {
            head.separator = b;
        }
        return;
    }
    let separator = char::from(head.separator);
    let rest = |prefix: &str| -> Option<Vec<String>> {
        let r = line.strip_prefix(prefix)?.strip_prefix(separator)?;
        Some(r.split(separator).map(str::to_owned).collect())
    };
    if let Some(names) = rest("#fields") {
        head.names = Some(names);
    } else if let Some(types) = rest("#types") {
        head.types = types;
    }
}

/// The KQL type of a Zeek type.
pub(crate) fn type_of(zeek: &str) -> Type {
    match zeek {
        "time" => Type::DateTime,
        "interval" => Type::TimeSpan,
        "count" | "int" | "port" => Type::Long,
        "double" => Type::Real,
        "bool" => Type::Bool,
        t if t.starts_with("set[") || t.starts_with("vector[") => Type::Dynamic,
        _ => Type::String,
    }
}

/// A cell in the way other texts have it; none for null.
pub(crate) fn cell<'t>(zeek: &str, t: &'t str, scratch: &'t mut String) -> Option<&'t str> {
    if t == "-" {
        return None;
    }
    scratch.clear();
    match zeek {
        "time" => {
            text::write::write_datetime(text::datetime::UNIX_EPOCH.checked_add(ticks(t)?)?, scratch)
        }
        "interval" => text::write::write_timespan(ticks(t)?, scratch),
        "bool" => scratch.push_str(if t == "T" { "true" } else { "false" }),
        _ if zeek.starts_with("set[") || zeek.starts_with("vector[") => {
            let inner = zeek
                .split_once('[')
                .map_or("", |(_, i)| i.trim_end_matches(']'));
            let bare = matches!(inner, "count" | "int" | "port" | "double");
            scratch.push('[');
            if t != "(empty)" {
                for (i, item) in t.split(',').enumerate() {
                    if i > 0 {
                        scratch.push(',');
                    }
                    if bare {
                        scratch.push_str(item);
                    } else {
                        write_quoted(item, scratch);
                    }
                }
            }
            scratch.push(']');
        }
        _ if t == "(empty)" => {}
        _ => return Some(t),
    }
    Some(scratch)
}

/// Seconds with up to nine digits behind the point, as ticks.
fn ticks(t: &str) -> Option<i64> {
    let (seconds, rest) = t.split_once('.').unwrap_or((t, ""));
    let negative = seconds.starts_with('-');
    let mut digits = rest.to_owned();
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    while digits.len() < 7 {
        digits.push('0');
    }
    let fraction: i64 = digits.get(..7)?.parse().ok()?;
    let whole = seconds.parse::<i64>().ok()?.checked_mul(10_000_000)?;
    whole.checked_add(if negative { -fraction } else { fraction })
}
