//! The columns of files that have types of their own: one Arrow type a column over all files, and its KQL type.

use crate::known::Known;
use crate::tables::Skipped;
use arrow::datatypes::{DataType, Field, FieldRef, TimeUnit};
use kql_functions::adapter::arrow_type;
use kql_types::Type;
use std::sync::Arc;

/// The Arrow type in which a column of a file is read. Widths that KQL does not have become the next that it has, texts
/// become views; timestamps, dates, durations and nested types stay. None: there is no reading.
///
/// Binary columns are texts: KQL has no other use for them, and many writers leave the mark for text out. A file in which
/// such a column is no UTF-8 fails when the column is read. An unsigned 64-bit value above the range of long fails too.
fn read_as(field: &Field) -> Option<DataType> {
    use DataType as D;
    Some(match field.data_type() {
        D::Boolean => D::Boolean,
        D::Int8 | D::Int16 | D::Int32 | D::UInt8 | D::UInt16 => D::Int32,
        D::Int64 | D::UInt32 | D::UInt64 => D::Int64,
        D::Float16 | D::Float32 | D::Float64 => D::Float64,
        D::Decimal32(..) | D::Decimal64(..) | D::Decimal128(..) | D::Decimal256(..) => {
            arrow_type(Type::Decimal)
        }
        D::Utf8 | D::LargeUtf8 | D::Utf8View | D::Null => D::Utf8View,
        D::Binary | D::LargeBinary | D::BinaryView => D::Utf8View,
        D::FixedSizeBinary(16) => arrow_type(Type::Guid),
        D::Timestamp(unit, zone) => D::Timestamp(*unit, zone.clone()),
        D::Date32 => D::Date32,
        D::Date64 => D::Timestamp(TimeUnit::Millisecond, None),
        D::Duration(u) => D::Duration(*u),
        D::Time32(u) => D::Time32(*u),
        D::Time64(u) => D::Time64(*u),
        D::Dictionary(_, v) => {
            return read_as(&Field::new(field.name(), v.as_ref().clone(), true));
        }
        nested @ (D::Struct(_)
        | D::List(_)
        | D::LargeList(_)
        | D::FixedSizeList(..)
        | D::Map(..)) => nested.clone(),
        _ => return None,
    })
}

/// A type that holds the values of both.
fn unite(a: &DataType, b: &DataType) -> Option<DataType> {
    use DataType as D;
    if a == b {
        return Some(a.clone());
    }
    Some(match (a, b) {
        (D::Int32, D::Int64) | (D::Int64, D::Int32) => D::Int64,
        (D::Int32, D::Float64) | (D::Float64, D::Int32) => D::Float64,
        (D::Timestamp(u, z), D::Timestamp(v, y)) => {
            let zone = z.clone().or_else(|| y.clone());
            D::Timestamp(finer(*u, *v), zone)
        }
        (D::Timestamp(u, z), D::Date32) | (D::Date32, D::Timestamp(u, z)) => {
            D::Timestamp(*u, z.clone())
        }
        _ => return None,
    })
}

fn finer(a: TimeUnit, b: TimeUnit) -> TimeUnit {
    let order = [
        TimeUnit::Nanosecond,
        TimeUnit::Microsecond,
        TimeUnit::Millisecond,
        TimeUnit::Second,
    ];
    order.into_iter().find(|u| *u == a || *u == b).unwrap_or(a)
}

/// The KQL type of a column that is read as an Arrow type.
fn type_of(read: &DataType) -> Option<Type> {
    use DataType as D;
    Some(match read {
        D::Boolean => Type::Bool,
        D::Int32 => Type::Int,
        D::Int64 => Type::Long,
        D::Float64 => Type::Real,
        D::Decimal128(..) => Type::Decimal,
        D::Utf8View => Type::String,
        D::FixedSizeBinary(_) => Type::Guid,
        D::Timestamp(..) | D::Date32 => Type::DateTime,
        D::Duration(_) | D::Time32(_) | D::Time64(_) => Type::TimeSpan,
        D::Struct(_) | D::List(_) | D::LargeList(_) | D::FixedSizeList(..) | D::Map(..) => {
            Type::Dynamic
        }
        _ => return None,
    })
}

