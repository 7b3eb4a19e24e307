//! Arrow IPC files and streams, and Parquet files that are packed: read by us, batch by batch.

use super::convert::convert;
use super::parquet::constant;
use super::shape::{Column, stored_schema};
use crate::entry::DataFile;
use crate::error::SourceError;
use crate::format::Format;
use crate::table::StoredColumn;
use crate::tables::SourceOptions;
use crate::text;
use arrow::array::{Array, ArrayRef, RecordBatch, RecordBatchOptions, new_null_array};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::{Field, Fields, Schema, SchemaRef};
use arrow::ipc::reader::StreamReader;
use async_trait::async_trait;
use bytes::Bytes;
use datafusion::catalog::{Session, TableProvider};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_expr::LexOrdering;
use datafusion::physical_plan::stream::RecordBatchReceiverStream;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use datafusion::physical_plan::{ExecutionPlan, SendableRecordBatchStream};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::ChunkReader;
use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;

/// The most that a packed Parquet file may unpack to: it must be in memory as a whole.
const MOST_IN_MEMORY: u64 = 4 << 30;

type Batches = Box<dyn Iterator<Item = std::result::Result<RecordBatch, SourceError>>>;
type Reader = BufReader<Box<dyn Read + Send>>;

fn broken(file: &DataFile, e: &dyn std::fmt::Display) -> SourceError {
    SourceError::bad_file(&file.shown(), format!("the file cannot be read: {e}"))
}

/// An Arrow stream; of an Arrow file, the stream that it holds.
fn arrow(
    file: &DataFile,
    options: &SourceOptions,
) -> std::result::Result<StreamReader<Reader>, SourceError> {
    let is_file = text::head(file, 6)? == b"ARROW1";
    let mut reader = BufReader::with_capacity(1 << 18, text::open(file, options.most_growth)?);
    if is_file {
        // The stream begins behind the magic and zeros up to the writer's alignment.
        let io = |e: std::io::Error| SourceError::io(&file.shown(), &e);
        reader.read_exact(&mut [0; 8]).map_err(io)?;
        while reader.fill_buf().map_err(io)?.first() == Some(&0) {
            reader.consume(1);
        }
    }
    StreamReader::try_new(reader, None).map_err(|e| broken(file, &e))
}

fn parquet(
    file: &DataFile,
    options: &SourceOptions,
) -> std::result::Result<ParquetRecordBatchReaderBuilder<impl ChunkReader + 'static>, SourceError> {
    let mut bytes = Vec::new();
    text::open(file, options.most_growth)?
        .take(MOST_IN_MEMORY + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| SourceError::io(&file.shown(), &e))?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MOST_IN_MEMORY {
        return Err(SourceError::bad_file(
            &file.shown(),
            "a packed Parquet file is read into memory, and this one has more than 4 GiB: unpack it",
        ));
    }
    ParquetRecordBatchReaderBuilder::try_new(Bytes::from(bytes)).map_err(|e| {
        SourceError::bad_file(&file.shown(), format!("this is no whole Parquet file: {e}"))
    })
}

/// The columns of a file.
pub(super) fn fields(
    file: &DataFile,
    format: Format,
    options: &SourceOptions,
) -> std::result::Result<Fields, SourceError> {
    Ok(match format {
        Format::Arrow => arrow(file, options)?.schema().fields().clone(),
        _ => parquet(file, options)?.schema().fields().clone(),
    })
}

/// The batches of a file with the columns of these names, where it has them.
fn batches(
    file: &DataFile,
    format: Format,
    names: &[&str],
    options: &SourceOptions,
) -> std::result::Result<Batches, SourceError> {
    let shown = file.clone();
    if format == Format::Arrow {
        let reader = arrow(file, options)?;
        return Ok(Box::new(
            reader.map(move |b| b.map_err(|e| broken(&shown, &e))),
        ));
    }
    let builder = parquet(file, options)?;
    let roots = builder
        .schema()
        .fields()
        .iter()
        .enumerate()
        .filter(|(_, f)| names.contains(&f.name().as_str()))
        .map(|(i, _)| i);
    let mask = ProjectionMask::roots(builder.parquet_schema(), roots);
    let reader = builder
        .with_projection(mask)
        .with_batch_size(options.batch_size)
        .build()
        .map_err(|e| broken(file, &e))?;
    Ok(Box::new(
        reader.map(move |b| b.map_err(|e| broken(&shown, &e))),
    ))
}

/// Files as a table.
#[derive(Debug, Clone)]
pub(super) struct BatchTable {
    files: Vec<DataFile>,
    format: Format,
    columns: Vec<Column>,
    folders: Vec<StoredColumn>,
    schema: SchemaRef,
    options: SourceOptions,
}

