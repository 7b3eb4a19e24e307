//! DataFusion's sort over what has been read and the rest.

use crate::node::order::Read;
use crate::node::order::part::{Chunk, Layout};
use arrow::array::{RecordBatch, StringViewArray};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{DataFusionError, Result};
use datafusion::execution::memory_pool::{MemoryLimit, MemoryReservation};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{EquivalenceProperties, LexOrdering, Partitioning, PhysicalExpr};
use datafusion::physical_plan::coalesce_partitions::CoalescePartitionsExec;
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::sorts::sort::SortExec;
use datafusion::physical_plan::sorts::sort_preserving_merge::SortPreservingMergeExec;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties, PlanProperties,
};
use futures::StreamExt;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// The sorted rows of a plan.
pub(super) fn spilling(
    input: Arc<dyn ExecutionPlan>,
    keys: LexOrdering,
    context: Arc<TaskContext>,
) -> Result<SendableRecordBatchStream> {
    let several = input.output_partitioning().partition_count() > 1;
    let limited = matches!(context.memory_pool().memory_limit(), MemoryLimit::Finite(_));
    if several && limited {
        // Several sorts would hold all memory, and leave none to the merge of their rows.
        let input = Arc::new(CoalescePartitionsExec::new(input));
        return SortExec::new(keys, input).execute(0, context);
    }
    let sort = SortExec::new(keys.clone(), input).with_preserve_partitioning(several);
    if several {
        SortPreservingMergeExec::new(keys, Arc::new(sort)).execute(0, context)
    } else {
        sort.execute(0, context)
    }
}

/// The sorted rows of what has been read and what is left.
pub(super) fn resumed(
    reads: Vec<Read>,
    layout: Arc<Layout>,
    memory: MemoryReservation,
    keys: LexOrdering,
    context: Arc<TaskContext>,
) -> Result<SendableRecordBatchStream> {
    let memory = Arc::new(memory);
    let partitions = reads.len();
    let parts = reads
        .into_iter()
        .map(|read| {
            let (texts, chunks) = read.part.into_rows();
            let mut chunks = chunks;
            chunks.reverse();
            Mutex::new(Some(Replay {
                texts,
                chunks,
                rest: read.rest,
                layout: Arc::clone(&layout),
                memory: Arc::clone(&memory),
            }))
        })
        .collect();
    let properties = PlanProperties::new(
        EquivalenceProperties::new(Arc::clone(&layout.schema)),
        Partitioning::UnknownPartitioning(partitions),
        EmissionType::Incremental,
        Boundedness::Bounded,
    );
    let input = ReplayExec {
        parts,
        properties: Arc::new(properties),
    };
    spilling(Arc::new(input), keys, context)
}

/// A partition that is given again.
struct Replay {
    texts: Vec<Option<StringViewArray>>,
    /// Last first.
    chunks: Vec<Chunk>,
    rest: Option<SendableRecordBatchStream>,
    layout: Arc<Layout>,
    memory: Arc<MemoryReservation>,
}

impl Replay {
    async fn next(&mut self) -> Option<Result<RecordBatch>> {
        if let Some(chunk) = self.chunks.pop() {
            let size = chunk.size.min(self.memory.size());
            let batch = chunk.batch(&self.layout, &self.texts);
            if self.memory.try_shrink(size).is_err() {
                // Another partition gave back more; then nothing is held too much.
                self.memory.free();
            }
            return Some(batch);
        }
        self.texts.clear();
        self.rest.as_mut()?.next().await
    }
}

/// Gives rows that have been read already, and the rest.
struct ReplayExec {
    parts: Vec<Mutex<Option<Replay>>>,
    properties: Arc<PlanProperties>,
}

impl fmt::Debug for ReplayExec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReplayExec")
    }
}

impl DisplayAs for ReplayExec {
    fn fmt_as(&self, _t: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReplayExec")
    }
}

impl ExecutionPlan for ReplayExec {
    fn name(&self) -> &str {
        "ReplayExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn apply_expressions(
        &self,
        _f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(
        self: Arc<Self>,
        _children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn execute(
        &self,
        partition: usize,
        _context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let part = self.parts.get(partition).and_then(|p| {
            let mut p = p.lock().unwrap_or_else(PoisonError::into_inner);
            p.take()
        });
        let replay =
            part.ok_or_else(|| DataFusionError::Internal("rows that are given twice".to_owned()))?;
        let stream = futures::stream::unfold(replay, |mut replay| async move {
            let batch = replay.next().await?;
            Some((batch, replay))
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(
            self.schema(),
            stream,
        )))
    }
}
