//! `.explain` and `.trace`: the stages of a query, and how many rows flow through its steps.

use super::definitions::without_preamble;
use super::state::Repl;
use crate::diagnostics;
use kql_diag::Source;
use kql_engine::Stage;

/// The stages by name.
pub const STAGES: [(&str, Stage); 5] = [
    ("ast", Stage::Ast),
    ("bound", Stage::Bound),
    ("plan", Stage::Plan),
    ("optimised", Stage::Optimised),
    ("physical", Stage::Physical),
];

/// Shows a stage of a query, by default of the last one.
pub fn explain(repl: &mut Repl, text: &str) {
    let text = text.trim();
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let named = STAGES.iter().find(|(n, _)| *n == word);
    let (stage, query) = match named {
        Some((_, stage)) => (*stage, rest.trim()),
        None => (Stage::Physical, text),
    };
    let query = if query.is_empty() {
        repl.last_text.clone()
    } else {
        query.to_owned()
    };
    if query.is_empty() {
        return repl.fault("there is no query yet: .explain [STAGE] QUERY");
    }
    let preamble = repl.shared.borrow().definitions.preamble(&query);
    let session = repl.session();
    let prepared = session.prepare(&format!("{preamble}{query}"), "query");
    let mut found = prepared.diagnostics.clone();
    let mut sources = prepared.sources.clone();
    let shown = if prepared.error().is_some() && stage != Stage::Ast {
        None
    } else {
        match session.explain(&prepared, stage) {
            Ok(text) => Some(text),
            Err(d) => {
                found.push(d);
                None
            }
        }
    };
    without_preamble(preamble.len(), &mut found, &mut sources);
    diagnostics::print(&found, &sources, repl.args.diagnostics);
    match shown {
        Some(text) => crate::screen::print(&text),
        None => repl.failed = true,
    }
}

/// Counts the rows after each step of a query: it runs once a step.
pub fn trace(repl: &mut Repl, text: &str) {
    let text = if text.trim().is_empty() {
        repl.last_text.clone()
    } else {
        text.trim().to_owned()
    };
    let mut preamble = repl.shared.borrow().definitions.preamble(&text);
    if !preamble.is_empty() && !preamble.ends_with('\n') {
        preamble.push('\n');
    }
    let before = preamble.lines().count();
    let source = Source::new("query", format!("{preamble}{text}"));
    let session = repl.session();
    let traces = super::run::beside(&session, move |s| kql_detect::trace(&s, &source));
    let Some(traces) = traces else {
        eprintln!("cancelled");
        return;
    };
    let shown = crate::command::trace::text(&traces, "query", before);
    if shown.is_empty() {
        return repl.fault("a trace requires a query with a pipe: .trace QUERY");
    }
    crate::screen::print(&shown);
}
