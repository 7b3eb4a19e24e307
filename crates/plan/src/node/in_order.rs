//! Partitions one after the other, all of them working at once.

use crate::node::pin::one_partition;
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
use std::fmt;
use std::sync::Arc;

/// Batches that a later partition may have ready before its turn.
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
        let streams = if partitions == 1 {
            vec![self.input.execute(0, context)?]
        } else {
            (0..partitions)
                .map(|i| {
                    let mut b = RecordBatchReceiverStreamBuilder::new(self.schema(), AHEAD);
                    let (tx, input) = (b.tx(), Arc::clone(&self.input));
                    let context = Arc::clone(&context);
                    b.spawn(async move {
                        let mut rows = input.execute(i, context)?;
                        while let Some(batch) = rows.next().await {
                            let failed = batch.is_err();
                            // Nobody listens any more, or nothing more comes.
                            if tx.send(batch).await.is_err() || failed {
                                break;
                            }
                        }
                        Ok(())
                    });
                    b.build()
                })
                .collect()
        };
        let Some(fetch) = self.fetch else {
            if streams.len() == 1 {
                return super::exec::only_stream(streams);
            }
            let all = futures::stream::iter(streams).flatten();
            return Ok(Box::pin(RecordBatchStreamAdapter::new(self.schema(), all)));
        };
        let all = futures::stream::iter(streams).flatten();
        // The streams are dropped, and with them the tasks, as soon as there are rows enough.
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
        Ok(Box::pin(RecordBatchStreamAdapter::new(
            self.schema(),
            limited,
        )))
    }
}
