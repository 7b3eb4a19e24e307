//! Text formats as tables: rows are read in a thread of their own and come in batches of typed columns.

mod bytes;
mod columns;
mod json;
mod separated;

use crate::error::SourceError;
use crate::table::StoredColumn;
use crate::tables::{BadRows, Skipped, SourceOptions};
use arrow::array::RecordBatch;
use arrow::datatypes::{Field, Schema, SchemaRef};
use async_trait::async_trait;
use columns::Columns;
use datafusion::catalog::{Session, TableProvider};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::stream::RecordBatchReceiverStream;
use datafusion::physical_plan::streaming::{PartitionStream, StreamingTableExec};
use datafusion::physical_plan::{ExecutionPlan, SendableRecordBatchStream};
use kql_functions::adapter::arrow_type;
use kql_types::ColumnSchema;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How rows stand in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Cells with a separator, quoted as in RFC 4180, with or without a line of names.
    Separated { separator: u8, header: bool },
    /// An object a line.
    JsonLines,
    /// An array of objects, or objects one after the other.
    JsonArray,
    /// A line is one cell.
    Lines,
    /// The whole text is one cell.
    Whole,
}

/// A cell of a row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cell<'r> {
    /// Text of a separated row, by its place.
    Plain(&'r str),
    /// A property of an object as JSON text.
    Named(&'r str, &'r str),
}

/// Takes `(names of the header, line, cells)`; false stops.
pub(crate) type OnRow<'f> =
    &'f mut dyn for<'r> FnMut(Option<&[String]>, u64, &'r [Cell<'r>]) -> Result<bool, SourceError>;

/// Reads a file row by row.
pub(crate) fn for_each_row(file: &Path, layout: Layout, f: OnRow<'_>) -> Result<(), SourceError> {
    rows(file, layout, None, f)
}

fn rows(
    file: &Path,
    layout: Layout,
    pattern: Option<&str>,
    f: OnRow<'_>,
) -> Result<(), SourceError> {
    bytes::open(file, pattern, &mut |reader| match layout {
        Layout::Separated { separator, header } => {
            separated::rows(file, reader, separator, header, f)
        }
        Layout::JsonLines => json::lines(file, reader, f),
        Layout::JsonArray => json::array(file, reader, f),
        Layout::Lines => separated::lines(file, reader, f),
        Layout::Whole => separated::whole(file, reader, f),
    })
}

/// Text files as a table.
#[derive(Debug, Clone)]
pub(crate) struct TextTable {
    files: Vec<PathBuf>,
    layout: Layout,
    columns: Vec<ColumnSchema>,
    options: SourceOptions,
    skipped: Skipped,
    schema: SchemaRef,
    /// Rows of the first line are no data (`ignoreFirstRecord`).
    skip_first: bool,
    /// Which entries of a zip.
    pattern: Option<String>,
    /// Cells belong to columns by place, and too many or too few of them are no fault.
    by_place: bool,
}

impl TextTable {
    pub(crate) fn new(
        files: Vec<PathBuf>,
        layout: Layout,
        columns: Vec<ColumnSchema>,
        options: SourceOptions,
        skipped: Skipped,
    ) -> Self {
        let fields: Vec<Field> = columns
            .iter()
            .map(|c| Field::new(&c.name, arrow_type(c.ty), true))
            .collect();
        let schema = Arc::new(Schema::new(fields));
        TextTable {
            files,
            layout,
            columns,
            options,
            skipped,
            schema,
            skip_first: false,
            pattern: None,
            by_place: false,
        }
    }

    /// The table as `externaldata` reads it.
    pub(crate) fn external(mut self, skip_first: bool, pattern: Option<String>) -> Self {
        self.skip_first = skip_first;
        self.pattern = pattern;
        self.by_place = true;
        self
    }

    pub(crate) fn stored(&self) -> Vec<StoredColumn> {
        self.columns
            .iter()
            .map(|c| StoredColumn {
                name: c.name.clone(),
                ty: c.ty,
                stored: arrow_type(c.ty),
            })
            .collect()
    }
}

#[async_trait]
impl TableProvider for TextTable {
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
        let wanted: Vec<usize> = projection
            .cloned()
            .unwrap_or_else(|| (0..self.columns.len()).collect());
        let schema = Arc::new(self.schema.project(&wanted)?);
        let partitions = self
            .files
            .iter()
            .map(|file| {
                Arc::new(FilePartition {
                    file: file.clone(),
                    wanted: wanted.clone(),
                    schema: Arc::clone(&schema),
                    table: self.clone(),
                }) as Arc<dyn PartitionStream>
            })
            .collect();
        let none: Vec<datafusion::physical_expr::LexOrdering> = Vec::new();
        Ok(Arc::new(StreamingTableExec::try_new(
            schema, partitions, None, none, false, limit,
        )?))
    }
}

/// One file of a table.
#[derive(Debug)]
struct FilePartition {
    file: PathBuf,
    wanted: Vec<usize>,
    schema: SchemaRef,
    table: TextTable,
}

impl PartitionStream for FilePartition {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _ctx: Arc<TaskContext>) -> SendableRecordBatchStream {
        let mut builder = RecordBatchReceiverStream::builder(Arc::clone(&self.schema), 2);
        let tx = builder.tx();
        let (file, wanted, schema, table) = (
            self.file.clone(),
            self.wanted.clone(),
            Arc::clone(&self.schema),
            self.table.clone(),
        );
        builder.spawn_blocking(move || {
            let mut send = |batch: RecordBatch| tx.blocking_send(Ok(batch)).is_ok();
            read(&file, &wanted, &schema, &table, &mut send)
                .map_err(|e| DataFusionError::External(Box::new(e)))
        });
        builder.build()
    }
}

/// Reads a file into batches until nobody wants more.
fn read(
    file: &Path,
    wanted: &[usize],
    schema: &SchemaRef,
    table: &TextTable,
    send: &mut dyn FnMut(RecordBatch) -> bool,
) -> Result<(), SourceError> {
    let mut columns = Columns::new(
        &table.columns,
        wanted,
        Arc::clone(schema),
        table.options.batch_size,
    );
    let mut first = table.skip_first;
    let mut stopped = false;
    let mut width = None;
    rows(
        file,
        table.layout,
        table.pattern.as_deref(),
        &mut |header, line, cells| {
            if let Some(header) = header {
                width = Some(header.len());
                columns.place(header);
                return Ok(true);
            }
            if std::mem::take(&mut first) {
                return Ok(true);
            }
            let wrong_width = match (cells.first(), width) {
                (Some(Cell::Plain(_)), Some(w)) if !table.by_place && cells.len() != w => Some(
                    format!("the row has {} cells, and the header has {w}", cells.len()),
                ),
                _ => None,
            };
            let fault = match wrong_width {
                Some(m) => Some(m),
                None => columns.row(cells, table.by_place).err(),
            };
            if let Some(message) = fault {
                if table.options.bad_rows == BadRows::Skip {
                    table.skipped.add();
                    return Ok(true);
                }
                return Err(SourceError::bad_row(file, line, message)
                    .with_help("--bad-rows skip leaves such rows out and counts them"));
            }
            if columns.is_full() {
                stopped = !send(columns.take(file)?);
            }
            Ok(!stopped)
        },
    )?;
    if !stopped && columns.rows() > 0 {
        send(columns.take(file)?);
    }
    Ok(())
}
