//! What the planner asks of the engine: tables by name and the files of `externaldata`.

use arrow::datatypes::DataType;
use datafusion::catalog::TableProvider;
use kql_diag::{Diagnostic, Span};
use kql_types::{Type, Value};
use std::sync::Arc;

/// A column of a stored table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredColumn {
    /// Its name in the query and in the provider's schema.
    pub name: String,
    /// Its KQL type.
    pub ty: Type,
    /// The Arrow type that the provider's schema has for it.
    pub stored: DataType,
}

/// A table that can be scanned.
#[derive(Debug, Clone)]
pub struct StoredTable {
    /// Its columns; those that the provider lacks are not listed and read as null.
    pub columns: Vec<StoredColumn>,
    /// Gives the rows.
    pub provider: Arc<dyn TableProvider>,
}

/// Where tables come from.
pub trait TableSource: Send + Sync {
    /// A table by the name that the bound plan has for it.
    ///
    /// # Errors
    /// The table is not there or cannot be read.
    fn table(&self, name: &str, span: Span) -> Result<StoredTable, Diagnostic>;

    /// The rows of `externaldata`: all columns of the file in order, where it is and how it is written.
    ///
    /// # Errors
    /// A location is not mapped or cannot be read.
    fn external(
        &self,
        columns: &[(String, Type)],
        locations: &[String],
        properties: &[(String, Value)],
        span: Span,
    ) -> Result<StoredTable, Diagnostic>;
}
