//! A table that can be scanned.

use arrow::datatypes::DataType;
use datafusion::catalog::TableProvider;
use kql_types::{ColumnSchema, Type};
use std::sync::Arc;

/// A column as a file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredColumn {
    /// Its name, in the query and in the provider's schema.
    pub name: String,
    /// Its KQL type.
    pub ty: Type,
    /// The Arrow type that the provider's schema has for it.
    pub stored: DataType,
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns in order.
    pub columns: Vec<StoredColumn>,
    /// Known columns that the sample of a JSON file lacks and later rows may have: they can be named and are no part of `*`.
    pub hidden: Vec<StoredColumn>,
    /// Columns that the table is known to have and the data lacks.
    pub absent: Vec<ColumnSchema>,
    /// Gives the rows.
    pub provider: Arc<dyn TableProvider>,
}
