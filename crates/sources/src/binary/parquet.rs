//! Parquet files through DataFusion's scan, which prunes files, row groups and pages and filters while it decodes.

use super::convert;
use super::local::LocalFiles;
use super::settled::SettledSource;
use super::shape::{Column, read_schema, stored_schema};
use crate::entry::DataFile;
use crate::error::SourceError;
use crate::table::StoredColumn;
use crate::text::Columns;
use arrow::array::AsArray;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::stats::Precision;
use datafusion::common::{ScalarValue, Statistics};
use datafusion::config::TableParquetOptions;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::object_store::ObjectStoreUrl;
use datafusion::datasource::physical_plan::{
    FileGroup, FileScanConfigBuilder, ParquetFileReaderFactory, ParquetSource,
};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::Column as PlanColumn;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::projection::ProjectionExec;
use kql_diag::codes;
use object_store::ObjectMeta;
use object_store::path::Path as ObjectPath;
use parquet::arrow::arrow_reader::statistics::StatisticsConverter;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// So few files are read by one thread.
const FEW: usize = 32;

/// The footer of a file; none when it is packed, or no Parquet file.
fn footer(file: &DataFile) -> std::result::Result<Option<ArrowReaderMetadata>, SourceError> {
    let io = |e: std::io::Error| SourceError::io(&file.path, &e);
    let mut open = std::fs::File::open(&file.path).map_err(io)?;
    let mut magic = [0; 4];
    if file.entry.is_some() || open.read_exact(&mut magic).is_err() || &magic != b"PAR1" {
        return Ok(None);
    }
    ArrowReaderMetadata::load(&open, ArrowReaderOptions::new())
        .map(Some)
        .map_err(|e| {
            SourceError::bad_file(&file.path, format!("this is no whole Parquet file: {e}"))
        })
}

/// The footers of files, read by several threads; none when one of the files is packed, or no Parquet file.
///
/// # Errors
/// A file cannot be read, or its footer.
pub(super) fn footers(
    files: &[DataFile],
    threads: usize,
) -> std::result::Result<Option<Vec<ArrowReaderMetadata>>, SourceError> {
    let share = files.len().div_ceil(threads.max(1)).max(FEW);
    let read = |part: &[DataFile]| part.iter().map(footer).collect();
    let parts: std::result::Result<Option<Vec<Vec<_>>>, SourceError> = std::thread::scope(|s| {
        let work = |part| {
            let started = std::thread::Builder::new().spawn_scoped(s, move || read(part));
            (part, started)
        };
        let started: Vec<_> = files.chunks(share).skip(1).map(work).collect();
        let first = files.chunks(share).take(1).map(read).collect::<Vec<_>>();
        let others = started.into_iter().map(|(part, thread)| match thread {
            // Without a thread it is done here.
            Err(_) => read(part),
            Ok(thread) => thread.join().unwrap_or_else(|_| {
                let message = "a footer was not read to its end";
                Err(SourceError::new(codes::INTERNAL, message))
            }),
        });
        first.into_iter().chain(others).collect()
    });
    Ok(parts?.map(|parts| parts.into_iter().flatten().collect()))
}

/// The newest time of a column, from the footers alone; none when they do not tell.
pub(crate) fn newest(files: &[DataFile], column: &str) -> Option<i64> {
    let mut newest: Option<i64> = None;
    for file in files {
        let meta = footer(file).ok()??;
        let schema = meta.schema();
        let field = schema.field_with_name(column).ok()?;
        let scale = match field.data_type() {
            DataType::Timestamp(TimeUnit::Second, _) => (10_000_000, 1),
            DataType::Timestamp(TimeUnit::Millisecond, _) => (10_000, 1),
            DataType::Timestamp(TimeUnit::Microsecond, _) => (10, 1),
            DataType::Timestamp(TimeUnit::Nanosecond, _) => (1, 100),
            _ => return None,
        };
        let parquet = meta.metadata();
        let descr = parquet.file_metadata().schema_descr();
        let converter = StatisticsConverter::try_new(column, schema, descr).ok()?;
        let groups = parquet.row_groups();
        let most = converter.row_group_maxes(groups.iter()).ok()?;
        let nulls = converter.row_group_null_counts(groups.iter()).ok()?;
        let most = arrow::compute::cast(&most, &DataType::Int64).ok()?;
        let most = most.as_primitive::<arrow::datatypes::Int64Type>();
        for (i, (max, group)) in most.iter().zip(groups).enumerate() {
            let rows = u64::try_from(group.num_rows()).ok()?;
            let only_nulls = nulls.values().get(i) == Some(&rows);
            match max {
                Some(max) => {
                    let ticks = max.checked_mul(scale.0)?.div_euclid(scale.1);
                    let ticks = ticks.checked_add(kql_types::text::datetime::UNIX_EPOCH)?;
                    newest = newest.max(Some(ticks));
                }
                None if rows == 0 || only_nulls => {}
                None => return None,
            }
        }
    }
    newest
}

/// Parquet files as a table.
#[derive(Debug)]
pub(super) struct ParquetTable {
    files: Vec<PartitionedFile>,
    columns: Vec<Column>,
    /// The files' columns as they are read, and those of partition folders.
    table: TableSchema,
    schema: SchemaRef,
    statistics: Statistics,
    /// Where the files are, and their footers.
    local: Arc<LocalFiles>,
}

