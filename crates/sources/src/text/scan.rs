//! The scan of a text table: threads take chunks from one reader and give batches.

use super::TextTable;
use super::chunks::{Chunk, Chunks};
use super::rows::Rows;
use crate::error::SourceError;
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use datafusion::common::Statistics;
use datafusion::common::stats::Precision;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::datasource::source::DataSource;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::TaskContext;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_expr::projection::ProjectionExprs;
use datafusion::physical_expr::{EquivalenceProperties, Partitioning, PhysicalExpr};
use datafusion::physical_plan::execution_plan::SchedulingType;
use datafusion::physical_plan::metrics::{Count, ExecutionPlanMetricsSet, MetricBuilder};
use datafusion::physical_plan::stream::RecordBatchReceiverStream;
use datafusion::physical_plan::{DisplayFormatType, SendableRecordBatchStream};
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, Weak};

/// Files below this size are read by one thread, so their rows keep their order.
const WORTH_SPLITTING: u64 = 8 << 20;
/// Batches that wait in a channel.
const WAITING: usize = 2;

/// Reads the wanted columns of a text table.
#[derive(Debug, Clone)]
pub(crate) struct TextScan {
    table: Arc<TextTable>,
    /// Places of the wanted columns in the table.
    wanted: Vec<usize>,
    schema: SchemaRef,
    limit: Option<usize>,
    partitions: usize,
    bytes: u64,
    metrics: ExecutionPlanMetricsSet,
    runs: Arc<Mutex<Vec<Run>>>,
}

/// One execution of the plan: its partitions share a reader.
#[derive(Debug)]
struct Run {
    context: Weak<TaskContext>,
    opened: Vec<bool>,
    shared: Arc<Shared>,
}

struct Shared {
    chunks: Mutex<Chunks>,
    /// Somebody failed or has enough.
    stopped: AtomicBool,
    /// Rows that may still be given.
    left: AtomicUsize,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shared")
    }
}

impl TextScan {
    pub(crate) fn try_new(
        table: Arc<TextTable>,
        wanted: Vec<usize>,
        limit: Option<usize>,
    ) -> Result<Self> {
        let schema = Arc::new(table.schema.project(&wanted)?);
        let bytes = table
            .files
            .iter()
            .filter_map(|f| std::fs::metadata(&f.path).ok())
            .map(|m| m.len())
            .sum();
        let worth = usize::try_from(bytes / WORTH_SPLITTING).unwrap_or(usize::MAX);
        let partitions = table.options.threads.min(worth).max(1);
        Ok(TextScan {
            table,
            wanted,
            schema,
            limit,
            partitions,
            bytes,
            metrics: ExecutionPlanMetricsSet::new(),
            runs: Arc::default(),
        })
    }

    /// What the partitions of one execution share. A plan that runs again gets a new reader.
    fn shared(&self, partition: usize, context: &Arc<TaskContext>) -> Arc<Shared> {
        let fresh = || {
            Arc::new(Shared {
                chunks: Mutex::new(Chunks::new(
                    Arc::clone(&self.table.files),
                    self.table.layout,
                    self.table.options.most_growth,
                )),
                stopped: AtomicBool::new(false),
                left: AtomicUsize::new(self.limit.unwrap_or(usize::MAX)),
            })
        };
        let Ok(mut runs) = self.runs.lock() else {
            return fresh();
        };
        runs.retain(|r| r.context.strong_count() > 0);
        let same = |r: &&mut Run| {
            std::ptr::eq(r.context.as_ptr(), Arc::as_ptr(context))
                && r.opened.get(partition) == Some(&false)
        };
        if let Some(run) = runs.iter_mut().find(same) {
            if let Some(o) = run.opened.get_mut(partition) {
                *o = true;
            }
            return Arc::clone(&run.shared);
        }
        let mut opened = vec![false; self.partitions];
        if let Some(o) = opened.get_mut(partition) {
            *o = true;
        }
        let shared = fresh();
        // An older run of the same context has all that it will get.
        runs.retain(|r| !std::ptr::eq(r.context.as_ptr(), Arc::as_ptr(context)));
        runs.push(Run {
            context: Arc::downgrade(context),
            opened,
            shared: Arc::clone(&shared),
        });
        shared
    }
}

impl DataSource for TextScan {
    fn open(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let shared = self.shared(partition, &context);
        let mut builder = RecordBatchReceiverStream::builder(Arc::clone(&self.schema), WAITING);
        let tx = builder.tx();
        let work = Work {
            table: Arc::clone(&self.table),
            wanted: self.wanted.clone(),
            schema: Arc::clone(&self.schema),
            batch_size: context.session_config().batch_size(),
            shared,
            bytes: MetricBuilder::new(&self.metrics).counter("bytes_scanned", partition),
            rows: MetricBuilder::new(&self.metrics).output_rows(partition),
        };
        builder.spawn_blocking(move || {
            let mut send = |batch: RecordBatch| tx.blocking_send(Ok(batch)).is_ok();
            work.run(&mut send)
                .map_err(|e| DataFusionError::External(Box::new(e)))
        });
        Ok(builder.build())
    }

