//! `kql run --trace`

use kql_detect::{Trace, trace};
use kql_diag::Source;
use kql_engine::Session;

/// Writes the rows after each step of a query to standard error. The first source is the query.
pub fn print(session: &Session, sources: &[Source]) {
    let Some(source) = sources.first() else {
        return;
    };
    for t in trace(session, source) {
        if t.title.is_empty() {
            eprintln!("trace of {}", source.name);
        } else {
            eprintln!("trace of {}, {}", source.name, t.title);
        }
        steps(&t);
    }
}

fn steps(t: &Trace) {
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
        eprintln!("  {:>width$}  {}:{mark}  {}", rows(s.rows), s.line, s.text);
    }
}
