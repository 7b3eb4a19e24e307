//! Parquet and Arrow: rows in the types that other programs know.
//!
//! A datetime becomes a timestamp in nanoseconds (UTC) and a timespan a duration in nanoseconds: the tick of 100 ns is kept,
//! and a value that nanoseconds do not reach (before 1677, after 2262) is an error. A guid stays 16 bytes, a dynamic is JSON.

use arrow::array::{
    Array, ArrayRef, DurationNanosecondArray, Int64Array, RecordBatch, RecordBatchOptions,
    StringArray, TimestampNanosecondArray,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use arrow::ipc::writer::FileWriter;
use kql_functions::adapter::{Any, arrow_type};
use kql_render::{Cells, json_cell};
use kql_types::{ColumnSchema, Type};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::collections::HashMap;
use std::io::{Error, Result, Write};
use std::sync::{Arc, Mutex};

/// Bytes on their way from a writer that keeps its sink to the output.
#[derive(Clone, Default)]
struct Bytes(Arc<Mutex<Vec<u8>>>);

impl Write for Bytes {
    fn write(&mut self, buf: &[u8]) -> Result<usize> {
        let mut all = self
            .0
            .lock()
            .map_err(|_| Error::other("the buffer is lost"))?;
        all.extend_from_slice(buf);
        Ok(buf.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

enum Kind {
    Parquet(Box<ArrowWriter<Bytes>>),
    Arrow(Box<FileWriter<Bytes>>),
}

/// Writes one table.
pub(super) struct Columnar {
    kind: Kind,
    bytes: Bytes,
    columns: Vec<ColumnSchema>,
    schema: SchemaRef,
}

impl Columnar {
    /// Begins a table.
    pub(super) fn new(parquet: bool, columns: &[ColumnSchema]) -> Result<Columnar> {
        let schema: SchemaRef = Arc::new(Schema::new(
            columns.iter().map(field).collect::<Vec<Field>>(),
        ));
        let bytes = Bytes::default();
        let kind = if parquet {
            let properties = WriterProperties::builder()
                .set_compression(Compression::ZSTD(ZstdLevel::default()))
                .build();
            let writer = ArrowWriter::try_new(bytes.clone(), Arc::clone(&schema), Some(properties));
            Kind::Parquet(Box::new(writer.map_err(Error::other)?))
        } else {
            let writer = FileWriter::try_new(bytes.clone(), &schema);
            Kind::Arrow(Box::new(writer.map_err(Error::other)?))
        };
        Ok(Columnar {
            kind,
            bytes,
            columns: columns.to_vec(),
            schema,
        })
    }

    /// Some rows.
    pub(super) fn batch(&mut self, batch: &RecordBatch, out: &mut dyn Write) -> Result<()> {
        let cells = Cells::new(batch, &self.columns);
        let any = cells
            .any()
            .ok_or_else(|| Error::other("a column is not of its type"))?;
        let arrays = any
            .iter()
            .zip(batch.columns())
            .zip(&self.columns)
            .map(|((any, array), column)| convert(any, array, column))
            .collect::<Result<Vec<ArrayRef>>>()?;
        let rows = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &rows)
            .map_err(Error::other)?;
        match &mut self.kind {
            Kind::Parquet(w) => w.write(&batch).map_err(Error::other)?,
            Kind::Arrow(w) => w.write(&batch).map_err(Error::other)?,
        }
        self.pass_on(out)
    }

    /// The table is whole.
    pub(super) fn end(mut self, out: &mut dyn Write) -> Result<()> {
        match &mut self.kind {
            Kind::Parquet(w) => {
                w.finish().map_err(Error::other)?;
            }
            Kind::Arrow(w) => w.finish().map_err(Error::other)?,
        }
        self.pass_on(out)
    }

    fn pass_on(&self, out: &mut dyn Write) -> Result<()> {
        let mut bytes = self
            .bytes
            .0
            .lock()
            .map_err(|_| Error::other("the buffer is lost"))?;
        out.write_all(&bytes)?;
        bytes.clear();
        Ok(())
    }
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

fn convert(any: &Any<'_>, array: &ArrayRef, column: &ColumnSchema) -> Result<ArrayRef> {
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
            _ => return Err(Error::other("a column is not of its type")),
        },
        _ => Arc::clone(array),
    })
}

/// Ticks as nanoseconds since `epoch`.
fn nanoseconds(array: &ArrayRef, column: &ColumnSchema, epoch: i64) -> Result<Vec<Option<i64>>> {
    let ticks = array
        .as_any()
        .downcast_ref::<Int64Array>()
        .ok_or_else(|| Error::other("a column is not of its type"))?;
    let one = |t: i64| {
        let found = t.checked_sub(epoch).and_then(|t| t.checked_mul(100));
        found.ok_or_else(|| {
            Error::other(format!(
                "column `{}` has a {} beyond what nanoseconds reach; tostring() or another format keeps it",
                column.name, column.ty
            ))
        })
    };
    ticks.iter().map(|t| t.map(one).transpose()).collect()
}
