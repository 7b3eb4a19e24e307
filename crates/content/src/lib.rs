//! Query texts out of files: plain text, fenced blocks of Markdown, JSON lines.
//!
//! The text is never changed: a block is the lines between its fences, and its place in the file is kept for messages.

mod functions;
mod markdown;

pub use functions::{FunctionText, functions};

use serde::Deserialize;
use std::path::Path;

/// A query text with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedQuery {
    /// What messages and outputs call it: the file, with `#2` where a file has several.
    pub name: String,
    /// The text.
    pub text: String,
    /// The line of the file on which the text begins, from 1.
    pub first_line: usize,
    /// The heading above it, if the file has headings.
    pub heading: Option<String>,
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
/// The file's kind is not read, it has no query, or the selector picks none.
pub fn queries(
    name: &str,
    text: &str,
    selector: Option<&str>,
) -> Result<Vec<NamedQuery>, ContentError> {
    let ending = Path::new(name)
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let all = match ending.as_str() {
        "yaml" | "yml" | "json" => {
            return Err(ContentError(format!(
                "{name}: queries inside of .{ending} files are not supported yet"
            )));
        }
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
        Err(_) => all.into_iter().find(|q| {
            q.heading
                .as_deref()
                .is_some_and(|h| h.trim().eq_ignore_ascii_case(wanted))
                || q.name.ends_with(&format!("#{wanted}"))
        }),
    };
    chosen
        .map(|q| vec![q])
        .ok_or_else(|| ContentError(format!("{name} has no query `{wanted}`")))
}

fn whole(name: &str, text: &str) -> NamedQuery {
    NamedQuery {
        name: name.to_owned(),
        text: text.to_owned(),
        first_line: 1,
        heading: None,
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
            heading: None,
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
