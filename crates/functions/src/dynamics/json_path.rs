//! Paths as texts: the subset of JSONPath that KQL has (`$.a['b c'].d[0]`).

use crate::prelude::*;
use kql_types::dynamic::json::Step;

/// A step that owns its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnedStep {
    /// The property of a bag.
    Key(String),
    /// The element of an array.
    Index(i64),
}

/// The steps of a path, borrowed.
pub fn borrowed(steps: &[OwnedStep]) -> Vec<Step<'_>> {
    steps
        .iter()
        .map(|s| match s {
            OwnedStep::Key(k) => Step::Key(k),
            OwnedStep::Index(i) => Step::Index(*i),
        })
        .collect()
}

/// Reads a path; the `$` may be missing.
///
/// # Errors
/// The text is no path, or has wildcards, slices or filters.
pub fn parse_path(path: &str) -> Result<Vec<OwnedStep>> {
    steps(path).ok_or_else(|| {
        KernelError::new(format!(
            "`{path}` is not a supported JSON path: a path is `$` followed by `.name`, `['name']` or `[number]`"
        ))
    })
}

/// The names along a path, where a text that does not begin as a path is one name; none when the path has an index or is
/// no path.
pub fn parse_names(text: &str) -> Option<Vec<String>> {
    if !(text.starts_with("$.") || text.starts_with("$[")) {
        return Some(vec![text.to_owned()]);
    }
    steps(text)?
        .into_iter()
        .map(|s| match s {
            OwnedStep::Key(k) => Some(k),
            OwnedStep::Index(_) => None,
        })
        .collect()
}

fn steps(path: &str) -> Option<Vec<OwnedStep>> {
    let mut out = Vec::new();
    let mut rest = match path.strip_prefix('$') {
        Some(rest) => rest,
        None if path.starts_with(['.', '[']) => path,
        None => {
            let (name, rest) = plain_name(path)?;
            out.push(OwnedStep::Key(name.to_owned()));
            rest
        }
    };
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('.') {
            let after = after.strip_prefix('[').map_or(after, |_| after);
            if after.starts_with('[') {
                rest = after;
                continue;
            }
            let (name, tail) = plain_name(after)?;
            out.push(OwnedStep::Key(name.to_owned()));
            rest = tail;
        } else {
            let inside = rest.strip_prefix('[')?;
            let quote = inside.chars().next().filter(|c| matches!(c, '\'' | '"'));
            if let Some(quote) = quote {
                let text = inside.strip_prefix(quote)?;
                let (name, tail) = quoted_name(text, quote)?;
                out.push(OwnedStep::Key(name));
                rest = tail.strip_prefix(']')?;
            } else {
                let (number, tail) = inside.split_once(']')?;
                out.push(OwnedStep::Index(number.trim().parse().ok()?));
                rest = tail;
            }
        }
    }
    Some(out)
}

/// A name up to the next step.
fn plain_name(text: &str) -> Option<(&str, &str)> {
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end)?;
    let plain = !name.is_empty() && !name.contains(['*', '?', '(', ']', '@']);
    plain.then_some((name, rest))
}

/// A name up to its closing quote, which is taken.
fn quoted_name(text: &str, quote: char) -> Option<(String, &str)> {
    let mut name = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            c if c == quote => return Some((name, chars.as_str())),
            '\\' => name.push(chars.next()?),
            c => name.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let key = |k: &str| OwnedStep::Key(k.to_owned());
        assert_eq!(
            steps("$.a['b c'][\"d\"][3].e"),
            Some(vec![
                key("a"),
                key("b c"),
                key("d"),
                OwnedStep::Index(3),
                key("e")
            ])
        );
        assert_eq!(steps("$"), Some(vec![]));
        assert_eq!(steps("a.b"), Some(vec![key("a"), key("b")]));
        for bad in [
            "$..a",
            "$.*",
            "$[*]",
            "$[1:2]",
            "$.a[",
            "$['a'",
            "$.",
            "$a",
            "$[?(@.x)]",
            "",
        ] {
            assert!(
                steps(bad).is_none_or(|s| bad.is_empty() && s.is_empty()),
                "{bad}"
            );
        }
        assert_eq!(parse_names("a.b"), Some(vec!["a.b".to_owned()]));
        assert_eq!(parse_names("$.a[0]"), None);
    }
}
