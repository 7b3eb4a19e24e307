//! `ingestionMapping` of `externaldata`: which property or cell a column has.

use crate::error::SourceError;
use crate::text::{External, Layout, Step};
use kql_diag::codes;
use kql_types::Type;
use serde_json::Value;

/// Reads a mapping: `[{"Column": NAME, "Properties": {"Path": "$.a.b"}}]`, or `"Ordinal": "1"` for cells. The older form
/// without `Properties` is read too; a transformation, a constant, or a path that is more than names and indexes is refused.
pub(crate) fn read(
    text: &str,
    layout: Layout,
    columns: &[(String, Type)],
    out: &mut External,
) -> Result<(), SourceError> {
    let bad = |what: String| SourceError::new(codes::BAD_VALUE, format!("ingestionMapping {what}"));
    let items: Vec<Value> =
        serde_json::from_str(text).map_err(|e| bad(format!("is no JSON array: {e}")))?;
    out.paths = columns
        .iter()
        .map(|(name, _)| vec![Step::Key(name.clone())])
        .collect();
    out.cells = (0..columns.len()).collect();
    for item in &items {
        let name = get(item, "column")
            .and_then(Value::as_str)
            .ok_or_else(|| bad("has an item without a column".to_owned()))?;
        let properties = get(item, "properties").unwrap_or(item);
        for refused in ["transform", "constvalue", "constantvalue"] {
            if get(properties, refused).is_some_and(|v| !v.is_null() && v != "None" && v != "") {
                return Err(SourceError::new(
                    codes::NOT_SUPPORTED,
                    format!("`{refused}` in an ingestionMapping is not supported"),
                ));
            }
        }
        let Some(place) = columns.iter().position(|(n, _)| n == name) else {
            return Err(bad(format!(
                "names column `{name}`, which the schema lacks"
            )));
        };
        if let Some(path) = get(properties, "path").and_then(Value::as_str) {
            let steps = steps(path).ok_or_else(|| {
                SourceError::new(
                    codes::NOT_SUPPORTED,
                    format!("path `{path}` in an ingestionMapping is not supported"),
                )
            })?;
            if let Some(p) = out.paths.get_mut(place) {
                *p = steps;
            }
        } else if let Some(ordinal) = get(properties, "ordinal") {
            let n = ordinal
                .as_u64()
                .or_else(|| ordinal.as_str().and_then(|s| s.parse().ok()))
                .and_then(|n| usize::try_from(n).ok())
                .ok_or_else(|| bad(format!("has no number as ordinal of `{name}`")))?;
            if let Some(c) = out.cells.get_mut(place) {
                *c = n;
            }
        } else if matches!(layout, Layout::Json | Layout::JsonLines) {
            return Err(bad(format!("has no path for `{name}`")));
        }
    }
    Ok(())
}

/// A member whatever the case of its name.
fn get<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    let object = value.as_object()?;
    object
        .iter()
        .find(|(k, _)| k.eq_ignore_ascii_case(name))
        .map(|(_, v)| v)
}

/// `$.a.b`, `$['a b']`, `$.a[0]`.
fn steps(path: &str) -> Option<Vec<Step>> {
    let mut rest = path.trim().strip_prefix('$')?;
    let mut out = Vec::new();
    while !rest.is_empty() {
        if let Some(r) = rest.strip_prefix('.') {
            let end = r.find(['.', '[']).unwrap_or(r.len());
            let (name, tail) = r.split_at(end);
            if name.is_empty() || name == "*" {
                return None;
            }
            out.push(Step::Key(name.to_owned()));
            rest = tail;
            continue;
        }
        let r = rest.strip_prefix('[')?;
        let quote = r.chars().next().filter(|c| matches!(c, '\'' | '"'));
        let (step, tail) = match quote {
            Some(q) => {
                let r = r.get(1..)?;
                let end = r.find(q)?;
                let tail = r.get(end + 1..)?.strip_prefix(']')?;
                (Step::Key(r.get(..end)?.to_owned()), tail)
            }
            None => {
                let (index, tail) = r.split_once(']')?;
                (Step::Index(index.parse().ok()?), tail)
            }
        };
        out.push(step);
        rest = tail;
    }
    matches!(out.first(), Some(Step::Key(_))).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let key = |k: &str| Step::Key(k.to_owned());
        assert_eq!(steps("$.a.b"), Some(vec![key("a"), key("b")]));
        assert_eq!(
            steps("$['a b'][0].c"),
            Some(vec![key("a b"), Step::Index(0), key("c")])
        );
        for bad in ["a", "$", "$..a", "$.a[*]", "$.*", "$.a[?(@.x)]", "$['a"] {
            assert_eq!(steps(bad), None, "{bad}");
        }
    }
}
