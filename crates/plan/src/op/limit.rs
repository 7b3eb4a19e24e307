//! `take`, `top`, `sample`, row numbers.

use crate::error::{Result, fault};
use crate::form::Form;
use crate::lower::{Low, Lowering, Need, column, column_name};
use crate::node::limit::{PartitionLimit, RowNumbers, SampleRows};
use crate::node::{Step, StepKind};
use crate::op::{in_order, sort};
use arrow::datatypes::{DataType, Field};
use kql_bind::plan::{ColumnId, Expr, Relation, RelationKind, SortKey};
use std::sync::Arc;

/// The first rows.
pub(crate) fn limit(
    cx: &mut Lowering<'_>,
    input: &Relation,
    count: &Expr,
    partition: &[ColumnId],
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    let fetch = sort::rows_of(cx, count)?;
    if !partition.is_empty() {
        let mut below = need.clone();
        below.extend(partition);
        let low = cx.relation(input, &below)?;
        return each(cx, low, fetch, partition, &below, r);
    }
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
    let fetch = sort::rows_of(cx, count)?;
    if !partition.is_empty() {
        let mut below = need.clone();
        below.extend(partition);
        let low = sort::sort(cx, input, keys, None, &below, r)?;
        return each(cx, low, fetch, partition, &below, r);
    }
    sort::sort(cx, input, keys, Some(fetch), need, r)
}

/// The first rows of each group.
fn each(
    cx: &mut Lowering<'_>,
    low: Low,
    fetch: usize,
    partition: &[ColumnId],
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    // A join asks both of its sides for the columns of either.
    let there: Need = need
        .iter()
        .copied()
        .filter(|id| low.columns.find(*id).is_some())
        .collect();
    let low = cx.only(low, &there, r.span)?;
    let fields: Vec<Field> = low
        .plan
        .schema()
        .fields()
        .iter()
        .map(|f| f.as_ref().clone())
        .collect();
    let keys = partition.iter().map(|id| column(*id)).collect();
    let operator = Arc::new(PartitionLimit(fetch));
    let plan = Step::rows(operator, in_order(low.plan), keys, fields).map_err(fault(r.span))?;
    Ok(Low { plan, ..low })
}

/// A column that numbers the rows.
pub(crate) fn row_id(
    cx: &mut Lowering<'_>,
    input: &Relation,
    id: ColumnId,
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    let mut below = need.clone();
    below.remove(&id);
    let low = cx.relation(input, &below)?;
    let there: Need = below
        .into_iter()
        .filter(|id| low.columns.find(*id).is_some())
        .collect();
    let low = cx.only(low, &there, r.span)?;
    let mut fields: Vec<Field> = low
        .plan
        .schema()
        .fields()
        .iter()
        .map(|f| f.as_ref().clone())
        .collect();
    fields.push(Field::new(column_name(id), DataType::Int64, true));
    let plan = Step::rows(Arc::new(RowNumbers), in_order(low.plan), Vec::new(), fields)
        .map_err(fault(r.span))?;
    let mut columns = low.columns;
    columns.put(id, Form::Canonical);
    Ok(Low { plan, columns })
}

/// Some rows by chance.
pub(crate) fn sample(
    cx: &mut Lowering<'_>,
    input: &Relation,
    count: &Expr,
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    let size = sort::rows_of(cx, count)?;
    let low = cx.relation(input, need)?;
    let there: Need = need
        .iter()
        .copied()
        .filter(|id| low.columns.find(*id).is_some())
        .collect();
    let low = cx.only(low, &there, r.span)?;
    let fields: Vec<Field> = low
        .plan
        .schema()
        .fields()
        .iter()
        .map(|f| f.as_ref().clone())
        .collect();
    let operator = Arc::new(SampleRows(size));
    let plan =
        Step::rows(operator, in_order(low.plan), Vec::new(), fields).map_err(fault(r.span))?;
    Ok(Low { plan, ..low })
}
