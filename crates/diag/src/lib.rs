//! Places in a query text, what is wrong there, and how it is shown.
//!
//! This crate does no IO and knows nothing of KQL, Arrow or DataFusion: every stage hands its findings to the next as
//! [`Diagnostic`] values, and only the command line prints them.

pub mod codes;
mod hint;
mod show;

pub use codes::Code;
pub use hint::did_you_mean;
pub use show::{Anchor, Place, Source, place_of};

use serde::Serialize;

/// A range of bytes `start..end` in one source text. Both ends lie on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Which text: 0 is the query itself, others are stored functions (see [`Source`]).
    pub source: u32,
}

impl Span {
    /// A span in the query itself.
    pub fn new(start: usize, end: usize) -> Self {
        Span {
            start: clamp(start),
            end: clamp(end),
            source: 0,
        }
    }

    /// The smallest span that covers both. Spans of different sources give the first one.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        if self.source != other.source {
            return self;
        }
        Span {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
            source: self.source,
        }
    }

    /// The same place in another source text.
    #[must_use]
    pub fn in_source(self, source: u32) -> Span {
        Span { source, ..self }
    }
}

fn clamp(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The query cannot run.
    Error,
    /// The query runs, and the author should know.
    Warning,
    /// A fact that helps to read the result.
    Note,
}

/// One finding with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// From the registry in [`codes`].
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What was found and what was expected, in KQL's terms, without a full stop.
    pub message: String,
    /// Where.
    pub primary: Span,
    /// The text under the caret; may be empty.
    pub label: String,
    /// Further places with a text each.
    pub labels: Vec<(Span, String)>,
    /// What would help, if that is known.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: Code, primary: Span, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity: Severity::Error,
            message: message.into(),
            primary,
            label: String::new(),
            labels: Vec::new(),
            help: None,
        }
    }

    /// A warning at a place.
    pub fn warning(code: Code, primary: Span, message: impl Into<String>) -> Self {
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(code, primary, message)
        }
    }

    /// Something the language has and this program has not: `what` names it, e.g. "operator `scan`".
    pub fn unsupported(primary: Span, what: impl AsRef<str>) -> Self {
        Diagnostic::error(
            codes::NOT_SUPPORTED,
            primary,
            format!("{} is not supported", what.as_ref()),
        )
    }

    /// The text that stands right under the caret.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// A hint.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// A further place.
    #[must_use]
    pub fn with_also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push((span, text.into()));
        self
    }

    /// Whether the query cannot run.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
