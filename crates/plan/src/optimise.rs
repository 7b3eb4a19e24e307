//! DataFusion's optimiser, as far as plans of this crate give it something to do.

use crate::node::{Step, StepKind};
use datafusion::common::Result;
use datafusion::execution::SessionState;
use datafusion::logical_expr::{Extension, LogicalPlan, UserDefinedLogicalNodeCore};
use datafusion::optimizer::OptimizerRule;
use datafusion::optimizer::common_subexpr_eliminate::CommonSubexprEliminate;
use datafusion::optimizer::eliminate_filter::EliminateFilter;
use datafusion::optimizer::eliminate_group_by_constant::EliminateGroupByConstant;
use datafusion::optimizer::eliminate_limit::EliminateLimit;
use datafusion::optimizer::eliminate_outer_join::EliminateOuterJoin;
use datafusion::optimizer::extract_equijoin_predicate::ExtractEquijoinPredicate;
use datafusion::optimizer::optimize_projections::OptimizeProjections;
use datafusion::optimizer::optimize_unions::OptimizeUnions;
use datafusion::optimizer::propagate_empty_relation::PropagateEmptyRelation;
use datafusion::optimizer::push_down_filter::PushDownFilter;
use datafusion::optimizer::push_down_limit::PushDownLimit;
use datafusion::optimizer::simplify_expressions::SimplifyExpressions;
use std::sync::Arc;

/// DataFusion's rules in its order, without those for what lowering never writes: subqueries, `DISTINCT`, cross joins,
/// unnested columns and fields of structs. Each of them would walk through the whole plan for nothing, several times.
pub fn rules() -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    vec![
        Arc::new(OptimizeUnions::new()),
        Arc::new(SimplifyExpressions::new()),
        Arc::new(ExtractEquijoinPredicate::new()),
        Arc::new(EliminateFilter::new()),
        Arc::new(EliminateLimit::new()),
        Arc::new(PropagateEmptyRelation::new()),
        Arc::new(EliminateOuterJoin::new()),
        Arc::new(PushDownLimit::new()),
        Arc::new(PushDownFilter::new()),
        Arc::new(EliminateGroupByConstant::new()),
        Arc::new(CommonSubexprEliminate::new()),
        Arc::new(OptimizeProjections::new()),
    ]
}

/// The plan after the rules of the session. A step at the root that only says in which order rows come is kept out of
/// their way: for each rule DataFusion copies all that is below a node of ours.
///
/// # Errors
/// Those of a rule.
pub fn optimise(plan: &LogicalPlan, session: &SessionState) -> Result<LogicalPlan> {
    let step = match plan {
        LogicalPlan::Extension(Extension { node }) => node.as_any().downcast_ref::<Step>(),
        _ => None,
    };
    match step {
        Some(
            step @ Step {
                kind: StepKind::InOrder { fetch: None } | StepKind::Pin,
                ..
            },
        ) => {
            let below = optimise(&step.input, session)?;
            let step = step.with_exprs_and_inputs(step.exprs.clone(), vec![below])?;
            Ok(step.plan())
        }
        _ => session.optimize(plan),
    }
}
