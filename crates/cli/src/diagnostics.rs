//! Diagnostics on standard error, as text or JSON.

use crate::args::DiagnosticsArg;
use kql_diag::{Diagnostic, Source, place_of};
use serde::Serialize;

/// A diagnostic as the contract's JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DiagnosticJson {
    code: String,
    severity: kql_diag::Severity,
    message: String,
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    hint: Option<String>,
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
