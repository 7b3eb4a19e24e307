//! Sorted rows: texts are numbered once, keys are packed into one number a row, and those are sorted.
//!
//! A log has few different addresses, users and hosts for its rows. So a text key is looked up in a table of the texts
//! seen, only the different texts are compared with each other, and what is sorted are numbers ([`codes`]). Columns that
//! are keys need no memory of their own. Where that cannot be (other types, keys of too many bits, no memory for all
//! rows), DataFusion's sort takes over what has been read and the rest, and spills.

mod at_once;
mod codes;
mod intern;
mod part;
mod radix;
mod replay;
#[cfg(test)]
mod tests;

use crate::node::order::codes::{Coding, Sorted};
use crate::node::order::part::{KeyKind, Layout, Part, Place};
use crate::node::order::radix::Code;
use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::SortOptions;
use datafusion::common::runtime::SpawnedTask;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{DataFusionError, Result};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryLimit, MemoryReservation};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{EquivalenceProperties, LexOrdering, Partitioning, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::expressions::Column;
use datafusion::physical_plan::stream::{
    RecordBatchReceiverStreamBuilder, RecordBatchStreamAdapter,
};
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, EmptyRecordBatchStream, ExecutionPlan, ExecutionPlanProperties,
    PlanProperties,
};
use futures::{StreamExt, TryStreamExt};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The input's rows in one partition, sorted; equal rows as they came.
#[derive(Debug)]
pub(crate) struct OrderExec {
    input: Arc<dyn ExecutionPlan>,
    keys: LexOrdering,
    properties: Arc<PlanProperties>,
}

impl OrderExec {
    pub(crate) fn new(input: Arc<dyn ExecutionPlan>, keys: LexOrdering) -> Self {
        let schema = input.schema();
        let properties = PlanProperties::new(
            EquivalenceProperties::new_with_orderings(schema, [keys.clone()]),
            Partitioning::UnknownPartitioning(1),
            EmissionType::Final,
            Boundedness::Bounded,
        );
        OrderExec {
            input,
            keys,
            properties: Arc::new(properties),
        }
    }

    /// How rows are kept; none where a key is of a type that is no number.
    fn layout(&self) -> Result<Option<Layout>> {
        let schema = self.schema();
        let mut kinds = Vec::new();
        let mut by_column: Vec<(usize, usize)> = Vec::new();
        for (k, key) in self.keys.iter().enumerate() {
            let Some(kind) = KeyKind::of(&key.expr.data_type(&schema)?) else {
                return Ok(None);
            };
            kinds.push(kind);
            if let Some(c) = key.expr.downcast_ref::<Column>()
                && kind != KeyKind::Real
            {
                by_column.push((c.index(), k));
            }
        }
        let mut own = 0;
        let places = (0..schema.fields().len())
            .map(|i| match by_column.iter().find(|(at, _)| *at == i) {
                Some((_, k)) => Place::Key(*k),
                None => {
                    own += 1;
                    Place::Own(own - 1)
                }
            })
            .collect();
        Ok(Some(Layout {
            schema,
            kinds,
            places,
        }))
    }
}

impl DisplayAs for OrderExec {
    fn fmt_as(&self, _t: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OrderExec: [{}]", self.keys)
    }
}

impl ExecutionPlan for OrderExec {
    fn name(&self) -> &str {
        "OrderExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        for key in self.keys.iter() {
            if f(&key.expr)? == TreeNodeRecursion::Stop {
                return Ok(TreeNodeRecursion::Stop);
            }
        }
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let input = super::exec::only_child(children)?;
        Ok(Arc::new(OrderExec::new(input, self.keys.clone())))
    }

    fn execute(
        &self,
        _partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let run = Run {
            layout: self.layout()?.map(Arc::new),
            input: Arc::clone(&self.input),
            keys: self.keys.clone(),
            memory: MemoryConsumer::new("sort").register(context.memory_pool()),
            context,
        };
        let stream = futures::stream::once(run.start()).try_flatten();
        Ok(Box::pin(RecordBatchStreamAdapter::new(
            self.schema(),
            stream,
        )))
    }
}

/// A sort that runs.
struct Run {
    layout: Option<Arc<Layout>>,
    input: Arc<dyn ExecutionPlan>,
    keys: LexOrdering,
    context: Arc<TaskContext>,
    memory: MemoryReservation,
}

/// What has been read of a partition, and what has not.
pub(super) struct Read {
    part: Part,
    rest: Option<SendableRecordBatchStream>,
}

