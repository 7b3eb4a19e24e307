//! Placeholders in query texts: `{TimeRange}` of workbooks and `{{StartTimeISO}}` of hunting queries.

use crate::NamedQuery;
use crate::node::{Node, Value};
use crate::text::{Lines, Text};
use crate::time::duration;
use kql_diag::{Diagnostic, Severity, codes};
use std::collections::BTreeMap;

const SECOND: i64 = 10_000_000;

/// What placeholders are filled with.
#[derive(Debug, Clone, Default)]
pub struct Values {
    /// By name, as the user says.
    pub given: BTreeMap<String, String>,
    /// The time range that is looked at, as texts of both ends.
    pub range: Option<(String, String)>,
    /// The range that hunting queries have where none is given: the last 24 hours, as the portal has it.
    pub usual_range: Option<(String, String)>,
    /// Nothing is run: a placeholder without a value gets a stand-in, and a note says so.
    pub checking: bool,
}

/// What a workbook says of one of its parameters.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Default_ {
    /// So long until now, in ticks.
    Time(i64),
    /// Values, with the quote and the delimiter between them.
    Values {
        values: Vec<String>,
        /// What they are called; empty where it is the same.
        labels: Vec<String>,
        quote: String,
        delimiter: String,
    },
    /// All that there are, which the workbook writes so.
    All { text: String, quote: String },
    /// It is chosen by whoever reads the workbook.
    Unset,
}

/// The parameters of a workbook by name.
pub(crate) type Parameters = BTreeMap<String, Default_>;

/// The default of a parameter item.
pub(crate) fn default_of(item: &Node) -> Default_ {
    let text = |n: &Node, key: &str| {
        n.get(key)
            .and_then(Node::scalar)
            .map(|t| t.as_str().to_owned())
    };
    if let Some(ms) = item.path(&["value", "durationMs"]).and_then(Node::str) {
        return match ms
            .parse::<i64>()
            .ok()
            .and_then(|n| n.checked_mul(SECOND / 1000))
        {
            Some(t) if t > 0 => Default_::Time(t),
            _ => Default_::Unset,
        };
    }
    let quote = text(item, "quote").unwrap_or_default();
    let values: Vec<String> = match item.get("value").map(|v| &v.value) {
        Some(Value::Scalar(t)) => vec![t.as_str().to_owned()],
        Some(Value::List(l)) => l
            .iter()
            .filter_map(|n| n.scalar().map(|t| t.as_str().to_owned()))
            .collect(),
        _ => return selected(item, quote),
    };
    if values.iter().any(|v| v == "value::all") {
        return match item
            .get("typeSettings")
            .and_then(|s| text(s, "selectAllValue"))
        {
            Some(text) if !text.is_empty() => Default_::All { text, quote },
            _ => Default_::Unset,
        };
    }
    if values.iter().any(|v| v.starts_with("value::")) {
        return Default_::Unset;
    }
    Default_::Values {
        values,
        labels: Vec::new(),
        quote,
        delimiter: delimiter(item),
    }
}

fn delimiter(item: &Node) -> String {
    item.text("delimiter").unwrap_or(",").to_owned()
}

/// What is selected of the choices that a parameter's own list gives.
fn selected(item: &Node, quote: String) -> Default_ {
    let list = item
        .get("jsonData")
        .and_then(Node::scalar)
        .and_then(|t| crate::json::parse(t.as_str()).ok());
    let (mut values, mut labels) = (Vec::new(), Vec::new());
    for choice in list.as_ref().map(Node::elements).unwrap_or_default() {
        if choice.text("selected") == Some("true")
            && let Some(value) = choice.text("value")
        {
            values.push(value.to_owned());
            labels.push(choice.text("label").unwrap_or(value).to_owned());
        }
    }
    if values.is_empty() || values.iter().any(|v| v.starts_with("value::")) {
        return Default_::Unset;
    }
    Default_::Values {
        values,
        labels,
        quote,
        delimiter: delimiter(item),
    }
}

/// The time that a parameter stands for, in ticks until now.
pub(crate) fn period(name: &str, parameters: &Parameters, values: &Values) -> Option<i64> {
    match values.given.get(name) {
        Some(text) => duration(text),
        None => match parameters.get(name) {
            Some(Default_::Time(t)) => Some(*t),
            _ => None,
        },
    }
}

