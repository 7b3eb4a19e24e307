//! `.explain` and `.trace`: the stages of a query, and how many rows flow through its steps.

use super::definitions::without_preamble;
use super::state::Repl;
use crate::diagnostics;
use kql_engine::Stage;
use kql_syntax::ast::{ExprKind, OperatorKind, Statement};
use kql_types::{ColumnSchema, Type};

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
    let parsed = kql_syntax::parse(&text);
    let last = parsed.query.statements.iter().rev().find_map(|s| match s {
        Statement::Query { expr, .. } => Some(expr),
        _ => None,
    });
    let Some(ExprKind::Pipe { source, operators }) = last.map(|e| &e.kind) else {
        return repl.fault("a trace requires a query with a pipe: .trace QUERY");
    };
    let mut ends: Vec<(usize, usize)> = Vec::new();
    if let Some(s) = source {
        ends.push((s.span.start as usize, s.span.end as usize));
    }
    for o in operators {
        if !matches!(o.kind, OperatorKind::Render { .. }) {
            ends.push((o.word.start as usize, o.span.end as usize));
        }
    }
    let screen = repl.screen();
    let mut table = kql_render::TextTable::new(&[
        ColumnSchema::new("rows", Type::Long),
        ColumnSchema::new("seconds", Type::Real),
        ColumnSchema::new("after", Type::String),
    ]);
    for (start, end) in ends {
        let Some(part) = text.get(..end) else {
            continue;
        };
        let outcome = repl.run(&format!("{part}\n| count"));
        if outcome.cancelled {
            eprintln!("cancelled");
            return;
        }
        let count = outcome.results.last().map(|r| super::show::table(r, 1));
        let count = count.and_then(|t| t.cell(0, 0).map(str::to_owned));
        let seconds = outcome.stats.map(|s| format!("{:.3}", s.seconds));
        let step = text.get(start..end).unwrap_or_default();
        let step = step.split_whitespace().collect::<Vec<_>>().join(" ");
        table.push(vec![count, seconds, Some(step)]);
    }
    crate::screen::print(&table.fit(&screen).text);
}
