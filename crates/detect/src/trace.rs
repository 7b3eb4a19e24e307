//! The rows after each step of a query (`kql run --trace`).

use crate::pipes::{pipes, text_of};
use kql_diag::{Source, place_of};
use kql_engine::Session;

/// One pipe of a query.
#[derive(Debug, Clone)]
pub struct Trace {
    /// `let Name`, `join`, ...; empty for a result of the query.
    pub title: String,
    /// Its steps.
    pub steps: Vec<TraceStep>,
}

/// One step.
#[derive(Debug, Clone)]
pub struct TraceStep {
    /// Its line in the file.
    pub line: usize,
    /// Its text on one line.
    pub text: String,
    /// The rows after it; none where it cannot be said.
    pub rows: Option<i64>,
}

impl Trace {
    /// The first step without rows, where the pipe ends without rows.
    pub fn emptied(&self) -> Option<usize> {
        let counted: Vec<&TraceStep> = self.steps.iter().collect();
        counted.last().filter(|s| s.rows == Some(0))?;
        let last = counted.iter().rposition(|s| s.rows.is_some_and(|n| n > 0));
        Some(last.map_or(0, |i| i + 1))
    }
}

/// The rows after each step of all pipes of a query, those inside of others first. Every step is a run of its own.
pub fn trace(session: &Session, source: &Source) -> Vec<Trace> {
    let text = &source.text;
    let mut out = Vec::new();
    for pipe in pipes(text) {
        let counts = pipe.counts(session, text);
        let mut steps = Vec::new();
        let spans = pipe.operators.iter().map(|o| Some(o.span));
        for (i, (span, rows)) in [pipe.source]
            .into_iter()
            .chain(spans)
            .zip(counts)
            .enumerate()
        {
            let Some(span) = span else {
                continue;
            };
            let bar = if i > 0 && (i > 1 || pipe.source.is_some()) {
                "| "
            } else {
                ""
            };
            steps.push(TraceStep {
                line: place_of(source, span).line,
                text: format!("{bar}{}", on_one_line(text_of(text, span))),
                rows,
            });
        }
        out.push(Trace {
            title: pipe.title,
            steps,
        });
    }
    out
}

/// Words with one blank between them, without what is too long to be shown.
pub(crate) fn on_one_line(text: &str) -> String {
    const MOST: usize = 100;
    let words: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|l| !l.starts_with("//"))
        .flat_map(str::split_whitespace)
        .collect();
    let joined = words.join(" ");
    if joined.chars().count() <= MOST {
        return joined;
    }
    let mut out: String = joined.chars().take(MOST).collect();
    out.push('…');
    out
}
