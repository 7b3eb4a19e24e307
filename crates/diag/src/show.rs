//! Diagnostics as text with a caret.

use crate::{Diagnostic, Severity, Span};
use std::fmt::Write;

/// A text that spans point into.
#[derive(Debug, Clone)]
pub struct Source {
    /// What to call it: a file name, `query`, or the name of a stored function.
    pub name: String,
    /// The text.
    pub text: String,
    /// The line of the file on which the text starts, 1 for a whole file. A fenced block of a page starts later.
    pub first_line: usize,
}

impl Source {
    /// A text that is a whole file.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Source {
            name: name.into(),
            text: text.into(),
            first_line: 1,
        }
    }
}

/// A span as lines and columns, both counted from 1; a column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Line of the first character.
    pub line: usize,
    /// Column of the first character.
    pub column: usize,
    /// Line after the last character.
    pub end_line: usize,
    /// Column after the last character.
    pub end_column: usize,
}

/// Where a span lies in its text.
pub fn place_of(source: &Source, span: Span) -> Place {
    let (line, column) = line_column(&source.text, span.start as usize);
    let (end_line, end_column) =
        line_column(&source.text, (span.end as usize).max(span.start as usize));
    let shift = source.first_line.saturating_sub(1);
    Place {
        line: line + shift,
        column,
        end_line: end_line + shift,
        end_column,
    }
}

fn line_column(text: &str, at: usize) -> (usize, usize) {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let head = text.get(..at).unwrap_or_default();
    let line = head.matches('\n').count() + 1;
    let column = head.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

impl Diagnostic {
    /// The finding as people read it. `sources` is indexed by [`Span::source`]; a missing source shows no text line.
    pub fn show(&self, sources: &[Source]) -> String {
        let word = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let mut out = format!("{word}[{}]: {}\n", self.code, self.message);
        snippet(&mut out, sources, self.primary, &self.label);
        for (span, text) in &self.labels {
            snippet(&mut out, sources, *span, text);
        }
        if let Some(help) = &self.help {
            let _ = writeln!(out, "   = help: {help}");
        }
        out
    }
}

fn snippet(out: &mut String, sources: &[Source], span: Span, label: &str) {
    let Some(source) = sources.get(span.source as usize) else {
        return;
    };
    let place = place_of(source, span);
    let _ = writeln!(out, "  --> {}:{}:{}", source.name, place.line, place.column);
    let index = place.line.saturating_sub(source.first_line);
    let Some(line) = source.text.split('\n').nth(index) else {
        return;
    };
    let line = line.trim_end_matches('\r');
    // A line of a hundred thousand characters is cut around the place.
    const KEEP: usize = 160;
    let start = place.column.saturating_sub(1);
    let skip = if start > KEEP { start - KEEP / 2 } else { 0 };
    let shown: String = line
        .chars()
        .skip(skip)
        .take(KEEP)
        .map(|c| if c == '\t' { ' ' } else { c })
        .collect();
    let width = if place.end_line > place.line {
        line.chars().count().saturating_sub(start)
    } else {
        place.end_column.saturating_sub(place.column)
    };
    let room = shown.chars().count().saturating_sub(start - skip).max(1);
    let carets = "^".repeat(width.clamp(1, room));
    let number = place.line.to_string();
    let pad = " ".repeat(number.len());
    let _ = writeln!(out, " {pad} |\n {number} | {shown}");
    let _ = writeln!(
        out,
        "{}",
        format!(" {pad} | {}{carets} {label}", " ".repeat(start - skip)).trim_end()
    );
}
