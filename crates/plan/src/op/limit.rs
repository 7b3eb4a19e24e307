//! `take`, `top`.

use crate::error::Result;
use crate::lower::{Low, Lowering, Need};
use crate::node::{Step, StepKind};
use crate::op::sort;
use kql_bind::plan::{ColumnId, Expr, Relation, RelationKind, SortKey};
use kql_diag::Diagnostic;

/// The first rows.
pub(crate) fn limit(
    cx: &mut Lowering<'_>,
    input: &Relation,
    count: &Expr,
    partition: &[ColumnId],
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    if !partition.is_empty() {
        return Err(Diagnostic::unsupported(
            r.span,
            "a limit for each partition",
        ));
    }
    let fetch = sort::rows_of(cx, count)?;
    if let RelationKind::Sort { input, keys } = &input.kind {
        return sort::sort(cx, input, keys, Some(fetch), need, r);
    }
    let low = cx.relation(input, need)?;
    Ok(Low {
        plan: Step::same(StepKind::InOrder { fetch: Some(fetch) }, low.plan),
        ..low
    })
}

/// The first rows of a sort.
pub(crate) fn top(
    cx: &mut Lowering<'_>,
    input: &Relation,
    keys: &[SortKey],
    count: &Expr,
    partition: &[ColumnId],
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    if !partition.is_empty() {
        return Err(Diagnostic::unsupported(r.span, "top for each partition"));
    }
    let fetch = sort::rows_of(cx, count)?;
    sort::sort(cx, input, keys, Some(fetch), need, r)
}
