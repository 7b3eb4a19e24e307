//! Steps that need several inputs whole before they give anything: the nodes and the matches of a graph.

use crate::node::exec::only_stream;
use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use arrow::datatypes::{Field, SchemaRef};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{DFSchema, DFSchemaRef, DataFusionError, Result};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Extension, LogicalPlan, UserDefinedLogicalNodeCore};
use datafusion::physical_expr::{Distribution, EquivalenceProperties, Partitioning, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::metrics::{BaselineMetrics, ExecutionPlanMetricsSet, MetricsSet};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, InputDistributionRequirements, PlanProperties,
};
use datafusion::prelude::Expr;
use futures::StreamExt;
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// What a gathering knows when it starts.
pub(crate) struct Gathered {
    /// Each input in one batch.
    pub inputs: Vec<RecordBatch>,
    /// The schema of its results.
    pub schema: SchemaRef,
    /// Rows of a batch.
    pub batch_size: usize,
    /// Where it accounts for what it holds besides the inputs.
    pub memory: MemoryReservation,
}

/// What a running gathering has.
pub(crate) enum Progress {
    /// Rows.
    Rows(RecordBatch),
    /// Nothing yet, after some work: others may have their turn.
    Working,
    /// Nothing more.
    Done,
}

/// A running gathering.
pub(crate) trait Giver: Send {
    /// Works for a while.
    fn next(&mut self) -> Result<Progress>;
}

/// What a gathering does with its inputs.
pub(crate) trait Gathering: Send + Sync {
    /// Its name in plans.
    fn name(&self) -> &'static str;

    /// Every parameter, as text: gatherings of one name and text are the same.
    fn parameters(&self) -> String;

    /// Begins.
    fn start(&self, cx: Gathered) -> Result<Box<dyn Giver>>;
}

/// The logical node.
#[derive(Clone)]
pub(crate) struct Gather {
    /// What it is.
    pub kind: Arc<dyn Gathering>,
    /// Its inputs.
    pub inputs: Vec<LogicalPlan>,
    /// The columns it gives.
    pub schema: DFSchemaRef,
}

impl Gather {
    /// A node that gives columns of its own.
    pub(crate) fn plan(
        kind: Arc<dyn Gathering>,
        inputs: Vec<LogicalPlan>,
        fields: Vec<Field>,
    ) -> Result<LogicalPlan> {
        let fields = fields.into_iter().map(Arc::new).collect::<Vec<_>>();
        let schema = DFSchema::from_unqualified_fields(fields.into(), HashMap::new())?;
        Ok(LogicalPlan::Extension(Extension {
            node: Arc::new(Gather {
                kind,
                inputs,
                schema: Arc::new(schema),
            }),
        }))
    }
}

impl fmt::Debug for Gather {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt_for_explain(f)
    }
}

impl PartialEq for Gather {
    fn eq(&self, other: &Self) -> bool {
        self.kind.name() == other.kind.name()
            && self.kind.parameters() == other.kind.parameters()
            && self.inputs == other.inputs
            && self.schema == other.schema
    }
}

impl Eq for Gather {}

impl PartialOrd for Gather {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self == other).then_some(Ordering::Equal)
    }
}

impl Hash for Gather {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.kind.name().hash(state);
        self.kind.parameters().hash(state);
        self.inputs.hash(state);
    }
}

impl UserDefinedLogicalNodeCore for Gather {
    fn name(&self) -> &str {
        self.kind.name()
    }

    fn inputs(&self) -> Vec<&LogicalPlan> {
        self.inputs.iter().collect()
    }

    fn schema(&self) -> &DFSchemaRef {
        &self.schema
    }

    fn expressions(&self) -> Vec<Expr> {
        Vec::new()
    }

    fn prevent_predicate_push_down_columns(&self) -> HashSet<String> {
        self.schema
            .fields()
            .iter()
            .map(|f| f.name().clone())
            .collect()
    }

    fn fmt_for_explain(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.name(), self.kind.parameters())
    }

    fn with_exprs_and_inputs(&self, _exprs: Vec<Expr>, inputs: Vec<LogicalPlan>) -> Result<Self> {
        Ok(Gather {
            kind: Arc::clone(&self.kind),
            inputs,
            schema: Arc::clone(&self.schema),
        })
    }
}

/// The execution plan.
pub(crate) struct GatherExec {
    kind: Arc<dyn Gathering>,
    inputs: Vec<Arc<dyn ExecutionPlan>>,
    properties: Arc<PlanProperties>,
    metrics: ExecutionPlanMetricsSet,
}

