//! Groups of sorted rows are made once.
//!
//! Rows that come sorted by their groups come in one partition, and a group is whole when the next one begins. DataFusion
//! plans two aggregates and a repartition between them all the same: then each group is hashed three times.

use datafusion::common::Result;
use datafusion::common::config::ConfigOptions;
use datafusion::physical_expr::Distribution;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::aggregates::{AggregateExec, AggregateMode};
use datafusion::physical_plan::execution_plan::{ChildrenPropertiesMode, ReplaceChildrenOptions};
use datafusion::physical_plan::repartition::RepartitionExec;
use datafusion::physical_plan::{ExecutionPlan, ExecutionPlanProperties, InputOrderMode};
use std::sync::Arc;

/// Makes one aggregate of two over sorted rows of one partition.
#[derive(Debug, Clone, Copy, Default)]
pub struct GroupOnce;

impl PhysicalOptimizerRule for GroupOnce {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _config: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        once(plan, true)
    }

    fn name(&self) -> &str {
        "GroupOnce"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// `free`: the number of partitions may change here. The sides of a join have equally many.
fn once(plan: Arc<dyn ExecutionPlan>, free: bool) -> Result<Arc<dyn ExecutionPlan>> {
    let plan = match whole(&plan).filter(|_| free) {
        Some(aggregate) => Arc::new(aggregate?),
        None => plan,
    };
    let children = plan.children();
    if children.is_empty() {
        return Ok(plan);
    }
    let alone_above = free && children.len() == 1;
    let needs = plan.input_distribution_requirements();
    with_children(&plan, |i, child| {
        let alone = matches!(
            needs.child_distribution(i),
            Some(Distribution::SinglePartition)
        );
        once(child, alone || alone_above)
    })
}

/// The plan over the children that `change` makes of its own, by their places; the plan itself where none changes.
pub(super) fn with_children(
    plan: &Arc<dyn ExecutionPlan>,
    change: impl Fn(usize, Arc<dyn ExecutionPlan>) -> Result<Arc<dyn ExecutionPlan>>,
) -> Result<Arc<dyn ExecutionPlan>> {
    let mut changed = false;
    let mut next = Vec::new();
    for (i, child) in plan.children().into_iter().enumerate() {
        let made = change(i, Arc::clone(child))?;
        changed |= !Arc::ptr_eq(&made, child);
        next.push(made);
    }
    if !changed {
        return Ok(Arc::clone(plan));
    }
    let options = ReplaceChildrenOptions::new(ChildrenPropertiesMode::Recompute);
    Arc::clone(plan).replace_children(next, options)
}

/// The one aggregate for the two that begin here, if the rows are sorted.
fn whole(plan: &Arc<dyn ExecutionPlan>) -> Option<Result<AggregateExec>> {
    let last = plan.downcast_ref::<AggregateExec>()?;
    if *last.mode() != AggregateMode::FinalPartitioned || last.limit_options().is_some() {
        return None;
    }
    let repartition = last.input().downcast_ref::<RepartitionExec>()?;
    let first = repartition.input().downcast_ref::<AggregateExec>()?;
    let sorted = *first.mode() == AggregateMode::Partial
        && *first.input_order_mode() == InputOrderMode::Sorted
        && first.input().output_partitioning().partition_count() == 1;
    sorted.then(|| {
        AggregateExec::try_new(
            AggregateMode::Single,
            first.group_expr().clone(),
            first.aggr_expr().to_vec(),
            first.filter_expr().to_vec(),
            Arc::clone(first.input()),
            first.input_schema(),
        )
    })
}
