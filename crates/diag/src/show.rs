//! Diagnostics as text with a caret.

use crate::{Diagnostic, Severity, Span};
use std::fmt::Write;

/// A text that spans point into.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// What to call it: a file name, `query`, or the name of a stored function.
    pub name: String,
    /// The text.
    pub text: String,
    /// The line of the file on which the text starts, 1 for a whole file. A fenced block of a page starts later.
    pub first_line: usize,
    /// Where the parts of the text lie in the file, sorted by [`Anchor::at`]; empty where `first_line` says it all. The text
    /// of a YAML block is indented in its file, and that of a JSON string is escaped.
    pub anchors: Vec<Anchor>,
}

/// From `at` on, up to the next anchor, a text reads as its file does from a place on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// The byte of the text.
    pub at: usize,
    /// The line of the file, from 1.
    pub line: usize,
    /// The column of the file in characters, from 1.
    pub column: usize,
}

impl Source {
    /// A text that is a whole file.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Source {
            name: name.into(),
            text: text.into(),
            first_line: 1,
            anchors: Vec::new(),
        }
    }

    /// The place of a byte of the text in the file: line and column from 1.
    fn place(&self, at: usize) -> (usize, usize) {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let after = self.anchors.partition_point(|a| a.at <= at);
        let (start, line, column) = match after.checked_sub(1).and_then(|i| self.anchors.get(i)) {
            Some(a) => (a.at, a.line, a.column),
            None => (0, self.first_line.max(1), 1),
        };
        let between = self.text.get(start..at).unwrap_or_default();
        match between.rsplit_once('\n') {
            None => (line, column + between.chars().count()),
            Some((lines, rest)) => (
                line + lines.matches('\n').count() + 1,
                rest.chars().count() + 1,
            ),
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

/// Where a span lies in its file.
pub fn place_of(source: &Source, span: Span) -> Place {
    let start = span.start as usize;
    let (line, column) = source.place(start);
    let (end_line, end_column) = source.place((span.end as usize).max(start));
    Place {
        line,
        column,
        end_line,
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
    // What is shown is the line of the text, which in its file may be indented or escaped.
    let (text_line, text_column) = line_column(&source.text, span.start as usize);
    let (text_end_line, text_end_column) =
        line_column(&source.text, span.end.max(span.start) as usize);
    let Some(line) = source.text.split('\n').nth(text_line - 1) else {
        return;
    };
    let line = line.trim_end_matches('\r');
    // A line of a hundred thousand characters is cut around the place.
    const KEEP: usize = 160;
    let start = text_column.saturating_sub(1);
    let skip = if start > KEEP { start - KEEP / 2 } else { 0 };
    let shown: String = line
        .chars()
        .skip(skip)
        .take(KEEP)
        .map(|c| if c == '\t' { ' ' } else { c })
        .collect();
    let width = if text_end_line > text_line {
        line.chars().count().saturating_sub(start)
    } else {
        text_end_column.saturating_sub(text_column)
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
