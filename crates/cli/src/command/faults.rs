//! Common faults of rules: settings that name columns which the query does not give, and periods that are too short.

use kql_content::{Item, Kind, Period, duration};
use kql_diag::{Diagnostic, Severity, Span, codes, did_you_mean};
use kql_engine::Prepared;

/// The settings of a rule against what its query gives. Places are in the file.
pub fn of_rule(item: &Item, prepared: &Prepared) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let Some(rule) = &item.rule else {
        return out;
    };
    if let (Some((period, span)), Some(frequency)) = (rule.period, rule.frequency)
        && period < frequency
    {
        let message =
            "queryPeriod is shorter than queryFrequency: what comes in between is never looked at";
        out.push(Diagnostic::warning(codes::SHORT_PERIOD, span, message));
    }
    let Some(columns) = prepared.columns().filter(|_| !prepared.open_schema) else {
        return out;
    };
    if prepared.error().is_some() {
        return out;
    }
    for (setting, column) in rule.columns() {
        let name = column.as_str();
        // A format may reach into a dynamic column.
        let first = name.split(['.', '[']).next().unwrap_or_default().trim();
        if columns.iter().any(|c| c.name == first) {
            continue;
        }
        let message = format!("{setting} names column `{name}`, which the query does not give");
        let mut d = Diagnostic::error(codes::CONTENT_COLUMN, column.span(), message);
        // In the cloud an empty placeholder does not keep a rule from running.
        if setting == "alertDetailsOverride" || item.kind == Kind::HuntingQuery {
            d.severity = Severity::Warning;
        }
        if let Some(near) = did_you_mean(name, columns.iter().map(|c| c.name.as_str())) {
            d = d.with_help(format!("`{near}` exists"));
        }
        out.push(d);
    }
    out
}

/// Whether the text looks further back than the rule reads. Places are in the query.
pub fn of_lookback(item: &Item) -> Vec<Diagnostic> {
    let (Kind::AnalyticRule, Some(Period::Last(period))) = (item.kind, item.query.period) else {
        return Vec::new();
    };
    let text = &item.query.text;
    let mut out = Vec::new();
    for (at, _) in text.match_indices("ago(") {
        let before = text.get(..at).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        if before.ends_with(|c: char| c.is_alphanumeric() || c == '_') || line.contains("//") {
            continue;
        }
        let inner = text.get(at + 4..).unwrap_or_default();
        let Some(end) = inner.find(')') else {
            continue;
        };
        let word = inner.get(..end).unwrap_or_default().trim();
        let ticks = duration(word).or_else(|| duration(declared(text, word)?));
        if ticks.is_some_and(|t| t > period) {
            let span = Span::new(at, at + 5 + end);
            let message = format!("the query looks back {word}, and its queryPeriod is shorter");
            out.push(
                Diagnostic::warning(codes::SHORT_PERIOD, span, message)
                    .with_help("rows older than queryPeriod are not read"),
            );
        }
    }
    out
}

/// The value of `let name = 14d;`
fn declared<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return None;
    }
    text.split("let ").skip(1).find_map(|rest| {
        let (left, right) = rest.split_once('=')?;
        (left.trim() == name).then(|| right.split(';').next().unwrap_or_default().trim())
    })
}
