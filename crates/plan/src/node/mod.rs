//! Steps that DataFusion has no operator for: one logical node and one execution plan for all of them.
//!
//! A [`Step`] is a name, a text with every parameter, expressions over its input and something that runs: batches in,
//! batches out ([`Operator`]). The other kinds mostly steer the planner: [`StepKind::InOrder`] puts partitions one after the
//! other (rows keep the order they have in the files, whatever the number of threads), [`StepKind::Order`] sorts,
//! [`StepKind::Pin`] keeps a sort that nothing above asks for in DataFusion's terms, and [`StepKind::Barrier`] stops filters that must not go
//! down: those with huge expressions, and those that are cheaper above.

mod barrier;
pub(crate) mod basket;
mod exec;
pub(crate) mod gather;
pub(crate) mod graph;
mod in_order;
pub(crate) mod limit;
pub(crate) mod mv_expand;
mod once;
mod order;
pub(crate) mod pad;
mod pieces;
mod pin;
mod planner;
pub(crate) mod scan_steps;
pub(crate) mod window;

pub use once::GroupOnce;
pub use pieces::SharePieces;
pub use planner::Planner;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::compute::SortOptions;
use arrow::datatypes::{Field, SchemaRef};
use datafusion::common::{DFSchema, DFSchemaRef, DataFusionError, Result};
use datafusion::execution::memory_pool::MemoryReservation;
use datafusion::logical_expr::{Extension, LogicalPlan, UserDefinedLogicalNodeCore};
use datafusion::prelude::Expr;
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// What an operator knows when it starts.
pub(crate) struct StepContext {
    /// The schema of its results.
    pub schema: SchemaRef,
    /// Rows of a batch.
    pub batch_size: usize,
    /// Where it accounts for what it holds.
    pub memory: MemoryReservation,
}

/// A running operator, one for each partition.
pub(crate) trait Worker: Send {
    /// Takes a batch of the input with the values of the step's expressions over it; gives what is ready.
    fn push(&mut self, batch: RecordBatch, values: Vec<ArrayRef>) -> Result<Vec<RecordBatch>>;

    /// The input has ended; gives the rest.
    fn finish(&mut self) -> Result<Vec<RecordBatch>> {
        Ok(Vec::new())
    }

    /// Whether more input cannot change anything.
    fn done(&self) -> bool {
        false
    }
}

/// What a step does with its rows.
pub(crate) trait Operator: Send + Sync {
    /// Its name in plans.
    fn name(&self) -> &'static str;

    /// Every parameter, as text: steps of one name and text are the same.
    fn parameters(&self) -> String;

    /// Whether it must see all rows in their order (else it works on each partition by itself, row by row, and a filter
    /// on the input's columns may come before it).
    fn whole(&self) -> bool;

    /// Whether it gives the input's rows in their order, the input's columns first.
    fn keeps_order(&self) -> bool {
        false
    }

    /// Begins.
    fn start(&self, cx: StepContext) -> Result<Box<dyn Worker>>;
}

/// The kinds of step.
#[derive(Clone)]
pub(crate) enum StepKind {
    /// Partitions one after the other, and only so many rows.
    InOrder { fetch: Option<usize> },
    /// The input stays sorted.
    Pin,
    /// Sorted by the expressions, each in its own direction; equal rows as they came.
    Order(Vec<SortOptions>),
    /// No filter goes below.
    Barrier,
    /// An operator.
    Rows(Arc<dyn Operator>),
}

/// A logical node of ours.
#[derive(Clone)]
pub(crate) struct Step {
    /// What it is.
    pub kind: StepKind,
    /// Its input.
    pub input: LogicalPlan,
    /// Expressions over the input.
    pub exprs: Vec<Expr>,
    /// The columns it gives.
    pub schema: DFSchemaRef,
}

impl Step {
    /// A node that gives its input's columns.
    pub(crate) fn same(kind: StepKind, input: LogicalPlan) -> LogicalPlan {
        let schema = Arc::clone(input.schema());
        Step {
            kind,
            input,
            exprs: Vec::new(),
            schema,
        }
        .plan()
    }

    /// Sorted rows.
    pub(crate) fn order(
        input: LogicalPlan,
        exprs: Vec<Expr>,
        options: Vec<SortOptions>,
    ) -> LogicalPlan {
        let schema = Arc::clone(input.schema());
        Step {
            kind: StepKind::Order(options),
            input,
            exprs,
            schema,
        }
        .plan()
    }