/// A column of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// The Arrow type in which the files are read.
    pub(crate) read: DataType,
    pub(crate) ty: Type,
    /// Whether what is read must be turned into the canonical form of the type.
    pub(crate) converted: bool,
}

impl Column {
    /// The Arrow type of the provider's column.
    pub(crate) fn stored(&self) -> DataType {
        if self.converted {
            arrow_type(self.ty)
        } else {
            self.read.clone()
        }
    }
}

/// The columns of files as they are found.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    columns: Vec<(String, DataType)>,
    left_out: Vec<String>,
    /// Whether all of a column's values so far are null: then its type is none.
    empty: Vec<bool>,
}

impl Shape {
    /// Adds the columns of a file; the name of the one whose type does not fit.
    pub(crate) fn add(&mut self, fields: &[FieldRef]) -> Result<(), String> {
        for field in fields {
            let Some(read) = read_as(field) else {
                if !self.left_out.contains(field.name()) {
                    self.left_out.push(field.name().clone());
                }
                continue;
            };
            let empty = field.data_type() == &DataType::Null;
            let have = self.columns.iter().position(|(n, _)| n == field.name());
            let Some(i) = have else {
                self.columns.push((field.name().clone(), read));
                self.empty.push(empty);
                continue;
            };
            let (Some((_, t)), Some(was_empty)) = (self.columns.get_mut(i), self.empty.get_mut(i))
            else {
                continue;
            };
            if empty {
                continue;
            }
            *t = if std::mem::take(was_empty) {
                read
            } else {
                unite(t, &read).ok_or_else(|| field.name().clone())?
            };
        }
        Ok(())
    }

    /// The columns with their KQL types.
    ///
    /// What is known of the table counts where the file's values can be read so without loss: a text as a datetime, number,
    /// bool, guid, timespan or (as JSON) dynamic, an int as long and the reverse, a whole real as int or long, a number as
    /// real. A value that does not fit then fails. Otherwise the file's type counts.
    pub(crate) fn columns(self, table: &str, known: &Known, notes: &Skipped) -> Vec<Column> {
        let mut out = Vec::with_capacity(self.columns.len());
        for (name, read) in self.columns {
            let Some(own) = type_of(&read) else {
                continue;
            };
            let want = known.column(&name).map_or(own, |(t, _)| t);
            let (ty, converted) = match (own, want) {
                (a, b) if a == b => (own, false),
                (Type::String, Type::Dynamic)
                | (Type::Int, Type::Long | Type::Real)
                | (Type::Long, Type::Int | Type::Real)
                | (Type::Decimal, Type::Real) => (want, false),
                (Type::String, _)
                | (Type::Real, Type::Int | Type::Long)
                | (Type::Int | Type::Long, Type::Bool) => (want, true),
                _ => {
                    notes.note(format!(
                        "table `{table}`: column `{name}` is {own} in the file and {want} in the schema; it is read as {own}"
                    ));
                    (own, false)
                }
            };
            out.push(Column {
                name,
                read,
                ty,
                converted,
            });
        }
        if !self.left_out.is_empty() {
            notes.note(format!(
                "table `{table}`: {} left out, whose type has no reading in KQL",
                self.left_out.join(", ")
            ));
        }
        out
    }
}

/// The schema in which the files are read.
pub(crate) fn read_schema(columns: &[Column]) -> Arc<arrow::datatypes::Schema> {
    let fields: Vec<Field> = columns
        .iter()
        .map(|c| Field::new(&c.name, c.read.clone(), true))
        .collect();
    Arc::new(arrow::datatypes::Schema::new(fields))
}

/// The schema of the provider.
pub(crate) fn stored_schema(columns: &[Column]) -> Arc<arrow::datatypes::Schema> {
    let fields: Vec<Field> = columns
        .iter()
        .map(|c| Field::new(&c.name, c.stored(), true))
        .collect();
    Arc::new(arrow::datatypes::Schema::new(fields))
}