impl ParquetTable {
    pub(super) fn new(
        files: &[DataFile],
        footers: Vec<ArrowReaderMetadata>,
        columns: Vec<Column>,
        folders: &[StoredColumn],
    ) -> std::result::Result<Self, SourceError> {
        let folder_fields: Vec<Arc<Field>> = folders
            .iter()
            .map(|c| Arc::new(Field::new(&c.name, c.stored.clone(), true)))
            .collect();
        let table = TableSchema::builder(read_schema(&columns))
            .with_table_partition_cols(folder_fields.clone())
            .build();
        let own = stored_schema(&columns);
        let fields: Vec<Arc<Field>> = own.fields().iter().cloned().chain(folder_fields).collect();
        let mut rows = 0usize;
        let mut parts = Vec::with_capacity(files.len());
        let mut local = LocalFiles::default();
        let mut folder = None;
        for (file, footer) in files.iter().zip(footers) {
            let n = footer.metadata().file_metadata().num_rows();
            rows = rows.saturating_add(usize::try_from(n).unwrap_or(0));
            let part = part(file, folders, &mut folder)?;
            let name = part.object_meta.location.clone();
            local.add(name, file.path.clone(), footer);
            parts.push(part);
        }
        let mut statistics = Statistics::new_unknown(table.table_schema());
        statistics.num_rows = Precision::Exact(rows);
        Ok(ParquetTable {
            files: parts,
            columns,
            table,
            schema: Arc::new(Schema::new(fields)),
            statistics,
            local: Arc::new(local),
        })
    }
}

/// A file as DataFusion names it. `last`: the folder of the file before and its whole path, which take a while to find.
fn part(
    file: &DataFile,
    folders: &[StoredColumn],
    last: &mut Option<(PathBuf, PathBuf)>,
) -> std::result::Result<PartitionedFile, SourceError> {
    let io = |e: std::io::Error| SourceError::io(&file.path, &e);
    let parent = file.path.parent().filter(|p| !p.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    let whole = match last.take().filter(|(folder, _)| folder == parent) {
        Some((_, whole)) => whole,
        None => std::fs::canonicalize(parent).map_err(io)?,
    };
    let absolute = whole.join(file.path.file_name().unwrap_or_default());
    *last = Some((parent.to_owned(), whole));
    let meta = std::fs::metadata(&file.path).map_err(io)?;
    let location = ObjectPath::from_absolute_path(&absolute)
        .map_err(|_| SourceError::new(codes::INPUT, "the path cannot be used").at(&file.path))?;
    let modified = meta.modified().unwrap_or(std::time::UNIX_EPOCH);
    let mut out = PartitionedFile::new_from_meta(ObjectMeta {
        location,
        last_modified: modified.into(),
        size: meta.len(),
        e_tag: None,
        version: None,
    });
    out.partition_values = folders
        .iter()
        .map(|c| constant(file, c))
        .collect::<std::result::Result<_, _>>()?;
    Ok(out)
}

/// The value of a partition folder.
pub(super) fn constant(
    file: &DataFile,
    column: &StoredColumn,
) -> std::result::Result<ScalarValue, SourceError> {
    let value = file.folders.iter().find(|(k, _)| *k == column.name);
    let field = Field::new(&column.name, column.stored.clone(), true);
    let mut one = Columns::new([column.ty], Arc::new(Schema::new(vec![field])));
    match value {
        Some((k, v)) if !one.text(0, v) => {
            return Err(SourceError::bad_file(
                &file.path,
                format!("folder `{k}={v}` is no {}", column.ty),
            ));
        }
        Some(_) => {}
        None => one.null(0),
    }
    one.end_row(true);
    let batch = one.take(&file.path)?;
    ScalarValue::try_from_array(batch.column(0), 0)
        .map_err(|e| SourceError::new(codes::INTERNAL, e.to_string()))
}

#[async_trait]
impl TableProvider for ParquetTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(
        &self,
        filters: &[&Expr],
    ) -> Result<Vec<TableProviderFilterPushDown>> {
        // The scan takes its filters from the physical plan.
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }

    fn statistics(&self) -> Option<Statistics> {
        Some(self.statistics.clone())
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let options = TableParquetOptions {
            global: state.config_options().execution.parquet.clone(),
            ..TableParquetOptions::default()
        };
        let files: Arc<dyn ParquetFileReaderFactory> = Arc::<LocalFiles>::clone(&self.local);
        let source = ParquetSource::new(self.table.clone())
            .with_table_parquet_options(options)
            .with_parquet_file_reader_factory(files);
        let source = SettledSource::new(source, &self.local);
        let groups =
            FileGroup::new(self.files.clone()).split_files(state.config().target_partitions());
        let config =
            FileScanConfigBuilder::new(ObjectStoreUrl::local_filesystem(), Arc::new(source))
                .with_file_groups(groups)
                .with_statistics(self.statistics.clone())
                .with_projection_indices(projection.cloned())?
                .with_limit(limit.filter(|_| filters.is_empty()))
                .build();
        let plan: Arc<dyn ExecutionPlan> = DataSourceExec::from_data_source(config);
        let wanted: Vec<usize> = match projection {
            Some(p) => p.clone(),
            None => (0..self.schema.fields().len()).collect(),
        };
        let is_converted = |i: &usize| self.columns.get(*i).is_some_and(|c| c.converted);
        if !wanted.iter().any(is_converted) {
            return Ok(plan);
        }
        let config = Arc::new(state.config_options().clone());
        let mut out: Vec<(Arc<dyn PhysicalExpr>, String)> = Vec::with_capacity(wanted.len());
        for (i, field) in plan.schema().fields().iter().enumerate() {
            let read: Arc<dyn PhysicalExpr> = Arc::new(PlanColumn::new(field.name(), i));
            let column = wanted.get(i).and_then(|w| self.columns.get(*w));
            let value = match column.filter(|c| c.converted) {
                Some(c) => convert::expression(read, &c.name, c.ty, &config),
                None => read,
            };
            out.push((value, field.name().clone()));
        }
        Ok(Arc::new(ProjectionExec::try_new(out, plan)?))
    }
}