    /// An operator that gives columns of its own.
    pub(crate) fn rows(
        operator: Arc<dyn Operator>,
        input: LogicalPlan,
        exprs: Vec<Expr>,
        fields: Vec<Field>,
    ) -> Result<LogicalPlan> {
        let fields = fields.into_iter().map(Arc::new).collect::<Vec<_>>();
        let schema = DFSchema::from_unqualified_fields(fields.into(), HashMap::new())?;
        Ok(Step {
            kind: StepKind::Rows(operator),
            input,
            exprs,
            schema: Arc::new(schema),
        }
        .plan())
    }

    pub(crate) fn plan(self) -> LogicalPlan {
        LogicalPlan::Extension(Extension {
            node: Arc::new(self),
        })
    }

    fn key(&self) -> String {
        match &self.kind {
            StepKind::InOrder { fetch: Some(n) } => format!("fetch={n}"),
            StepKind::InOrder { fetch: None } | StepKind::Pin | StepKind::Barrier => String::new(),
            StepKind::Order(options) => format!("{options:?}"),
            StepKind::Rows(op) => op.parameters(),
        }
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt_for_explain(f)
    }
}

impl PartialEq for Step {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
            && self.key() == other.key()
            && self.exprs == other.exprs
            && self.input == other.input
            && self.schema == other.schema
    }
}

impl Eq for Step {}

impl PartialOrd for Step {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        (self == other).then_some(Ordering::Equal)
    }
}

impl Hash for Step {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
        self.key().hash(state);
        self.exprs.hash(state);
        self.input.hash(state);
    }
}

impl UserDefinedLogicalNodeCore for Step {
    fn name(&self) -> &str {
        match &self.kind {
            StepKind::InOrder { .. } => "InOrder",
            StepKind::Pin => "Pin",
            StepKind::Order(_) => "Order",
            StepKind::Barrier => "Barrier",
            StepKind::Rows(op) => op.name(),
        }
    }

    fn inputs(&self) -> Vec<&LogicalPlan> {
        vec![&self.input]
    }

    fn schema(&self) -> &DFSchemaRef {
        &self.schema
    }

    fn expressions(&self) -> Vec<Expr> {
        self.exprs.clone()
    }

    fn prevent_predicate_push_down_columns(&self) -> HashSet<String> {
        let names = || self.schema.fields().iter().map(|f| f.name().clone());
        match &self.kind {
            StepKind::Pin | StepKind::Order(_) | StepKind::InOrder { fetch: None } => {
                HashSet::new()
            }
            StepKind::InOrder { .. } | StepKind::Barrier => names().collect(),
            StepKind::Rows(op) if !op.whole() => {
                let input = self.input.schema();
                names()
                    .filter(|n| input.fields().iter().all(|f| f.name() != n))
                    .collect()
            }
            StepKind::Rows(_) => names().collect(),
        }
    }

    fn fmt_for_explain(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name())?;
        let key = self.key();
        if !key.is_empty() {
            write!(f, ": {key}")?;
        }
        for (i, e) in self.exprs.iter().enumerate() {
            write!(f, "{} {e}", if i == 0 { " over" } else { "," })?;
        }
        Ok(())
    }

    fn with_exprs_and_inputs(&self, exprs: Vec<Expr>, inputs: Vec<LogicalPlan>) -> Result<Self> {
        let input = inputs
            .into_iter()
            .next()
            .ok_or_else(|| DataFusionError::Internal("a step without an input".to_owned()))?;
        let schema = match self.kind {
            StepKind::Rows(_) => Arc::clone(&self.schema),
            _ => Arc::clone(input.schema()),
        };
        Ok(Step {
            kind: self.kind.clone(),
            input,
            exprs,
            schema,
        })
    }

    fn necessary_children_exprs(&self, output_columns: &[usize]) -> Option<Vec<Vec<usize>>> {
        match self.kind {
            StepKind::InOrder { .. } | StepKind::Barrier => Some(vec![output_columns.to_vec()]),
            StepKind::Order(_) => {
                let mut below: BTreeSet<usize> = output_columns.iter().copied().collect();
                for c in self.exprs.iter().flat_map(Expr::column_refs) {
                    below.insert(self.schema.maybe_index_of_column(c)?);
                }
                Some(vec![below.into_iter().collect()])
            }
            // The sort below needs its keys; an operator was given what it needs.
            StepKind::Pin | StepKind::Rows(_) => None,
        }
    }
}
