//! Rows in the types that other programs know, for files and for programs that embed the engine.
//!
//! A datetime becomes a timestamp in nanoseconds (UTC) and a timespan a duration in nanoseconds: the tick of 100 ns is kept,
//! and a value that nanoseconds do not reach (before 1677, after 2262) is an error. A guid stays 16 bytes marked as
//! `arrow.uuid`, a dynamic is JSON text marked as `arrow.json`.

use crate::cell::{Cells, json_cell};
use arrow::array::{
    Array, ArrayRef, DurationNanosecondArray, Int64Array, RecordBatch, RecordBatchOptions,
    StringArray, TimestampNanosecondArray,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use kql_functions::adapter::{Any, arrow_type};
use kql_types::{ColumnSchema, Type};
use std::collections::HashMap;
use std::sync::Arc;

const NOT_OF_TYPE: &str = "a column is not of its type";

/// The schema of such rows.
pub fn schema(columns: &[ColumnSchema]) -> SchemaRef {
    let fields: Vec<Field> = columns.iter().map(field).collect();
    Arc::new(Schema::new(fields))
}

/// Rows of a result as such rows. `schema` is [`schema`] of the same columns.
///
/// # Errors
/// A time that nanoseconds do not reach.
pub fn batch(
    rows: &RecordBatch,
    columns: &[ColumnSchema],
    schema: &SchemaRef,
) -> Result<RecordBatch, String> {
    let cells = Cells::new(rows, columns);
    let any = cells.any().ok_or(NOT_OF_TYPE)?;
    let arrays = any
        .iter()
        .zip(rows.columns())
        .zip(columns)
        .map(|((any, array), column)| convert(any, array, column))
        .collect::<Result<Vec<ArrayRef>, String>>()?;
    let count = RecordBatchOptions::new().with_row_count(Some(rows.num_rows()));
    RecordBatch::try_new_with_options(Arc::clone(schema), arrays, &count).map_err(|e| e.to_string())
}

fn field(column: &ColumnSchema) -> Field {
    let ty = match column.ty {
        Type::DateTime => DataType::Timestamp(TimeUnit::Nanosecond, Some("UTC".into())),
        Type::TimeSpan => DataType::Duration(TimeUnit::Nanosecond),
        Type::Dynamic | Type::String => DataType::Utf8,
        other => arrow_type(other),
    };
    let field = Field::new(&column.name, ty, column.ty != Type::String);
    let extension = match column.ty {
        Type::Guid => "arrow.uuid",
        Type::Dynamic => "arrow.json",
        _ => return field,
    };
    field.with_metadata(HashMap::from([(
        "ARROW:extension:name".to_owned(),
        extension.to_owned(),
    )]))
}

fn convert(any: &Any<'_>, array: &ArrayRef, column: &ColumnSchema) -> Result<ArrayRef, String> {
    Ok(match column.ty {
        Type::DateTime => {
            let of = nanoseconds(array, column, kql_types::text::datetime::UNIX_EPOCH)?;
            Arc::new(TimestampNanosecondArray::from_iter(of).with_timezone("UTC"))
        }
        Type::TimeSpan => Arc::new(DurationNanosecondArray::from_iter(nanoseconds(
            array, column, 0,
        )?)),
        Type::Dynamic => {
            let mut text = String::new();
            let of = (0..array.len()).map(|row| {
                text.clear();
                json_cell(any, row, &mut text);
                (!array.is_null(row)).then(|| text.clone())
            });
            Arc::new(StringArray::from_iter(of))
        }
        Type::String => match any {
            Any::String(texts) => Arc::new(StringArray::from_iter_values(
                (0..array.len()).map(|row| texts.get(row)),
            )),
            _ => return Err(NOT_OF_TYPE.to_owned()),
        },
        _ => Arc::clone(array),
    })
}

/// Ticks as nanoseconds since `epoch`.
fn nanoseconds(
    array: &ArrayRef,
    column: &ColumnSchema,
    epoch: i64,
) -> Result<Vec<Option<i64>>, String> {
    let ticks = array
        .as_any()
        .downcast_ref::<Int64Array>()
        .ok_or(NOT_OF_TYPE)?;
    let one = |t: i64| {
        let found = t.checked_sub(epoch).and_then(|t| t.checked_mul(100));
        found.ok_or_else(|| {
            format!(
                "column `{}` has a {} beyond what nanoseconds reach; tostring() or another format keeps it",
                column.name, column.ty
            )
        })
    };
    ticks.iter().map(|t| t.map(one).transpose()).collect()
}
