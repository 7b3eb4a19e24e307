//! Parquet files of this machine are read where they are: an open file, no footer read twice.
//!
//! DataFusion's own reader opens a file for each piece and hands each piece to another thread. Thousands of small files
//! spend more time there than on their rows.

use arrow::datatypes::{Schema, SchemaRef};
use bytes::Bytes;
use datafusion::common::{DataFusionError, Result};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{ParquetFileMetrics, ParquetFileReaderFactory};
use datafusion::physical_plan::metrics::ExecutionPlanMetricsSet;
use futures::FutureExt;
use futures::future::BoxFuture;
use object_store::path::Path as ObjectPath;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::arrow::async_reader::AsyncFileReader;
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader};
use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::task::Poll;
use std::time::SystemTime;

/// A file with its footer.
#[derive(Debug)]
struct Local {
    path: PathBuf,
    schema: SchemaRef,
    footer: Arc<ParquetMetaData>,
}

/// Files by the names that DataFusion has for them.
#[derive(Debug, Default)]
pub(super) struct LocalFiles {
    files: HashMap<ObjectPath, Local>,
    /// The schema of the file that came last: mostly it is that of the next one.
    schema: Option<SchemaRef>,
}

impl LocalFiles {
    /// Adds a file.
    pub(super) fn add(&mut self, name: ObjectPath, path: PathBuf, footer: ArrowReaderMetadata) {
        let schema = match self.schema.take().filter(|s| s == footer.schema()) {
            Some(same) => same,
            None => Arc::clone(footer.schema()),
        };
        self.schema = Some(Arc::clone(&schema));
        let footer = Arc::clone(footer.metadata());
        let local = Local {
            path,
            schema,
            footer,
        };
        self.files.insert(name, local);
    }

    /// The schema and the footer that a file had when it was added.
    pub(super) fn footer(&self, file: &PartitionedFile) -> Option<(&Schema, &ParquetMetaData)> {
        let local = self.files.get(&file.object_meta.location)?;
        Some((&local.schema, &local.footer))
    }
}

impl ParquetFileReaderFactory for LocalFiles {
    fn create_reader(
        &self,
        partition: usize,
        file: PartitionedFile,
        _metadata_size_hint: Option<usize>,
        metrics: &ExecutionPlanMetricsSet,
    ) -> Result<Box<dyn AsyncFileReader + Send>> {
        let name = &file.object_meta.location;
        let local = self.files.get(name).ok_or_else(|| {
            DataFusionError::Internal(format!("a file that is not of the table: {name}"))
        })?;
        Ok(Box::new(LocalReader {
            path: local.path.clone(),
            size: file.object_meta.size,
            modified: file.object_meta.last_modified.into(),
            footer: Arc::clone(&local.footer),
            file: None,
            metrics: ParquetFileMetrics::new(partition, name.as_ref(), metrics),
        }))
    }
}

/// Reads one file.
struct LocalReader {
    path: PathBuf,
    size: u64,
    modified: SystemTime,
    footer: Arc<ParquetMetaData>,
    file: Option<File>,
    metrics: ParquetFileMetrics,
}

impl LocalReader {
    /// Opens the file. What is known of one that is another by now, its pieces above all, is no more true.
    fn open(&mut self) -> ParquetResult<File> {
        let failed = |e: std::io::Error| ParquetError::External(Box::new(e));
        if let Some(file) = self.file.take() {
            return Ok(file);
        }
        let file = File::open(&self.path).map_err(failed)?;
        let now = file.metadata().map_err(failed)?;
        let modified = now.modified().unwrap_or(self.modified);
        if now.len() != self.size || modified != self.modified {
            let message = format!("`{}` was changed while the query ran", self.path.display());
            return Err(ParquetError::General(message));
        }
        Ok(file)
    }

    fn read(&mut self, range: &Range<u64>) -> ParquetResult<Bytes> {
        let failed = |e: std::io::Error| ParquetError::External(Box::new(e));
        let mut file = self.open()?;
        // What is not in the file is an error before so much memory is asked for.
        if range.end > self.size || range.start > range.end {
            return Err(ParquetError::EOF(
                "a piece that is beyond the file's end".to_owned(),
            ));
        }
        let length = range.end - range.start;
        let size = usize::try_from(length).map_err(|e| ParquetError::External(Box::new(e)))?;
        file.seek(SeekFrom::Start(range.start)).map_err(failed)?;
        let mut out = Vec::with_capacity(size);
        (&mut file)
            .take(length)
            .read_to_end(&mut out)
            .map_err(failed)?;
        if out.len() != size {
            return Err(ParquetError::EOF(
                "the file is shorter than when it was opened".to_owned(),
            ));
        }
        self.metrics.bytes_scanned.add(size);
        self.file = Some(file);
        Ok(out.into())
    }
}

/// Lets other tasks of this thread go first. Nothing here ever waits, and a filter may leave so few rows that a scan comes
/// to its end before it gives one: a task that this one has woken would wait for that on the same thread.
async fn give_way() {
    let mut first = true;
    std::future::poll_fn(|cx| {
        if std::mem::take(&mut first) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(())
    })
    .await;
}

impl AsyncFileReader for LocalReader {
    fn get_bytes(&mut self, range: Range<u64>) -> BoxFuture<'_, ParquetResult<Bytes>> {
        std::future::ready(self.read(&range)).boxed()
    }

    fn get_byte_ranges(
        &mut self,
        ranges: Vec<Range<u64>>,
    ) -> BoxFuture<'_, ParquetResult<Vec<Bytes>>> {
        let all = ranges.iter().map(|r| self.read(r)).collect();
        std::future::ready(all).boxed()
    }

    fn get_metadata<'a>(
        &'a mut self,
        options: Option<&'a ArrowReaderOptions>,
    ) -> BoxFuture<'a, ParquetResult<Arc<ParquetMetaData>>> {
        self.file = match self.open() {
            Ok(file) => Some(file),
            Err(e) => return std::future::ready(Err(e)).boxed(),
        };
        let footer = Arc::clone(&self.footer);
        let policy = options.map_or(PageIndexPolicy::Skip, |o| o.column_index_policy());
        if policy == PageIndexPolicy::Skip {
            return give_way().map(|()| Ok(footer)).boxed();
        }
        async move {
            let mut reader = ParquetMetaDataReader::new_with_metadata(footer.as_ref().clone())
                .with_page_index_policy(policy);
            reader.load_page_index(self).await?;
            reader.finish().map(Arc::new)
        }
        .boxed()
    }
}

impl Drop for LocalReader {
    fn drop(&mut self) {
        let read = self.metrics.bytes_scanned.value();
        self.metrics.scan_efficiency_ratio.add_part(read);
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        self.metrics.scan_efficiency_ratio.set_total(size);
    }
}
