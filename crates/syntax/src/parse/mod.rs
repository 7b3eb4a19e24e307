//! Tokens to the tree, one function a construct.

mod cursor;
mod expressions;
mod graph;
mod hints;
mod items;
pub(crate) mod lexer;
mod literals;
mod operators;
mod search;
mod series;
mod statements;

pub use operators::WORDS as OPERATORS;

use crate::ast::Query;
use cursor::Cursor;
use kql_diag::{Diagnostic, Span, codes};

/// Longest text that is read, in bytes (Kusto's own limit).
pub const MOST_BYTES: usize = 2 << 20;
/// Brackets inside each other.
pub const MOST_DEPTH: usize = 250;

/// A tree and what is wrong with the text.
#[derive(Debug, Clone, Default)]
pub struct Parsed {
    /// What could be read.
    pub query: Query,
    /// In the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a text. It never panics, and goes on after a fault at the next `|` or `;` as far as it can.
pub fn parse(text: &str) -> Parsed {
    let mut diagnostics = Vec::new();
    if text.len() > MOST_BYTES {
        let message = format!(
            "the query has {} bytes, and {MOST_BYTES} is the most",
            text.len()
        );
        let at = Span::new(0, text.chars().next().map_or(0, char::len_utf8));
        diagnostics.push(Diagnostic::error(codes::TOO_LONG, at, message));
        return Parsed {
            query: Query::default(),
            diagnostics,
        };
    }
    let tokens = lexer::lex(text, &mut diagnostics);
    let mut depth = 0usize;
    for t in &tokens {
        match t.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MOST_DEPTH {
            let message = format!("brackets are nested more than {MOST_DEPTH} deep");
            diagnostics.push(Diagnostic::error(codes::TOO_DEEP, t.span(), message));
            return Parsed {
                query: Query::default(),
                diagnostics,
            };
        }
    }
    let mut cursor = Cursor::new(&tokens, diagnostics);
    let statements = cursor.statements();
    let mut diagnostics = cursor.diagnostics;
    if statements.is_empty() && diagnostics.is_empty() {
        diagnostics.push(Diagnostic::error(
            codes::EMPTY,
            Span::new(0, 0),
            "the text has no query",
        ));
    }
    diagnostics.sort_by_key(|d| d.primary);
    Parsed {
        query: Query { statements },
        diagnostics,
    }
}
