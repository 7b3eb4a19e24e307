//! Diagnostics on standard error, as text or JSON.

use crate::args::DiagnosticsArg;
use kql_diag::{Diagnostic, Source, place_of};
use serde::Serialize;

/// A diagnostic as the contract's JSON.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DiagnosticJson {
    pub code: String,
    pub severity: kql_diag::Severity,
    pub message: String,
    pub file: Option<String>,
    pub line: Option<usize>,
    pub column: Option<usize>,
    pub end_line: Option<usize>,
    pub end_column: Option<usize>,
    pub hint: Option<String>,
}

/// The JSON form.
pub fn to_json(d: &Diagnostic, sources: &[Source]) -> DiagnosticJson {
    let source = usize::try_from(d.primary.source)
        .ok()
        .and_then(|i| sources.get(i));
    let place = source.map(|s| place_of(s, d.primary));
    DiagnosticJson {
        code: d.code.to_string(),
        severity: d.severity,
        message: d.message.clone(),
        file: source.map(|s| s.name.clone()),
        line: place.map(|p| p.line),
        column: place.map(|p| p.column),
        end_line: place.map(|p| p.end_line),
        end_column: place.map(|p| p.end_column),
        hint: d.help.clone(),
    }
}

/// Writes diagnostics.
pub fn print(diagnostics: &[Diagnostic], sources: &[Source], how: DiagnosticsArg) {
    for d in diagnostics {
        match how {
            DiagnosticsArg::Text => eprint!("{}", d.show(sources)),
            DiagnosticsArg::Json => {
                if let Ok(line) = serde_json::to_string(&to_json(d, sources)) {
                    eprintln!("{line}");
                }
            }
        }
    }
}

/// Writes diagnostics as people want them beside rows: what is left out of the stored functions of a query is one note.
pub fn print_brief(diagnostics: &[Diagnostic], sources: &[Source], how: DiagnosticsArg) {
    let apart =
        |d: &&Diagnostic| !d.is_error() && d.primary.source > 0 && how == DiagnosticsArg::Text;
    let (left, shown): (Vec<&Diagnostic>, Vec<&Diagnostic>) = diagnostics.iter().partition(apart);
    for d in shown {
        print(std::slice::from_ref(d), sources, how);
    }
    let mut names: Vec<&str> = left
        .iter()
        .filter_map(|d| d.message.split('`').nth(1))
        .collect();
    names.sort_unstable();
    names.dedup();
    if !names.is_empty() {
        eprintln!(
            "note: left out of unions, because they are not there or not usable: {}",
            names.join(", ")
        );
    }
}

/// Writes a fault of the command line or of an input.
pub fn fault(message: &str) {
    eprintln!("error: {message}");
}

/// Writes what is wrong with a file; whether it can be used.
pub fn of_file(file: &crate::input::Loaded, how: DiagnosticsArg) -> bool {
    print(&file.findings, std::slice::from_ref(&file.source), how);
    !file.findings.iter().any(Diagnostic::is_error)
}

/// Writes what was found while a query was taken out of its file; whether it can be used.
pub fn of_query(query: &kql_content::NamedQuery, file: &Source, how: DiagnosticsArg) -> bool {
    print(&query.findings, std::slice::from_ref(file), how);
    !query.findings.iter().any(Diagnostic::is_error)
}
