//! Relations, one operator a file.

pub(crate) mod basket;
pub(crate) mod extend;
pub(crate) mod filter;
pub(crate) mod graph;
pub(crate) mod join;
pub(crate) mod limit;
pub(crate) mod mv_expand;
pub(crate) mod parse;
pub(crate) mod parse_kv;
pub(crate) mod range;
pub(crate) mod scan;
pub(crate) mod scan_steps;
pub(crate) mod sort;
pub(crate) mod summarize;
pub(crate) mod union;
pub(crate) mod values;
pub(crate) mod window;

use crate::error::Result;
use crate::lower::{Columns, Low, Lowering, Need, column_name};
use crate::node::gather::Gather;
use crate::node::{Step, StepKind};
use datafusion::logical_expr::LogicalPlan;
use kql_bind::plan::{Either, Expr, Relation};
use kql_bind::prune::columns_of;

/// Adds the columns that an expression reads.
pub(crate) fn reads(e: &Expr, need: &mut Need) {
    columns_of(e, &mut |id| {
        need.insert(id);
    });
}

/// The needed columns as items of a projection.
pub(crate) fn kept(columns: &Columns, need: &Need) -> Vec<(datafusion::prelude::Expr, String)> {
    need.iter()
        .filter_map(|id| {
            columns
                .find(*id)
                .map(|slot| (slot.expr.clone(), column_name(*id)))
        })
        .collect()
}

/// Partitions one after the other: the order of the files whatever the number of threads.
pub(crate) fn in_order(plan: LogicalPlan) -> LogicalPlan {
    if is_single(&plan) {
        return plan;
    }
    Step::same(StepKind::InOrder { fetch: None }, plan)
}

/// Whether a plan gives one partition in a fixed order as it is.
fn is_single(plan: &LogicalPlan) -> bool {
    match plan {
        LogicalPlan::Extension(e) if e.node.as_any().is::<Gather>() => true,
        LogicalPlan::Projection(p) => is_single(&p.input),
        LogicalPlan::Filter(f) => is_single(&f.input),
        LogicalPlan::Extension(e) => {
            e.node
                .as_any()
                .downcast_ref::<Step>()
                .is_some_and(|s| match &s.kind {
                    StepKind::InOrder { .. } | StepKind::Pin | StepKind::Order(_) => true,
                    StepKind::Barrier => is_single(&s.input),
                    StepKind::Rows(op) => op.whole() || is_single(&s.input),
                })
        }
        LogicalPlan::EmptyRelation(_) => true,
        _ => false,
    }
}

/// What stands above stays above.
pub(crate) fn fence(cx: &mut Lowering<'_>, input: &Relation, need: &Need) -> Result<Low> {
    let low = cx.relation(input, need)?;
    Ok(Low {
        plan: Step::same(StepKind::Barrier, low.plan),
        ..low
    })
}

/// Groups that are certainly few.
const FEW: usize = 1_000;

/// Of a table's rows, so many for each group make the groups few.
const ROWS_A_GROUP: usize = 16;

/// The better one of two plans.
pub(crate) fn either(
    cx: &mut Lowering<'_>,
    either: &Either,
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    let groups = cx.shared(either.groups, r.span)?.rows;
    let few = groups <= FEW || {
        let table = cx.tables.table(&either.table, r.span)?;
        table.provider.statistics().is_some_and(|s| {
            s.num_rows
                .get_value()
                .is_some_and(|rows| groups <= rows / ROWS_A_GROUP)
        })
    };
    cx.relation(if few { &either.few } else { &either.many }, need)
}

/// `serialize`: the same rows in a fixed order from here on.
pub(crate) fn serialize(
    cx: &mut Lowering<'_>,
    input: &Relation,
    need: &Need,
    _r: &Relation,
) -> Result<Low> {
    let low = cx.relation(input, need)?;
    Ok(Low {
        plan: in_order(low.plan),
        ..low
    })
}
