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
    /// Columns that the table is known to have and the data lacks.
    pub absent: Vec<ColumnSchema>,
    /// Gives the rows.
    pub provider: Arc<dyn TableProvider>,
}

/// The KQL type of a stored Arrow type; none when there is no such type.
pub(crate) fn type_of(stored: &DataType) -> Option<Type> {
    Some(match stored {
        DataType::Boolean => Type::Bool,
        DataType::Int8 | DataType::Int16 | DataType::Int32 | DataType::UInt8 | DataType::UInt16 => {
            Type::Int
        }
        DataType::Int64 | DataType::UInt32 => Type::Long,
        DataType::Float16 | DataType::Float32 | DataType::Float64 => Type::Real,
        DataType::Decimal128(..) => Type::Decimal,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Type::String,
        DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 => Type::DateTime,
        DataType::Duration(_) | DataType::Time32(_) | DataType::Time64(_) => Type::TimeSpan,
        DataType::Struct(_) | DataType::List(_) | DataType::LargeList(_) | DataType::Map(..) => {
            Type::Dynamic
        }
        DataType::Dictionary(_, v) => return type_of(v),
        _ => return None,
    })
}

/// Whether a stored column can be read as a type without loss.
pub(crate) fn reads_as(stored: &DataType, ty: Type) -> bool {
    let own = type_of(stored);
    own == Some(ty)
        || matches!(
            (ty, own),
            (Type::Dynamic | Type::Guid, Some(Type::String))
                | (Type::Long, Some(Type::Int))
                | (Type::Int, Some(Type::Long))
                | (Type::Real, Some(Type::Int))
        ) && !matches!(stored, DataType::UInt32)
}
