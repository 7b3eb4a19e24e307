//! The rows after each step of a query: `kql run --trace`, and `.trace` at the prompt.

use kql_detect::{Trace, trace};
use kql_diag::Source;
use kql_engine::Session;

/// Writes the rows after each step of a query to standard error. The first source is the query.
pub fn print(session: &Session, sources: &[Source]) {
    let Some(source) = sources.first() else {
        return;
    };
    eprint!("{}", text(&trace(session, source), &source.name, 0));
}

/// Traces as text, but for those of the first lines.
pub fn text(traces: &[Trace], name: &str, lines_before: usize) -> String {
    let mut out = String::new();
    for t in traces {
        if t.steps.iter().any(|s| s.line <= lines_before) {
            continue;
        }
        if t.title.is_empty() {
            out.push_str(&format!("trace of {name}\n"));
        } else {
            out.push_str(&format!("trace of {name}, {}\n", t.title));
        }
        steps(t, lines_before, &mut out);
    }
    out
}

fn steps(t: &Trace, lines_before: usize, out: &mut String) {
    let emptied = t.emptied();
    let rows = |n: Option<i64>| n.map_or_else(|| "?".to_owned(), |n| n.to_string());
    let width = t
        .steps
        .iter()
        .map(|s| rows(s.rows).len())
        .max()
        .unwrap_or(0);
    for (i, s) in t.steps.iter().enumerate() {
        let mark = if emptied == Some(i) {
            "  <- no rows from here on"
        } else {
            ""
        };
        let line = s.line - lines_before;
        out.push_str(&format!(
            "  {:>width$}  {line}:{mark}  {}\n",
            rows(s.rows),
            s.text
        ));
    }
}
