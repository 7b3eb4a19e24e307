//! What a query can see: tables, stored functions, the clock, parameters.

use crate::plan::BoundQuery;
use kql_diag::Diagnostic;
use kql_types::{ColumnSchema, Value};

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

/// Tables and functions by name, as the binder asks for them. Names are case-sensitive.
pub trait Scope {
    /// A table, or none. `database` is what `database("x")`, `cluster(...)` or `workspace(...)` said, empty for none.
    fn table(&self, database: &str, name: &str) -> Option<TableSchema>;
    /// All table names, sorted, for wildcards and hints.
    fn table_names(&self) -> Vec<String>;
    /// A stored function, or none.
    fn function(&self, name: &str) -> Option<StoredFunction>;
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
