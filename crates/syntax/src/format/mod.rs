//! The tree as text: one step of a pipe a line, lists on one line where they fit.

mod clauses;
mod comments;
mod doc;
mod expressions;
mod graph;
mod literals;
mod operators;
mod statements;

pub use comments::{FormatError, format_text};

use crate::ast::Query;
use doc::Doc;
use kql_diag::Span;

/// A query as text. Parsing the text gives the query again, apart from places.
pub fn format(query: &Query) -> String {
    Builder { comments: &[] }.print(query)
}

/// Makes documents of trees.
struct Builder<'a> {
    /// Where comments begin, in order: what has one inside is not put on one line.
    comments: &'a [usize],
}

impl Builder<'_> {
    fn print(&self, query: &Query) -> String {
        let mut text = doc::print(&self.statements(&query.statements, true));
        if !text.is_empty() {
            text.push('\n');
        }
        text
    }

    /// On one line if it fits and has no comment inside.
    fn group(&self, span: Span, docs: Vec<Doc>) -> Doc {
        let (start, end) = (span.start as usize, span.end as usize);
        let next = self.comments.partition_point(|c| *c < start);
        let broken = self.comments.get(next).is_some_and(|c| *c < end);
        Doc::Group(broken, docs)
    }
}
