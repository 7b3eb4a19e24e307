//! `where`.

use crate::error::{Result, fault};
use crate::expr::literal_bool;
use crate::lower::{Columns, Low, Lowering, Need};
use crate::node::{Step, StepKind};
use crate::op::reads;
use datafusion::logical_expr::{Filter, LogicalPlan};
use kql_bind::plan::{Expr, Relation};
use kql_bind::prune::columns_of;
use std::sync::Arc;

/// A filter that goes below projections takes every column's definition with it; past this size it stays where it is.
const HEAVY: usize = 2_000;

/// Rows for which the predicate is true.
pub(crate) fn filter(
    cx: &mut Lowering<'_>,
    input: &Relation,
    predicate: &Expr,
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    let mut below = need.clone();
    reads(predicate, &mut below);
    let mut low = cx.relation(input, &below)?;
    let condition = cx.predicate(predicate, &low.columns, true)?;
    if literal_bool(&condition) == Some(true) {
        return Ok(low);
    }
    let mut heavy = 0usize;
    columns_of(predicate, &mut |id| {
        if let Some(slot) = low.columns.find(id) {
            heavy = heavy.saturating_add(slot.weight);
        }
    });
    if heavy > HEAVY {
        low.plan = Step::same(StepKind::Barrier, low.plan);
        low.columns = lightened(low.columns);
    }
    let plan = Filter::try_new(condition, Arc::new(low.plan)).map_err(fault(r.span))?;
    Ok(Low {
        plan: LogicalPlan::Filter(plan),
        columns: low.columns,
    })
}

/// The same columns; nothing goes below this place any more.
fn lightened(columns: Columns) -> Columns {
    let mut out = Columns::default();
    for (id, slot) in columns.iter() {
        let mut slot = slot.clone();
        slot.weight = 1;
        out.alias(*id, slot);
    }
    out
}
