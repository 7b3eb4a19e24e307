//! The findings of a check as a SARIF log.

use super::check::Checked;
use kql_diag::codes;
use serde_json::{Value, json};
use std::io::Write;

/// Writes the log to standard output.
pub fn write(checked: &[Checked]) -> std::io::Result<()> {
    let rules: Vec<Value> = codes::ALL
        .iter()
        .map(|(code, title)| json!({"id": code.to_string(), "shortDescription": {"text": title}}))
        .collect();
    let results: Vec<Value> = checked
        .iter()
        .flat_map(|c| &c.diagnostics)
        .map(|d| {
            let uri = d.file.as_deref().unwrap_or_default();
            // `FILE#2` is a query of a file.
            let uri = uri.rsplit_once('#').map_or(uri, |(file, n)| {
                if n.bytes().all(|b| b.is_ascii_digit()) {
                    file
                } else {
                    uri
                }
            });
            json!({
                "ruleId": d.code,
                "level": d.severity,
                "message": {"text": match &d.hint {
                    Some(h) => format!("{} ({h})", d.message),
                    None => d.message.clone(),
                }},
                "locations": [{"physicalLocation": {
                    "artifactLocation": {"uri": uri},
                    "region": {
                        "startLine": d.line,
                        "startColumn": d.column,
                        "endLine": d.end_line,
                        "endColumn": d.end_column,
                    },
                }}],
            })
        })
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "kql",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "results": results,
        }],
    });
    writeln!(std::io::stdout().lock(), "{log}")
}
