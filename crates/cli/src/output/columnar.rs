//! Parquet and Arrow: rows in the types of `kql_render::exchange`.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::ipc::writer::FileWriter;
use kql_render::exchange;
use kql_types::ColumnSchema;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::io::{Error, Result, Write};
use std::sync::{Arc, Mutex};

/// Bytes on their way from a writer that keeps its sink to the output, in the pieces in which they came: one buffer that
/// grows would hold a row group twice.
#[derive(Clone, Default)]
struct Bytes(Arc<Mutex<Vec<Vec<u8>>>>);

impl Write for Bytes {
    fn write(&mut self, buf: &[u8]) -> Result<usize> {
        let mut all = self
            .0
            .lock()
            .map_err(|_| Error::other("the buffer is lost"))?;
        all.push(buf.to_vec());
        Ok(buf.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

/// Bytes of a row group that the Parquet writer may hold; more ends the group. Wide rows of text come to a gigabyte in a
/// group of the usual number of rows.
const MOST_HELD: usize = 32 << 20;

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
        let schema = exchange::schema(columns);
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
        let batch = exchange::batch(batch, &self.columns, &self.schema).map_err(Error::other)?;
        match &mut self.kind {
            Kind::Parquet(w) => {
                w.write(&batch).map_err(Error::other)?;
                if w.memory_size() > MOST_HELD {
                    w.flush().map_err(Error::other)?;
                }
            }
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
        bytes.drain(..).try_for_each(|piece| out.write_all(&piece))
    }
}