impl GatherExec {
    pub(crate) fn new(
        kind: Arc<dyn Gathering>,
        inputs: Vec<Arc<dyn ExecutionPlan>>,
        schema: SchemaRef,
    ) -> Self {
        GatherExec {
            kind,
            inputs,
            properties: Arc::new(PlanProperties::new(
                EquivalenceProperties::new(schema),
                Partitioning::UnknownPartitioning(1),
                EmissionType::Final,
                Boundedness::Bounded,
            )),
            metrics: ExecutionPlanMetricsSet::new(),
        }
    }
}

impl fmt::Debug for GatherExec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GatherExec {}", self.kind.name())
    }
}

impl DisplayAs for GatherExec {
    fn fmt_as(&self, _t: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}Exec: {}", self.kind.name(), self.kind.parameters())
    }
}

/// Lets others have a turn once.
struct Turn(bool);

impl Future for Turn {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.0 {
            return Poll::Ready(());
        }
        self.0 = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// Where a gathering stands.
enum State {
    Reading(Vec<SendableRecordBatchStream>),
    Giving(Box<dyn Giver>),
    Ended,
}

struct Running {
    kind: Arc<dyn Gathering>,
    schema: SchemaRef,
    batch_size: usize,
    memory: MemoryReservation,
    /// What the inputs hold.
    held: MemoryReservation,
    metrics: BaselineMetrics,
    state: State,
}

impl Running {
    /// All rows of the inputs.
    async fn read(&mut self, streams: Vec<SendableRecordBatchStream>) -> Result<Vec<RecordBatch>> {
        let mut out = Vec::with_capacity(streams.len());
        for mut s in streams {
            let schema = s.schema();
            let mut batches = Vec::new();
            while let Some(batch) = s.next().await {
                let batch = batch?;
                self.held.try_grow(batch.get_array_memory_size())?;
                batches.push(batch);
            }
            out.push(concat_batches(&schema, &batches)?);
        }
        let size = out.iter().map(RecordBatch::get_array_memory_size).sum();
        self.held.try_resize(size)?;
        Ok(out)
    }

    async fn next(&mut self) -> Result<Option<RecordBatch>> {
        loop {
            match std::mem::replace(&mut self.state, State::Ended) {
                State::Ended => return Ok(None),
                State::Reading(streams) => {
                    let inputs = self.read(streams).await?;
                    self.state = State::Giving(self.kind.start(Gathered {
                        inputs,
                        schema: Arc::clone(&self.schema),
                        batch_size: self.batch_size,
                        memory: self.memory.new_empty(),
                    })?);
                }
                State::Giving(mut giver) => {
                    let elapsed = self.metrics.elapsed_compute().clone();
                    let progress = {
                        let _timer = elapsed.timer();
                        giver.next()?
                    };
                    match progress {
                        Progress::Done => return Ok(None),
                        Progress::Working => {
                            self.state = State::Giving(giver);
                            Turn(false).await;
                        }
                        Progress::Rows(batch) => {
                            self.state = State::Giving(giver);
                            Turn(false).await;
                            if batch.num_rows() > 0 {
                                self.metrics.record_output(batch.num_rows());
                                return Ok(Some(batch));
                            }
                        }
                    }
                }
            }
        }
    }
}

impl ExecutionPlan for GatherExec {
    fn name(&self) -> &str {
        self.kind.name()
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn input_distribution_requirements(&self) -> InputDistributionRequirements {
        InputDistributionRequirements::new(vec![Distribution::SinglePartition; self.inputs.len()])
    }

    fn benefits_from_input_partitioning(&self) -> Vec<bool> {
        vec![false; self.inputs.len()]
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        self.inputs.iter().collect()
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
        Ok(Arc::new(GatherExec::new(
            Arc::clone(&self.kind),
            children,
            self.schema(),
        )))
    }

    fn execute(
        &self,
        partition: usize,
        context: Arc<TaskContext>,
    ) -> Result<SendableRecordBatchStream> {
        let name = format!("{}[{partition}]", self.kind.name());
        let held = MemoryConsumer::new(name).register(context.memory_pool());
        let streams = self
            .inputs
            .iter()
            .map(|i| only_stream(vec![i.execute(0, Arc::clone(&context))?]))
            .collect::<Result<Vec<_>>>()?;
        let running = Running {
            kind: Arc::clone(&self.kind),
            schema: self.schema(),
            batch_size: context.session_config().batch_size().max(1),
            memory: held.new_empty(),
            held,
            metrics: BaselineMetrics::new(&self.metrics, partition),
            state: State::Reading(streams),
        };
        let stream = futures::stream::unfold(Some(running), |running| async move {
            let mut running = running?;
            match running.next().await {
                Ok(Some(batch)) => Some((Ok(batch), Some(running))),
                Ok(None) => None,
                Err(e) => Some((Err(e), None)),
            }
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

/// A plan that is not as it was made.
pub(super) fn broken(what: &str) -> DataFusionError {
    DataFusionError::Internal(what.to_owned())
}