/// A workbook's query with its parameters filled in. Faults go to `findings`, with places in the file.
pub(crate) fn workbook(
    text: &Text,
    parameters: &Parameters,
    values: &Values,
    findings: &mut Vec<Diagnostic>,
) -> Text {
    let s = text.as_str();
    let mut out = Text::default();
    let mut from = 0;
    let mut at = 0;
    while let Some(open) = s.get(at..).and_then(|r| r.find('{')).map(|i| at + i) {
        at = open + 1;
        let Some((name, format, close)) = placeholder(s, open) else {
            continue;
        };
        let replacement = match value(name, format, parameters, values) {
            Some(v) => v,
            None => {
                let whole = s.get(open + 1..close - 1).unwrap_or_default();
                let span = text.part(open, close).span();
                let mut d = Diagnostic::error(
                    codes::NO_VALUE,
                    span,
                    format!("workbook parameter `{whole}` has no value"),
                )
                .with_help(format!("--param {whole}=VALUE gives it one"));
                if values.checking {
                    d.severity = Severity::Note;
                }
                findings.push(d);
                stand_in(format, quoted(s.get(..open).unwrap_or_default())).to_owned()
            }
        };
        out.append(&text.part(from, open));
        out.append(&Text::standing_at(&replacement, text.at(open)));
        from = close;
        at = close;
    }
    if from == 0 {
        return text.clone();
    }
    out.append(&text.part(from, s.len()));
    out
}

/// `{Name}` or `{Name:format}` at a byte: both, and where it ends.
fn placeholder(s: &str, open: usize) -> Option<(&str, &str, usize)> {
    let inner = s.get(open + 1..)?;
    let end = inner.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':' | '$' | '.')))?;
    let inner = inner.get(..end)?;
    if s.as_bytes().get(open + 1 + end) != Some(&b'}')
        || !inner.starts_with(|c: char| c.is_alphabetic() || c == '_')
    {
        return None;
    }
    let (name, format) = inner.split_once(':').unwrap_or((inner, ""));
    Some((name, format, open + end + 2))
}

/// Whether a text ends inside of a quoted text.
fn quoted(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    let mut open: Option<char> = None;
    for c in line.chars() {
        match open {
            None if c == '\'' || c == '"' => open = Some(c),
            Some(q) if q == c => open = None,
            _ => {}
        }
    }
    open.is_some()
}

/// What a check takes for a value that only a reader gives.
fn stand_in(format: &str, quoted: bool) -> &'static str {
    match format {
        "grain" => "1h",
        "start" => "ago(1d)",
        "end" => "now()",
        "seconds" => "86400",
        "query" => "> ago(1d)",
        _ if quoted => "",
        _ => "''",
    }
}

fn value(name: &str, format: &str, parameters: &Parameters, values: &Values) -> Option<String> {
    let known = parameters.get(name);
    if !format.is_empty()
        && let Some(v) = values.given.get(&format!("{name}:{format}"))
    {
        return Some(v.clone());
    }
    if let Some(given) = values.given.get(name) {
        let time = matches!(known, Some(Default_::Time(_)))
            || matches!(format, "start" | "end" | "query" | "seconds" | "grain");
        return if time {
            time_text(given, format)
        } else {
            Some(given.clone())
        };
    }
    match known? {
        Default_::Time(t) => time_text(&ago(*t), format),
        Default_::Values {
            values,
            labels,
            quote,
            delimiter,
        } => Some(match format {
            "label" if !labels.is_empty() => labels.join(", "),
            "label" => values.join(", "),
            _ => {
                let all: Vec<String> = values
                    .iter()
                    .map(|v| format!("{quote}{v}{quote}"))
                    .collect();
                all.join(delimiter)
            }
        }),
        Default_::All { text, quote } => Some(match format {
            "label" => "All".to_owned(),
            _ => format!("{quote}{text}{quote}"),
        }),
        Default_::Unset => None,
    }
}

/// A duration as KQL writes it.
fn ago(ticks: i64) -> String {
    for (unit, name) in [(86_400, "d"), (3600, "h"), (60, "m"), (1, "s")] {
        let unit = unit * SECOND;
        if ticks % unit == 0 {
            return format!("{}{name}", ticks / unit);
        }
    }
    format!("{}tick", ticks)
}

/// A time range in one of the ways that a workbook writes it: a duration until now, or FROM/TO.
fn time_text(text: &str, format: &str) -> Option<String> {
    if let Some((from, to)) = text.split_once('/') {
        return match format {
            "" | "query" | "value" => Some(format!("between (datetime({from}) .. datetime({to}))")),
            "start" => Some(format!("datetime({from})")),
            "end" => Some(format!("datetime({to})")),
            _ => None,
        };
    }
    let ticks = duration(text)?;
    match format {
        "" | "query" | "value" => Some(format!("> ago({})", ago(ticks))),
        "start" => Some(format!("ago({})", ago(ticks))),
        "end" => Some("now()".to_owned()),
        "seconds" => Some((ticks / SECOND).to_string()),
        // The portal chooses a grain for each range, and does not say how.
        _ => None,
    }
}