    fn fmt_as(&self, t: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n = self.table.files.len();
        if t == DisplayFormatType::TreeRender {
            return writeln!(f, "files={n}");
        }
        let names: Vec<&str> = self
            .schema
            .fields()
            .iter()
            .map(|c| c.name().as_str())
            .collect();
        write!(f, "text, files={n}, projection=[{}]", names.join(", "))?;
        match self.limit {
            Some(limit) => write!(f, ", limit={limit}"),
            None => Ok(()),
        }
    }

    fn output_partitioning(&self) -> Partitioning {
        Partitioning::UnknownPartitioning(self.partitions)
    }

    fn eq_properties(&self) -> EquivalenceProperties {
        EquivalenceProperties::new(Arc::clone(&self.schema))
    }

    fn scheduling_type(&self) -> SchedulingType {
        SchedulingType::NonCooperative
    }

    fn partition_statistics(&self, _partition: Option<usize>) -> Result<Arc<Statistics>> {
        let mut statistics = Statistics::new_unknown(&self.schema);
        let bytes = usize::try_from(self.bytes).unwrap_or(usize::MAX);
        statistics.total_byte_size = Precision::Inexact(bytes);
        Ok(Arc::new(statistics))
    }

    fn with_fetch(&self, limit: Option<usize>) -> Option<Arc<dyn DataSource>> {
        Some(Arc::new(TextScan {
            limit,
            runs: Arc::default(),
            ..self.clone()
        }))
    }

    fn fetch(&self) -> Option<usize> {
        self.limit
    }

    fn metrics(&self) -> ExecutionPlanMetricsSet {
        self.metrics.clone()
    }

    fn try_swapping_with_projection(
        &self,
        projection: &ProjectionExprs,
    ) -> Result<Option<Arc<dyn DataSource>>> {
        let mut wanted = Vec::new();
        for e in projection.iter() {
            let column = e.expr.downcast_ref::<Column>();
            match column.and_then(|c| self.wanted.get(c.index()).filter(|_| c.name() == e.alias)) {
                Some(place) if !wanted.contains(place) => wanted.push(*place),
                _ => return Ok(None),
            }
        }
        let scan = TextScan::try_new(Arc::clone(&self.table), wanted, self.limit)?;
        Ok(Some(Arc::new(scan)))
    }

    fn apply_expressions(
        &self,
        _f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }
}

/// The work of one partition.
struct Work {
    table: Arc<TextTable>,
    wanted: Vec<usize>,
    schema: SchemaRef,
    batch_size: usize,
    shared: Arc<Shared>,
    bytes: Count,
    rows: Count,
}

impl Work {
    fn run(
        &self,
        send: &mut dyn FnMut(RecordBatch) -> bool,
    ) -> std::result::Result<(), SourceError> {
        let mut rows = Rows::new(
            &self.table,
            &self.wanted,
            Arc::clone(&self.schema),
            self.batch_size,
        );
        let mut give = |batch: RecordBatch| {
            let Some(batch) = self.within_limit(batch) else {
                return false;
            };
            self.rows.add(batch.num_rows());
            send(batch)
        };
        let done = self.chunks(&mut rows, &mut give);
        if done.is_err() || self.shared.left.load(Ordering::Relaxed) == 0 {
            self.shared.stopped.store(true, Ordering::Relaxed);
        }
        if done? {
            rows.finish(&mut give)?;
        }
        if self.table.external.is_none() {
            rows.objects
                .unknown()
                .for_each(|name| self.table.skipped.later(&self.table.name, name));
        }
        Ok(())
    }

    /// False: nobody wants more.
    fn chunks(
        &self,
        rows: &mut Rows<'_>,
        give: &mut dyn FnMut(RecordBatch) -> bool,
    ) -> std::result::Result<bool, SourceError> {
        while !self.shared.stopped.load(Ordering::Relaxed) {
            let Some(chunk) = self.next()? else {
                return Ok(true);
            };
            self.bytes.add(chunk.text.len());
            if !rows.chunk(&chunk, give)? {
                return Ok(false);
            }
        }
        Ok(false)
    }

    fn next(&self) -> std::result::Result<Option<Chunk>, SourceError> {
        match self.shared.chunks.lock() {
            Ok(mut chunks) => chunks.next(),
            Err(_) => Ok(None),
        }
    }

    /// The batch, or as much of it as the limit allows; none when nothing is left.
    fn within_limit(&self, batch: RecordBatch) -> Option<RecordBatch> {
        if self.shared.left.load(Ordering::Relaxed) == usize::MAX {
            return Some(batch);
        }
        let n = batch.num_rows();
        let had = self
            .shared
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |l| {
                Some(l.saturating_sub(n))
            })
            .unwrap_or(0);
        if had == 0 {
            return None;
        }
        Some(if had < n { batch.slice(0, had) } else { batch })
    }
}
