//! Logical steps to execution plans.

use crate::node::barrier::BarrierExec;
use crate::node::exec::RowsExec;
use crate::node::gather::{Gather, GatherExec};
use crate::node::in_order::InOrderExec;
use crate::node::order::OrderExec;
use crate::node::pin::PinExec;
use crate::node::{Step, StepKind};
use async_trait::async_trait;
use datafusion::catalog::Session;
use datafusion::common::Result;
use datafusion::execution::context::QueryPlanner;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::{LogicalPlan, UserDefinedLogicalNode};
use datafusion::physical_expr::{LexOrdering, PhysicalSortExpr};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_planner::{DefaultPhysicalPlanner, ExtensionPlanner, PhysicalPlanner};
use std::sync::Arc;

/// Plans the steps of this crate.
#[derive(Debug, Clone, Copy, Default)]
struct StepPlanner;

#[async_trait]
impl ExtensionPlanner for StepPlanner {
    async fn plan_extension(
        &self,
        planner: &dyn PhysicalPlanner,
        node: &dyn UserDefinedLogicalNode,
        logical_inputs: &[&LogicalPlan],
        physical_inputs: &[Arc<dyn ExecutionPlan>],
        session_state: &dyn Session,
        context: &PhysicalPlanningContext,
    ) -> Result<Option<Arc<dyn ExecutionPlan>>> {
        if let Some(gather) = node.as_any().downcast_ref::<Gather>() {
            return Ok(Some(Arc::new(GatherExec::new(
                Arc::clone(&gather.kind),
                physical_inputs.to_vec(),
                Arc::clone(gather.schema.inner()),
            ))));
        }
        let Some(step) = node.as_any().downcast_ref::<Step>() else {
            return Ok(None);
        };
        let (Some(input), Some(logical)) = (physical_inputs.first(), logical_inputs.first()) else {
            return Ok(None);
        };
        let input = Arc::clone(input);
        let exprs = || {
            step.exprs
                .iter()
                .map(|e| planner.create_physical_expr(e, logical.schema(), session_state, context))
                .collect::<Result<Vec<_>>>()
        };
        Ok(Some(match &step.kind {
            StepKind::Order(options) => {
                let keys = exprs()?
                    .into_iter()
                    .zip(options)
                    .map(|(expr, options)| PhysicalSortExpr::new(expr, *options));
                match LexOrdering::new(keys) {
                    Some(keys) => Arc::new(OrderExec::new(input, keys)),
                    None => Arc::new(InOrderExec::new(input, None)),
                }
            }
            StepKind::Barrier => Arc::new(BarrierExec::new(input)),
            StepKind::InOrder { fetch } => Arc::new(InOrderExec::new(input, *fetch)),
            StepKind::Pin => Arc::new(PinExec::new(input)),
            StepKind::Rows(operator) => Arc::new(RowsExec::new(
                Arc::clone(operator),
                input,
                exprs()?,
                Arc::clone(step.schema.inner()),
            )),
        }))
    }
}

/// Plans everything: DataFusion's planner, and `StepPlanner` for what is ours.
#[derive(Debug, Clone, Copy, Default)]
pub struct Planner;

#[async_trait]
impl QueryPlanner for Planner {
    async fn create_physical_plan(
        &self,
        logical_plan: &LogicalPlan,
        session: &dyn Session,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        DefaultPhysicalPlanner::with_extension_planners(vec![Arc::new(StepPlanner)])
            .create_physical_plan(logical_plan, session)
            .await
    }
}