impl Run {
    async fn start(self) -> Result<SendableRecordBatchStream> {
        let Some(layout) = self.layout.clone() else {
            return replay::spilling(self.input, self.keys, self.context);
        };
        // Half of the memory at most: the rows are there once more, as numbers, when they are sorted.
        let limit = match self.context.memory_pool().memory_limit() {
            MemoryLimit::Finite(n) => n / 2,
            _ => usize::MAX,
        };
        let full = Arc::new(AtomicBool::new(false));
        let memory = Arc::new(self.memory);
        let partitions = self.input.output_partitioning().partition_count();
        let mut tasks = Vec::with_capacity(partitions);
        for p in 0..partitions {
            let input = self.input.execute(p, Arc::clone(&self.context))?;
            let collect = Collect {
                layout: Arc::clone(&layout),
                exprs: self.keys.iter().map(|k| Arc::clone(&k.expr)).collect(),
                memory: Arc::clone(&memory),
                limit,
                full: Arc::clone(&full),
            };
            tasks.push(SpawnedTask::spawn(collect.run(input)));
        }
        let mut reads = Vec::with_capacity(tasks.len());
        for task in tasks {
            let read = task
                .join_unwind()
                .await
                .map_err(|e| DataFusionError::External(Box::new(e)))?;
            reads.push(read?);
        }
        let memory = Arc::into_inner(memory)
            .ok_or_else(|| DataFusionError::Internal("a sort that still reads".to_owned()))?;
        if !full.load(Ordering::Relaxed) {
            let mut parts: Vec<Part> = reads.drain(..).map(|r| r.part).collect();
            if parts.iter().all(|p| p.chunks.is_empty()) {
                let schema = Arc::clone(&layout.schema);
                return Ok(Box::pin(EmptyRecordBatchStream::new(schema)));
            }
            let options: Vec<SortOptions> = self.keys.iter().map(|k| k.options).collect();
            let threads = self.context.session_config().target_partitions();
            return match plan(&layout, &options, parts.as_mut_slice(), &memory, threads)? {
                Some(coding) if coding.bits <= u64::BITS => {
                    let sorted = Sorted::<u64>::new(&layout, coding, parts, threads)?;
                    Ok(emit(sorted, layout, &self.context, memory))
                }
                Some(coding) => {
                    let sorted = Sorted::<u128>::new(&layout, coding, parts, threads)?;
                    Ok(emit(sorted, layout, &self.context, memory))
                }
                None => {
                    let reads = parts.into_iter().map(|part| Read { part, rest: None });
                    replay::resumed(reads.collect(), layout, memory, self.keys, self.context)
                }
            };
        }
        replay::resumed(reads, layout, memory, self.keys, self.context)
    }
}

/// How the rows are written as numbers, if they can be within the memory.
fn plan(
    layout: &Layout,
    options: &[SortOptions],
    parts: &mut [Part],
    memory: &MemoryReservation,
    threads: usize,
) -> Result<Option<Coding>> {
    let rows: usize = parts.iter().flat_map(|p| &p.chunks).map(|c| c.rows).sum();
    if memory
        .try_grow(rows.saturating_mul(size_of::<u128>()))
        .is_err()
    {
        return Ok(None);
    }
    Coding::new(layout, options, parts, threads)
}

/// Batches that are ready before they are asked for.
const AHEAD: usize = 4;

/// The sorted rows as batches, made by another thread than the one that asks for them.
fn emit<C: Code>(
    mut sorted: Sorted<C>,
    layout: Arc<Layout>,
    context: &TaskContext,
    memory: MemoryReservation,
) -> SendableRecordBatchStream {
    let rows = context.session_config().batch_size();
    let mut stream = RecordBatchReceiverStreamBuilder::new(Arc::clone(&layout.schema), AHEAD);
    let tx = stream.tx();
    stream.spawn(async move {
        while let Some(batch) = sorted.next(&layout, rows)? {
            // Nobody listens any more.
            if tx.send(Ok(batch)).await.is_err() {
                break;
            }
        }
        drop(memory);
        Ok(())
    });
    stream.build()
}

/// Reads a partition.
struct Collect {
    layout: Arc<Layout>,
    exprs: Vec<Arc<dyn PhysicalExpr>>,
    memory: Arc<MemoryReservation>,
    limit: usize,
    full: Arc<AtomicBool>,
}

impl Collect {
    async fn run(self, mut input: SendableRecordBatchStream) -> Result<Read> {
        let mut part = Part::new(&self.layout);
        while !self.full.load(Ordering::Relaxed) {
            let Some(batch) = input.next().await else {
                return Ok(Read { part, rest: None });
            };
            let batch: RecordBatch = batch?;
            let rows = batch.num_rows();
            if rows == 0 {
                continue;
            }
            let keys = self
                .exprs
                .iter()
                .map(|e| e.evaluate(&batch)?.into_array(rows))
                .collect::<Result<Vec<ArrayRef>>>()?;
            let bytes = part.push(&self.layout, &batch, keys)?;
            if self.memory.try_grow(bytes).is_err() || self.memory.size() > self.limit {
                self.full.store(true, Ordering::Relaxed);
            }
        }
        Ok(Read {
            part,
            rest: Some(input),
        })
    }
}
