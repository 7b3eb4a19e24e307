//! Partitions one after the other, as many of them working at once as there are threads.

use crate::node::pin::one_partition;
use arrow::array::RecordBatch;
use arrow::compute::BatchCoalescer;
use datafusion::common::Result;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::stream::{
    RecordBatchReceiverStreamBuilder, RecordBatchStreamAdapter,
};
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties, PlanProperties,
};
use futures::StreamExt;
use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use tokio::sync::mpsc::Sender;

/// Batches that a partition may have ready before they are asked for.
const AHEAD: usize = 8;

/// Rows of partition 0, then of partition 1, and so on: the order of the files, for any number of threads.
#[derive(Debug)]
pub(crate) struct InOrderExec {
    input: Arc<dyn ExecutionPlan>,
    fetch: Option<usize>,
    properties: Arc<PlanProperties>,
}

impl InOrderExec {
    pub(crate) fn new(input: Arc<dyn ExecutionPlan>, fetch: Option<usize>) -> Self {
        let properties = one_partition(&input, input.schema());
        InOrderExec {
            input,
            fetch,
            properties,
        }
    }
}

impl DisplayAs for InOrderExec {
    fn fmt_as(&self, _t: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fetch {
            Some(n) => write!(f, "InOrderExec: fetch={n}"),
            None => write!(f, "InOrderExec"),
        }
    }
}

impl ExecutionPlan for InOrderExec {
    fn name(&self) -> &str {
        "InOrderExec"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn maintains_input_order(&self) -> Vec<bool> {
        // A sort that is asked for above must not go below: with a fetch it would see other rows.
        vec![false]
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false]
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        _f: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let input = super::exec::only_child(children)?;
        Ok(Arc::new(InOrderExec::new(input, self.fetch)))
    }

    fn execute(
        &self,
        _partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let partitions = self.input.output_partitioning().partition_count();
        if self.fetch == Some(0) || partitions == 0 {
            return Ok(Box::pin(RecordBatchStreamAdapter::new(
                self.schema(),
                futures::stream::empty(),
            )));
        }
        let schema = self.schema();
        if partitions == 1 {
            let all = self.input.execute(0, context)?;
            return Ok(self.limited(all));
        }
        let config = context.session_config();
        let (threads, rows) = (config.target_partitions(), config.batch_size());
        let most = self.fetch.unwrap_or(usize::MAX);
        let input = Arc::clone(&self.input);
        let mut streams = (0..partitions).map(move |i| {
            let mut b = RecordBatchReceiverStreamBuilder::new(input.schema(), AHEAD);
            let (tx, input) = (b.tx(), Arc::clone(&input));
            let context = Arc::clone(&context);
            b.spawn(async move {
                let stream = input.execute(i, context)?;
                pass(stream, &tx, rows, most).await
            });
            b.build()
        });
        // A stream works from when it is made. The next one is made when the first one waiting is at its end.
        let waiting = streams
            .by_ref()
            .take(threads.max(1))
            .collect::<VecDeque<_>>();
        let all = futures::stream::unfold(
            (waiting, streams),
            |(mut waiting, mut streams)| async move {
                loop {
                    match waiting.front_mut()?.next().await {
                        Some(batch) => return Some((batch, (waiting, streams))),
                        None => {
                            waiting.pop_front();
                            waiting.extend(streams.next());
                        }
                    }
                }
            },
        );
        Ok(self.limited(Box::pin(RecordBatchStreamAdapter::new(schema, all))))
    }
}

impl InOrderExec {
    /// The first rows of a stream, if only so many are wanted. It is dropped, and with it the tasks, when there are enough.
    fn limited(&self, all: SendableRecordBatchStream) -> SendableRecordBatchStream {
        let Some(fetch) = self.fetch else {
            return all;
        };
        let limited = futures::stream::unfold((all, fetch), |(mut all, left)| async move {
            if left == 0 {
                return None;
            }
            match all.next().await? {
                Ok(batch) if batch.num_rows() > left => Some((Ok(batch.slice(0, left)), (all, 0))),
                Ok(batch) => {
                    let left = left - batch.num_rows();
                    Some((Ok(batch), (all, left)))
                }
                Err(e) => Some((Err(e), (all, 0))),
            }
        });
        Box::pin(RecordBatchStreamAdapter::new(self.schema(), limited))
    }
}

/// Hands on up to `most` rows, at once while nothing else waits to be taken, otherwise in batches of `size` rows: a filter
/// leaves few rows of a batch, and they would hold the memory of all of it.
async fn pass(
    mut stream: SendableRecordBatchStream,
    to: &Sender<Result<RecordBatch>>,
    size: usize,
    most: usize,
) -> Result<()> {
    let mut gathered = BatchCoalescer::new(stream.schema(), size.max(1))
        .with_biggest_coalesce_batch_size(Some(size / 2));
    let mut left = most;
    loop {
        let batch = match left {
            0 => None,
            _ => stream.next().await.transpose()?,
        };
        let ended = batch.is_none();
        if let Some(batch) = batch {
            left = left.saturating_sub(batch.num_rows());
            gathered.push_batch(batch)?;
        }
        if ended || to.capacity() == AHEAD {
            gathered.finish_buffered_batch()?;
        }
        while let Some(batch) = gathered.next_completed_batch() {
            if to.send(Ok(batch)).await.is_err() {
                // Nobody listens any more.
                return Ok(());
            }
        }
        if ended {
            return Ok(());
        }
    }
}
