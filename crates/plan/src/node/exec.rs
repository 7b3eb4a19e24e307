//! Runs an operator over its input.

use crate::node::pin::one_partition;
use crate::node::{Operator, StepContext, Worker};
use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{DataFusionError, Result};
use datafusion::execution::memory_pool::MemoryConsumer;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{Distribution, EquivalenceProperties, Partitioning, PhysicalExpr};
use datafusion::physical_plan::metrics::{BaselineMetrics, ExecutionPlanMetricsSet, MetricsSet};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties,
    InputDistributionRequirements, PlanProperties,
};
use futures::StreamExt;
use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

/// An operator with its input and its expressions.
pub(crate) struct RowsExec {
    operator: Arc<dyn Operator>,
    input: Arc<dyn ExecutionPlan>,
    exprs: Vec<Arc<dyn PhysicalExpr>>,
    properties: Arc<PlanProperties>,
    metrics: ExecutionPlanMetricsSet,
}

impl RowsExec {
    pub(crate) fn new(
        operator: Arc<dyn Operator>,
        input: Arc<dyn ExecutionPlan>,
        exprs: Vec<Arc<dyn PhysicalExpr>>,
        schema: SchemaRef,
    ) -> Self {
        let properties = if operator.whole() {
            let order = input.output_ordering().filter(|_| operator.keeps_order());
            match order.cloned() {
                Some(order) if input.output_partitioning().partition_count() == 1 => {
                    Arc::new(PlanProperties::new(
                        EquivalenceProperties::new_with_orderings(schema, [order]),
                        Partitioning::UnknownPartitioning(1),
                        input.pipeline_behavior(),
                        input.boundedness(),
                    ))
                }
                _ => one_partition(&input, schema),
            }
        } else {
            Arc::new(PlanProperties::new(
                EquivalenceProperties::new(schema),
                Partitioning::UnknownPartitioning(input.output_partitioning().partition_count()),
                input.pipeline_behavior(),
                input.boundedness(),
            ))
        };
        RowsExec {
            operator,
            input,
            exprs,
            properties,
            metrics: ExecutionPlanMetricsSet::new(),
        }
    }
}

impl fmt::Debug for RowsExec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RowsExec {}", self.operator.name())
    }
}

impl DisplayAs for RowsExec {
    fn fmt_as(&self, _t: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}Exec: {}",
            self.operator.name(),
            self.operator.parameters()
        )
    }
}

/// The one child of a plan.
pub(super) fn only_child(children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
    children
        .into_iter()
        .next()
        .ok_or_else(|| DataFusionError::Internal("a step without an input".to_owned()))
}

/// The one stream of a list.
pub(super) fn only_stream(
    streams: Vec<SendableRecordBatchStream>,
) -> Result<SendableRecordBatchStream> {
    streams
        .into_iter()
        .next()
        .ok_or_else(|| DataFusionError::Internal("a step without an input".to_owned()))
}

/// The running state of one partition.
struct Running {
    input: SendableRecordBatchStream,
    exprs: Vec<Arc<dyn PhysicalExpr>>,
    worker: Box<dyn Worker>,
    ready: VecDeque<RecordBatch>,
    ended: bool,
    metrics: BaselineMetrics,
}

impl Running {
    fn push(&mut self, batch: RecordBatch) -> Result<()> {
        let rows = batch.num_rows();
        let values = self
            .exprs
            .iter()
            .map(|e| e.evaluate(&batch)?.into_array(rows))
            .collect::<Result<Vec<ArrayRef>>>()?;
        self.ready.extend(self.worker.push(batch, values)?);
        if self.worker.done() {
            self.end()?;
        }
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        self.ended = true;
        self.ready.extend(self.worker.finish()?);
        Ok(())
    }

    async fn next(&mut self) -> Option<Result<RecordBatch>> {
        loop {
            while let Some(batch) = self.ready.pop_front() {
                if batch.num_rows() > 0 {
                    self.metrics.record_output(batch.num_rows());
                    return Some(Ok(batch));
                }
            }
            if self.ended {
                return None;
            }
            let step = match self.input.next().await {
                Some(Ok(batch)) => {
                    let elapsed = self.metrics.elapsed_compute().clone();
                    let _timer = elapsed.timer();
                    self.push(batch)
                }
                Some(Err(e)) => Err(e),
                None => self.end(),
            };
            if let Err(e) = step {
                self.ended = true;
                self.ready.clear();
                return Some(Err(e));
            }
        }
    }
}

impl ExecutionPlan for RowsExec {
    fn name(&self) -> &str {
        self.operator.name()
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn input_distribution_requirements(&self) -> InputDistributionRequirements {
        InputDistributionRequirements::new(vec![if self.operator.whole() {
            Distribution::SinglePartition
        } else {
            Distribution::UnspecifiedDistribution
        }])
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
        for e in &self.exprs {
            if f(e)? == TreeNodeRecursion::Stop {
                return Ok(TreeNodeRecursion::Stop);
            }
        }
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(
        self: Arc<Self>,
        children: Vec<Arc<dyn ExecutionPlan>>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(Arc::new(RowsExec::new(
            Arc::clone(&self.operator),
            only_child(children)?,
            self.exprs.clone(),
            self.schema(),
        )))
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let memory = MemoryConsumer::new(format!("{}[{partition}]", self.operator.name()))
            .register(context.memory_pool());
        let worker = self.operator.start(StepContext {
            schema: self.schema(),
            batch_size: context.session_config().batch_size(),
            memory,
        })?;
        let running = Running {
            input: self.input.execute(partition, context)?,
            exprs: self.exprs.clone(),
            worker,
            ready: VecDeque::new(),
            ended: false,
            metrics: BaselineMetrics::new(&self.metrics, partition),
        };
        let stream = futures::stream::unfold(running, |mut running| async move {
            running.next().await.map(|batch| (batch, running))
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(
            self.schema(),
            stream,
        )))
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }
}
