//! One printed cell.

use super::dynamics::{same_deep, same_dynamic, squash, unescaped};
use super::numbers::same;
use super::times::{same_datetime, same_timespan};
use super::{Rules, regex};
use crate::json::Json;
use kql_types::Type;

/// Whether a printed cell is a null.
pub(super) fn is_null(text: &str) -> bool {
    matches!(
        text.to_lowercase().as_str(),
        "" | "null" | "(null)" | "<null>"
    )
}

/// Whether a printed string and ours are the same.
pub(super) fn same_string(text: &str, v: &str) -> bool {
    if text == v {
        return true;
    }
    let a = squash(v);
    let mut forms = vec![
        text.to_owned(),
        unescaped(text).into_owned(),
        text.replace('`', ""),
        text.replace("\\\\", "\\"),
        text.replace("\\\"", "\""),
    ];
    for f in forms.clone() {
        let f = f.trim();
        let mut inner = f.chars();
        if let (Some(first), Some(last)) = (inner.next(), inner.next_back())
            && first == last
            && (first == '"' || first == '\'')
        {
            forms.push(inner.as_str().to_owned());
        }
    }
    for f in forms {
        let f = squash(&f);
        if f == a {
            return true;
        }
        let cut = f.strip_suffix("...").or_else(|| f.strip_suffix('…'));
        if let Some(start) = cut
            && f.chars().count() > 8
            && a.starts_with(start.trim_end())
        {
            return true;
        }
    }
    // JSON as a text, printed with other spaces.
    if a.starts_with(['[', '{']) && text.trim().starts_with(['[', '{']) {
        return match (Json::parse(text), Json::parse(&a)) {
            (Some(e), Some(a)) => same_deep(&e, &a, &Rules::default()),
            _ => false,
        };
    }
    false
}

/// Whether an expected cell and ours are the same. Suites of printed pages have texts, others have typed values.
pub(super) fn same_cell(e: &Json, v: &Json, ty: Type, rules: &Rules) -> bool {
    let Some(text) = e.str() else {
        return match (e, v) {
            (Json::Null, Json::Null) => true,
            (Json::Null, Json::String(s)) => s.is_empty() || (ty == Type::Real && s == "NaN"),
            (Json::Null, _) => false,
            (Json::Bool(x), Json::Bool(y)) => x == y,
            (Json::Bool(_), _) | (_, Json::Bool(_)) => false,
            (Json::Number(x), Json::Number(y) | Json::String(y)) if ty != Type::Dynamic => {
                same(x, y, rules.relative)
            }
            _ => same_deep(e, v, rules),
        };
    };
    let t = text.trim();
    if *v == Json::Null {
        return is_null(t) || (ty == Type::Real && t.eq_ignore_ascii_case("nan"));
    }
    if ty == Type::Dynamic {
        return same_dynamic(text, v, rules);
    }
    let mine = match v {
        Json::String(s) | Json::Number(s) => s.as_str(),
        _ => "",
    };
    if is_null(t) {
        return (mine.is_empty() && v.str().is_some())
            || (ty == Type::String && same_string(t, mine));
    }
    match ty {
        Type::Bool => match t.to_lowercase().as_str() {
            "true" | "1" => *v == Json::Bool(true),
            "false" | "0" => *v == Json::Bool(false),
            _ => false,
        },
        Type::Int | Type::Long | Type::Real | Type::Decimal => {
            same(t.trim_matches(|c| "\"'`".contains(c)), mine, rules.relative)
        }
        Type::DateTime => same_datetime(t, mine),
        Type::TimeSpan => same_timespan(t, mine),
        Type::Guid => t
            .trim_matches(|c| "\"'{}`".contains(c))
            .eq_ignore_ascii_case(mine.trim_matches(['{', '}'])),
        Type::String => same_string(text, mine),
        Type::Dynamic => false,
    }
}

/// Whether a printed header may be the name of a column.
pub(super) fn is_name(head: &str) -> bool {
    regex!(r"^[A-Za-z_$][\w$.\-]*$").is_match(head)
}