impl BatchTable {
    pub(super) fn new(
        files: &[DataFile],
        format: Format,
        columns: Vec<Column>,
        folders: &[StoredColumn],
        options: &SourceOptions,
    ) -> Self {
        let own = stored_schema(&columns);
        let folder_fields = folders
            .iter()
            .map(|c| Arc::new(Field::new(&c.name, c.stored.clone(), true)));
        let fields: Vec<Arc<Field>> = own.fields().iter().cloned().chain(folder_fields).collect();
        BatchTable {
            files: files.to_vec(),
            format,
            columns,
            folders: folders.to_vec(),
            schema: Arc::new(Schema::new(fields)),
            options: options.clone(),
        }
    }

    /// Reads a file until nobody wants more.
    fn read(
        &self,
        file: &DataFile,
        wanted: &[usize],
        schema: &SchemaRef,
        send: &mut dyn FnMut(RecordBatch) -> bool,
    ) -> std::result::Result<(), SourceError> {
        let names: Vec<&str> = wanted
            .iter()
            .filter_map(|i| self.columns.get(*i).map(|c| c.name.as_str()))
            .collect();
        let most = self.options.batch_size.max(1);
        for batch in batches(file, self.format, &names, &self.options)? {
            let batch = batch?;
            let arrays = wanted
                .iter()
                .map(|i| self.column(file, *i, &batch))
                .collect::<std::result::Result<Vec<_>, _>>()?;
            let rows = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
            let out = RecordBatch::try_new_with_options(Arc::clone(schema), arrays, &rows)
                .map_err(|e| broken(file, &e))?;
            let mut at = 0;
            while at < out.num_rows() {
                let n = most.min(out.num_rows() - at);
                if !send(out.slice(at, n)) {
                    return Ok(());
                }
                at += n;
            }
        }
        Ok(())
    }

    fn column(
        &self,
        file: &DataFile,
        i: usize,
        batch: &RecordBatch,
    ) -> std::result::Result<ArrayRef, SourceError> {
        let fault = |e: &dyn std::fmt::Display| broken(file, e);
        let Some(column) = self.columns.get(i) else {
            let folder = self
                .folders
                .get(i - self.columns.len())
                .ok_or_else(|| fault(&"a column is missing"))?;
            return constant(file, folder)?
                .to_array_of_size(batch.num_rows())
                .map_err(|e| fault(&e));
        };
        let Some(array) = batch.column_by_name(&column.name) else {
            return Ok(new_null_array(&column.stored(), batch.num_rows()));
        };
        let strict = CastOptions {
            safe: false,
            ..CastOptions::default()
        };
        let read = if array.data_type() == &column.read {
            Arc::clone(array)
        } else {
            cast_with_options(array, &column.read, &strict).map_err(|e| fault(&e))?
        };
        if column.converted {
            return convert(&read, column.ty, &column.name).map_err(|e| e.at(&file.shown()));
        }
        Ok(read)
    }
}

#[async_trait]
impl TableProvider for BatchTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let wanted: Vec<usize> = match projection {
            Some(p) => p.clone(),
            None => (0..self.schema.fields().len()).collect(),
        };
        let schema = Arc::new(self.schema.project(&wanted)?);
        let table = Arc::new(self.clone());
        let partitions = (0..self.files.len())
            .map(|file| {
                Arc::new(FilePartition {
                    table: Arc::clone(&table),
                    file,
                    wanted: wanted.clone(),
                    schema: Arc::clone(&schema),
                }) as Arc<dyn PartitionStream>
            })
            .collect();
        let no_order: Vec<LexOrdering> = Vec::new();
        Ok(Arc::new(StreamingTableExec::try_new(
            schema, partitions, None, no_order, false, limit,
        )?))
    }
}

/// One file of a table.
#[derive(Debug)]
struct FilePartition {
    table: Arc<BatchTable>,
    file: usize,
    wanted: Vec<usize>,
    schema: SchemaRef,
}

impl PartitionStream for FilePartition {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _ctx: Arc<TaskContext>) -> SendableRecordBatchStream {
        let mut builder = RecordBatchReceiverStream::builder(Arc::clone(&self.schema), 2);
        let tx = builder.tx();
        let (table, file) = (Arc::clone(&self.table), self.file);
        let (wanted, schema) = (self.wanted.clone(), Arc::clone(&self.schema));
        builder.spawn_blocking(move || {
            let Some(file) = table.files.get(file) else {
                return Ok(());
            };
            let mut send = |batch: RecordBatch| tx.blocking_send(Ok(batch)).is_ok();
            table
                .read(file, &wanted, &schema, &mut send)
                .map_err(|e| DataFusionError::External(Box::new(e)))
        });
        builder.build()
    }
}