/// A query with `{{StartTimeISO}}` and its like filled in.
pub(crate) fn times(text: &Text, values: &Values, findings: &mut Vec<Diagnostic>) -> Text {
    let s = text.as_str();
    if !s.contains("{{") {
        return text.clone();
    }
    let mut out = Text::default();
    let mut from = 0;
    for (name, open, close) in crate::rule::placeholders(text) {
        let name = name.as_str();
        let of = |range: &Option<(String, String)>| {
            let (from, to) = range.as_ref()?;
            Some(if name == "StartTimeISO" { from } else { to }.clone())
        };
        let (known, usual) = match name {
            "StartTimeISO" | "EndTimeISO" => (of(&values.range), of(&values.usual_range)),
            _ if values.given.contains_key(name) => (None, None),
            _ => continue,
        };
        let span = text.part(open, close).span();
        let mut value = values.given.get(name).cloned().or(known);
        if value.is_none()
            && let Some(usual) = usual
        {
            if findings.is_empty() {
                let mut d = Diagnostic::warning(
                    codes::NO_VALUE,
                    span,
                    "the time range is the last 24 hours, as the portal has it where none is chosen",
                )
                .with_help("--timespan gives another");
                d.severity = Severity::Note;
                findings.push(d);
            }
            value = Some(usual);
        }
        if value.is_none() {
            let mut d = Diagnostic::error(
                codes::NO_VALUE,
                span,
                format!("placeholder `{{{{{name}}}}}` has no value"),
            )
            .with_help(format!(
                "--timespan gives the time range, or --param {name}=VALUE"
            ));
            if values.checking {
                d.severity = Severity::Note;
            }
            findings.push(d);
        }
        out.append(&text.part(from, open));
        let value = value.unwrap_or_else(|| "2024-01-01T00:00:00Z".to_owned());
        out.append(&Text::standing_at(&value, text.at(open)));
        from = close;
    }
    out.append(&text.part(from, s.len()));
    out
}

/// A query of a plain text with its placeholders filled in.
pub(crate) fn in_query(mut q: NamedQuery, values: &Values) -> NamedQuery {
    if !q.text.contains("TimeISO}}") {
        return q;
    }
    let mut text = Text::default();
    text.push_str(&q.text, 0);
    let filled = times(&text, values, &mut q.findings);
    let first = q.first_line.saturating_sub(1);
    q.anchors = filled.anchors(&Lines::new(&q.text));
    q.anchors.iter_mut().for_each(|a| a.line += first);
    q.text = filled.as_str().to_owned();
    q
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(query: &str, checking: bool) -> (String, usize) {
        let mut parameters = Parameters::new();
        parameters.insert("TimeRange".to_owned(), Default_::Time(172_800 * SECOND));
        parameters.insert(
            "W".to_owned(),
            Default_::Values {
                values: vec!["a".to_owned(), "b".to_owned()],
                labels: Vec::new(),
                quote: "'".to_owned(),
                delimiter: ",".to_owned(),
            },
        );
        let all = Default_::All {
            text: "*".to_owned(),
            quote: "'".to_owned(),
        };
        parameters.insert("A".to_owned(), all);
        let values = Values {
            given: [("G".to_owned(), "x".to_owned())].into(),
            checking,
            ..Values::default()
        };
        let mut text = Text::default();
        text.push_str(query, 100);
        let mut findings = Vec::new();
        let out = workbook(&text, &parameters, &values, &mut findings);
        (out.as_str().to_owned(), findings.len())
    }

    #[test]
    fn workbook_parameters() {
        for (query, expected, faults) in [
            ("T | where t {TimeRange}", "T | where t > ago(2d)", 0),
            (
                "from {TimeRange:start} to {TimeRange:end}",
                "from ago(2d) to now()",
                0,
            ),
            ("x in ({W}) '{W:label}'", "x in ('a','b') 'a, b'", 0),
            ("x in ({A}) '{A:label}' '{G}'", "x in ('*') 'All' 'x'", 0),
            ("bin(t, {TimeRange:grain})", "bin(t, 1h)", 1),
            ("x in ({U}) or x == '{U}'", "x in ('') or x == ''", 2),
            (
                "dynamic({\"a\":1}) '\\d{2}' { x }",
                "dynamic({\"a\":1}) '\\d{2}' { x }",
                0,
            ),
        ] {
            assert_eq!(
                filled(query, true),
                (expected.to_owned(), faults),
                "{query}"
            );
        }
    }
}

#[cfg(test)]
mod choices {
    use super::*;

    #[test]
    fn what_is_selected_of_a_list_is_the_default() {
        let of = |list: &str| {
            let item = format!(
                "{{\"name\":\"G\",\"quote\":\"'\",\"jsonData\":\"{}\"}}",
                list.replace('"', "\\\"")
            );
            let item = crate::json::parse(&item).unwrap();
            let parameters = [("G".to_owned(), default_of(&item))].into();
            let value = |format| value("G", format, &parameters, &Values::default());
            (value(""), value("label"))
        };
        let (some, none) = (|s: &str| Some(s.to_owned()), None);
        assert_eq!(
            of(
                r#"[{"value":"a","label":"A","selected":"true"},{"value":"b","selected":true},{"value":"c"}]"#
            ),
            (some("'a','b'"), some("A, b"))
        );
        assert_eq!(
            of(r#"[{"value":"a","label":"A"}]"#),
            (none.clone(), none.clone())
        );
        assert_eq!(of(r#"["a"]"#), (none.clone(), none.clone()));
        assert_eq!(of("no list"), (none.clone(), none));
    }
}
