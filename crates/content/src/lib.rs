//! Query texts out of files: plain text, fenced blocks of Markdown, JSON lines, rules and parsers in YAML, workbooks and
//! templates in JSON.
//!
//! The text is never changed but where a placeholder of its file stands, and the place of each part of it in the file is
//! kept for messages.

mod alert;
mod arm;
mod document;
mod fill;
mod folder;
mod functions;
mod json;
mod markdown;
mod node;
mod rule;
mod stored;
mod text;
mod time;
mod watchlist;
mod workbook;
mod yaml;

pub use alert::Alert;
pub use document::{Document, Item, Kind, Period, Watchlist, document};
pub use fill::Values;
pub use folder::{read_text, stored_functions, watchlist_template};
pub use functions::{FunctionText, functions};
pub use rule::{Compare, Entity, Rule, Trigger, placeholders};
pub use stored::newer;
pub use text::{Lines, Text};
pub use time::duration;

use kql_diag::{Anchor, Diagnostic, Source};

use serde::Deserialize;
use std::path::Path;

/// A query text with its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedQuery {
    /// What messages and outputs call it: the file, with `#2` where a file has several.
    pub name: String,
    /// The text.
    pub text: String,
    /// The line of the file on which the text begins, from 1.
    pub first_line: usize,
    /// The heading above it, if the file has headings.
    pub heading: Option<String>,
    /// Where the parts of the text lie in the file; empty where `first_line` says it all.
    pub anchors: Vec<Anchor>,
    /// The time that it looks at when nothing else is said.
    pub period: Option<Period>,
    /// What was found while placeholders were filled in; spans are in the file.
    pub findings: Vec<Diagnostic>,
}

impl NamedQuery {
    /// The text as diagnostics point into it.
    pub fn source(&self) -> Source {
        Source {
            name: self.name.clone(),
            text: self.text.clone(),
            first_line: self.first_line.max(1),
            anchors: self.anchors.clone(),
        }
    }
}

/// Why a file gives no query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentError(pub String);

impl std::fmt::Display for ContentError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ContentError {}

#[derive(Deserialize)]
struct Line {
    id: Option<serde_json::Value>,
    query: String,
}

/// The queries of a text. `selector` is what stands behind `#`: a number from 1, or the words of a heading.
///
/// # Errors
/// The file is at fault, it has no query, or the selector picks none.
pub fn queries(
    name: &str,
    text: &str,
    selector: Option<&str>,
) -> Result<Vec<NamedQuery>, ContentError> {
    let found = load(name, text, &Values::default())?;
    if let Some(d) = found.findings.iter().find(|d| d.is_error()) {
        return Err(ContentError(d.show(std::slice::from_ref(&found.source))));
    }
    let items = select(name, found.items, selector)?;
    Ok(items.into_iter().map(|i| i.query).collect())
}

/// All that a file has, by its ending.
///
/// # Errors
/// A line of JSON lines has no query. What else is wrong is among the findings.
pub fn load(name: &str, text: &str, values: &Values) -> Result<Document, ContentError> {
    let ending = Path::new(name)
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let all = match ending.as_str() {
        "yaml" | "yml" | "json" => return Ok(document(name, text, values)),
        "jsonl" => json_lines(name, text)?,
        "kql" | "csl" => vec![whole(name, text)],
        _ => {
            let blocks = markdown::blocks(name, text);
            if blocks.is_empty() && ending != "md" {
                vec![whole(name, text)]
            } else {
                blocks
            }
        }
    };
    let items = all.into_iter().map(|q| Item {
        query: fill::in_query(q, values),
        ..Item::default()
    });
    Ok(Document {
        source: Source::new(name, text),
        items: items.collect(),
        findings: Vec::new(),
    })
}

/// The items that a selector picks; all where there is none.
///
/// # Errors
/// There are none, or the selector picks none.
pub fn select(
    name: &str,
    all: Vec<Item>,
    selector: Option<&str>,
) -> Result<Vec<Item>, ContentError> {
    let Some(selector) = selector else {
        return if all.is_empty() {
            Err(ContentError(format!("{name} has no query")))
        } else {
            Ok(all)
        };
    };
    let wanted = selector.trim().trim_matches('"').trim();
    let chosen = match wanted.parse::<usize>() {
        Ok(n) => all.into_iter().nth(n.wrapping_sub(1)),
        Err(_) => all.into_iter().find(|i| {
            i.query
                .heading
                .as_deref()
                .is_some_and(|h| h.trim().eq_ignore_ascii_case(wanted))
                || i.query.name.ends_with(&format!("#{wanted}"))
        }),
    };
    chosen
        .map(|i| vec![i])
        .ok_or_else(|| ContentError(format!("{name} has no query `{wanted}`")))
}

fn whole(name: &str, text: &str) -> NamedQuery {
    NamedQuery {
        name: name.to_owned(),
        text: text.to_owned(),
        first_line: 1,
        ..NamedQuery::default()
    }
}

fn json_lines(name: &str, text: &str) -> Result<Vec<NamedQuery>, ContentError> {
    let mut out = Vec::new();
    for (i, line) in text
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.trim().is_empty())
    {
        let record: Line = serde_json::from_str(line).map_err(|e| {
            ContentError(format!("{name}:{}: no object with a `query`: {e}", i + 1))
        })?;
        let id = match record.id {
            Some(serde_json::Value::String(s)) => s,
            Some(v) => v.to_string(),
            None => format!("{name}#{}", i + 1),
        };
        out.push(NamedQuery {
            name: id,
            text: record.query,
            first_line: 1,
            ..NamedQuery::default()
        });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Title\n\n### First one\n\n```query\nT | count\n```\n\n### Second\n~~~text\nno\n~~~\n```kusto\n// c\n\nU\n```\n";

    #[test]
    fn fenced_blocks_are_queries_with_their_lines() {
        let all = queries("page.txt", PAGE, None).unwrap();
        assert_eq!(all.len(), 2);
        assert_eq!(
            (all[0].text.as_str(), all[0].first_line),
            ("T | count\n", 6)
        );
        assert_eq!(
            (all[1].text.as_str(), all[1].first_line),
            ("// c\n\nU\n", 13 + 1)
        );
        assert_eq!(
            queries("page.txt", PAGE, Some("2")).unwrap()[0]
                .heading
                .as_deref(),
            Some("Second")
        );
        assert_eq!(
            queries("page.txt", PAGE, Some("\"first one\"")).unwrap()[0].text,
            "T | count\n"
        );
        assert!(queries("page.txt", PAGE, Some("3")).is_err());
        assert_eq!(
            queries("a.txt", "T | count", None).unwrap()[0].text,
            "T | count"
        );
    }
}
