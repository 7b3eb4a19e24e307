//! What a query can see: tables, stored functions, the clock, parameters.

use crate::plan::BoundQuery;
use crate::recall::Outcome;
use kql_diag::Diagnostic;
use kql_diag::{Anchor, Source};
use kql_syntax::ast;
use kql_types::{ColumnSchema, Value};
use std::sync::Arc;

/// A table by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableSchema {
    /// The name under which a scan finds it.
    pub name: String,
    /// The columns that `*` means, in order.
    pub columns: Vec<ColumnSchema>,
    /// Known columns that the data lacks: they can be named and are null (or ""), but are no part of `*`.
    pub absent: Vec<ColumnSchema>,
    /// Columns that have one value in all rows, behind the others.
    pub constants: Vec<(String, Value)>,
    /// Whether there are rows to read; a known table without data is an error of `run` unless it may be empty.
    pub has_data: bool,
}

/// A stored function.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoredFunction {
    /// Its name.
    pub name: String,
    /// `(a:string, b:long=1)`, with parentheses; may be `()`.
    pub parameters: String,
    /// The body, with or without braces.
    pub body: String,
    /// The file it comes from, for messages.
    pub origin: String,
    /// Where the parts of the body lie in that file; empty where it is not known.
    pub anchors: Vec<kql_diag::Anchor>,
}

/// A stored function's text as a tree.
#[derive(Debug)]
pub struct ReadFunction {
    /// The text that spans point into.
    pub source: Source,
    /// The function; none where the text is no function.
    pub function: Option<Arc<ast::Function>>,
    /// Findings of the text; the source of their spans is left to whoever reports them.
    pub diagnostics: Vec<Diagnostic>,
}

impl ReadFunction {
    /// Reads a function.
    pub fn of(stored: &StoredFunction) -> Self {
        let body = stored.body.trim();
        let skipped = stored.body.len() - stored.body.trim_start().len();
        let parameters = if stored.parameters.trim().is_empty() {
            "()"
        } else {
            stored.parameters.trim()
        };
        let mut text = format!("let f = {parameters} ");
        let braces = !body.starts_with('{');
        if braces {
            text.push_str("{\n");
        }
        // What stands before the body has the place of its beginning.
        let shift = text.len();
        let mut anchors: Vec<Anchor> = Vec::with_capacity(stored.anchors.len() + 1);
        for a in &stored.anchors {
            let at = (a.at + shift).saturating_sub(skipped);
            if a.at > skipped || anchors.is_empty() {
                let at = at.max(shift);
                if anchors.is_empty() {
                    anchors.push(Anchor { at: 0, ..*a });
                }
                let column = a.column + (at + skipped).saturating_sub(a.at + shift);
                anchors.push(Anchor { at, column, ..*a });
            }
        }
        text.push_str(body);
        text.push_str(if braces { "\n};" } else { ";" });
        let parsed = kql_syntax::parse(&text);
        let mut statements = parsed.query.statements.into_iter();
        let function = statements.find_map(|s| match s {
            ast::Statement::LetFunction { function, .. } => Some(function),
            _ => None,
        });
        ReadFunction {
            source: Source {
                name: stored.origin.clone(),
                text,
                first_line: 1,
                anchors,
            },
            function,
            diagnostics: parsed.diagnostics,
        }
    }
}

/// Tables and functions by name, as the binder asks for them. Names are case-sensitive.
pub trait Scope {
    /// A table, or none. `database` is what `database("x")`, `cluster(...)` or `workspace(...)` said, empty for none.
    fn table(&self, database: &str, name: &str) -> Option<TableSchema>;
    /// All table names, sorted, for wildcards and hints.
    fn table_names(&self) -> Vec<String>;
    /// A stored function, or none.
    fn function(&self, name: &str) -> Option<Arc<StoredFunction>>;
    /// Whether there is a table of this name.
    fn has_table(&self, database: &str, name: &str) -> bool {
        self.table(database, name).is_some()
    }
    /// Whether there is a stored function of this name.
    fn has_function(&self, name: &str) -> bool {
        self.function(name).is_some()
    }
    /// A stored function of this scope, read; who keeps what was read spares the next text the reading.
    fn read(&self, stored: &Arc<StoredFunction>) -> Arc<ReadFunction> {
        Arc::new(ReadFunction::of(stored))
    }
    /// All stored functions, sorted, for hints.
    fn function_names(&self) -> Vec<String>;
    /// What `now()` means, in ticks.
    fn now(&self) -> i64;
    /// The value of a query parameter given by the user, as text.
    fn parameter(&self, name: &str) -> Option<String>;
    /// Whether known tables without data count as empty tables.
    fn empty_tables(&self) -> bool {
        false
    }
    /// The rows of a query's first result, run now: what a plugin whose columns follow from the data asks for. None where
    /// nothing may be run.
    fn probe(&self, _query: BoundQuery) -> Option<Result<Vec<Vec<Value>>, Diagnostic>> {
        None
    }
    /// Whether what calls come to is kept. The plans of such a scope have only columns, and do not run.
    fn recalls(&self) -> bool {
        false
    }
    /// What a call came to in an earlier text, if it would come to the same here.
    fn recall(&self, _call: &str) -> Option<Arc<Outcome>> {
        None
    }
    /// Keeps what a call came to.
    fn keep(&self, _call: String, _outcome: Outcome) {}
    /// The time range that every table with a `TimeGenerated` is cut to, both ends within, in ticks.
    fn timespan(&self) -> Option<(i64, i64)> {
        None
    }
    /// Whether a function that only a service can answer gives nulls.
    fn answers_null(&self, _name: &str) -> bool {
        false
    }
    /// Whether a leg of a fuzzy union that has an error in a stored function is left out, though it reads rows.
    fn skips_broken_legs(&self) -> bool {
        false
    }
    /// The value of an environment function that the session answers (`current_database`, `current_principal`, ...).
    fn setting(&self, _name: &str) -> Option<Value> {
        None
    }
}
