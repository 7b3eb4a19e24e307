//! Printed JSON, often broken by the page it was printed on.

use super::numbers::{is_nonfinite, same};
use super::tables::pairs_up;
use super::times::{same_datetime, same_timespan};
use super::{Rules, cells, regex};
use crate::json::Json;
use std::borrow::Cow;

/// Runs of white space as one space.
pub(super) fn squash(s: &str) -> String {
    s.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A character that Markdown had escaped.
pub(super) fn unescaped(s: &str) -> Cow<'_, str> {
    regex!(r#"\\([\\`*_{}\[\]()#+\-.!|<>~$&"'/^=:;,?@%])"#).replace_all(s, "$1")
}

/// Whether two values are the same all the way down.
pub(super) fn same_deep(e: &Json, a: &Json, rules: &Rules) -> bool {
    match (e, a) {
        (Json::Null, Json::Null) => true,
        (Json::Bool(x), Json::Bool(y)) => x == y,
        (Json::Number(x), Json::Number(y)) => same(x, y, rules.relative),
        (Json::Object(x), Json::Object(y)) => {
            x.iter()
                .all(|(n, v)| a.get(n).is_some_and(|w| same_deep(v, w, rules)))
                && y.iter().all(|(n, _)| e.get(n).is_some())
        }
        (Json::Array(x), Json::Array(y)) => same_arrays(x, y, rules),
        (Json::String(x), Json::String(y)) => {
            x == y
                || squash(x) == squash(y)
                || (regex!(r"^\d{4}-\d\d-\d\d").is_match(x) && same_datetime(x, y))
                || (regex!(r"^-?[\d.]*\d\d:\d\d:\d\d").is_match(x) && same_timespan(x, y))
        }
        (Json::String(x), Json::Number(y)) => is_nonfinite(x) && same(x, y, rules.relative),
        _ => false,
    }
}

fn same_arrays(e: &[Json], a: &[Json], rules: &Rules) -> bool {
    let left_out = |v: &Json| v.str() == Some("...");
    if e.iter().filter(|v| left_out(v)).count() == 1 && !a.iter().any(left_out) {
        let k = e.iter().position(left_out).unwrap_or(0);
        let tail = &e[k + 1..];
        return a.len() >= e.len()
            && e[..k].iter().zip(a).all(|(x, y)| same_deep(x, y, rules))
            && tail
                .iter()
                .zip(&a[a.len() - tail.len()..])
                .all(|(x, y)| same_deep(x, y, rules));
    }
    if e.len() != a.len() {
        return false;
    }
    if e.iter().zip(a).all(|(x, y)| same_deep(x, y, rules)) {
        return true;
    }
    rules.unordered_arrays && {
        let matrix: Vec<Vec<bool>> = e
            .iter()
            .map(|x| a.iter().map(|y| same_deep(x, y, rules)).collect())
            .collect();
        pairs_up(&matrix)
    }
}

/// Whether a printed dynamic and ours are the same.
pub(super) fn same_dynamic(text: &str, v: &Json, rules: &Rules) -> bool {
    let t = text.trim();
    match v {
        Json::Null => return cells::is_null(t),
        Json::String(s) => {
            if (t.is_empty() && s.is_empty()) || cells::same_string(t, s) {
                return true;
            }
            let digit = s.starts_with(|c: char| c.is_ascii_digit());
            if digit && (same_datetime(t, s) || same_timespan(t, s)) {
                return true;
            }
            // In JSON a real that is no number is a text.
            if is_nonfinite(s) && same(t, s, rules.relative) {
                return true;
            }
        }
        Json::Bool(b) => match t.to_lowercase().as_str() {
            "true" | "1" => return *b,
            "false" | "0" => return !*b,
            _ => {}
        },
        Json::Number(n) if same(t, n, rules.relative) => return true,
        _ => {}
    }
    let mut tries: Vec<String> = vec![
        t.to_owned(),
        t.replace("\"\"", "\""),
        unescaped(t).into_owned(),
        t.replace('`', ""),
    ];
    if let Some(inner) = t.strip_prefix('"').and_then(|t| t.strip_suffix('"')) {
        tries.push(inner.to_owned());
        tries.push(inner.replace("\"\"", "\""));
        tries.push(inner.replace("\\\"", "\""));
    }
    let mut quoted = t.to_owned();
    loop {
        let next = regex!(r"([\[,{:\s])'([^']*)'(\s*[\],}:])")
            .replace_all(&quoted, "$1\"$2\"$3")
            .into_owned();
        if next == quoted {
            break;
        }
        quoted = next;
    }
    tries.push(quoted);
    let dots = regex!(r"(?:(?:\.{3,}|…)[\s,]*)+([^.\s,])").replace_all(t, "\"...\",$1");
    tries.push(dots.replace(",]", "]").replace("\",}", "\"}"));
    tries.push(regex!(r",\s*([\]}])").replace_all(t, "$1").into_owned());
    tries.push(regex!(r"\bNaN\b").replace_all(t, "\"NaN\"").into_owned());
    let mut valid = false;
    for (i, x) in tries.iter().enumerate() {
        let Some(e) = Json::parse(x) else { continue };
        valid = valid || i == 0 || matches!(e, Json::Array(_) | Json::Object(_));
        if same_deep(&e, v, rules) {
            return true;
        }
        if let Json::String(inner) = &e
            && let Some(e) = Json::parse(inner)
            && same_deep(&e, v, rules)
        {
            return true;
        }
    }
    // JSON without quotes, or cut off: the bare texts.
    if matches!(v, Json::Array(_) | Json::Object(_)) && t.starts_with(['[', '{', '"']) {
        let bare = |s: &str| regex!(r#"[\s"'`\\]+"#).replace_all(s, "").into_owned();
        let mine = bare(&v.text());
        if let Some(m) = regex!(r#",?\s*(\.\.\.|…)\s*[\]}"]*$"#).find(t) {
            let start = bare(&t[..m.start()]);
            return start.len() > 4 && mine.starts_with(&start);
        }
        return !valid && bare(t) == mine;
    }
    false
}
