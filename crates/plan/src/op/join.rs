//! `join` and `lookup`.

use crate::agg::{RowsCall, RowsKind, aggregate, field};
use crate::error::{Result, fault};
use crate::form::Form;
use crate::lower::{Columns, Low, Lowering, Need, column_name, named, project};
use crate::op::reads;
use datafusion::common::{JoinConstraint, JoinType, NullEquality};
use datafusion::logical_expr::{Aggregate, AggregateUDF, Join as JoinPlan, LogicalPlan};
use datafusion::prelude::Expr;
use kql_bind::plan::{BoundQuery, ColumnId, ExprKind, Join, JoinKind, Relation, RelationKind};
use kql_diag::Span;
use kql_types::Type;
use std::sync::Arc;

/// One side, ready to be joined.
struct Side {
    plan: LogicalPlan,
    /// The needed columns.
    ids: Vec<(ColumnId, Form)>,
    /// The keys' names.
    keys: Vec<String>,
}

/// A join of any kind.
pub(crate) fn join(cx: &mut Lowering<'_>, join: &Join, need: &Need, r: &Relation) -> Result<Low> {
    use JoinKind as K;
    let (mut left_need, mut right_need) = (need.clone(), need.clone());
    for (l, right) in &join.on {
        reads(l, &mut left_need);
        reads(right, &mut right_need);
    }
    // A pair's condition reads what the join may not give.
    let mut kept = need.clone();
    if let Some(f) = &join.filter {
        reads(f, &mut kept);
        reads(f, &mut left_need);
        reads(f, &mut right_need);
    }
    let left = cx.relation(&join.left, &left_need)?;
    let right = cx.relation(&join.right, &right_need)?;
    // Keys of both sides in one form.
    let mut left_keys = Vec::new();
    let mut right_keys = Vec::new();
    for (l, right_key) in &join.on {
        let l = cx.any(l, &left.columns)?;
        let right_key = cx.any(right_key, &right.columns)?;
        if l.form == right_key.form && l.form.is_exact() {
            left_keys.push((l.expr, l.ty, l.form));
            right_keys.push((right_key.expr, right_key.ty, right_key.form));
        } else {
            left_keys.push((l.clone().settle(), l.ty, Form::Canonical));
            right_keys.push((right_key.clone().settle(), right_key.ty, Form::Canonical));
        }
    }
    let mut left = side(cx, left, left_keys, &kept, r.span)?;
    let right = side(cx, right, right_keys, &kept, r.span)?;
    if join.kind == K::InnerUnique && !join.on.is_empty() && !is_unique(cx.query, join) {
        left = unique(cx, left, r.span)?;
    }
    let kind = match join.kind {
        K::InnerUnique | K::Inner => JoinType::Inner,
        K::LeftOuter => JoinType::Left,
        K::RightOuter => JoinType::Right,
        K::FullOuter => JoinType::Full,
        K::LeftSemi => JoinType::LeftSemi,
        K::LeftAnti => JoinType::LeftAnti,
        K::RightSemi => JoinType::RightSemi,
        K::RightAnti => JoinType::RightAnti,
    };
    let on = left
        .keys
        .iter()
        .zip(&right.keys)
        .map(|(l, r)| (named(l.clone()), named(r.clone())))
        .collect();
    let condition = match &join.filter {
        Some(f) => {
            let mut pair = Columns::default();
            for (id, form) in left.ids.iter().chain(&right.ids) {
                pair.put(*id, form.clone());
            }
            Some(cx.predicate(f, &pair, true)?)
        }
        None => None,
    };
    let mut columns = Columns::default();
    let (keeps_left, keeps_right) = match join.kind {
        K::LeftSemi | K::LeftAnti => (true, false),
        K::RightSemi | K::RightAnti => (false, true),
        _ => (true, true),
    };
    // The side that may have no partner: its texts are null there.
    let left_null = matches!(join.kind, K::RightOuter | K::FullOuter);
    let right_null = matches!(join.kind, K::LeftOuter | K::FullOuter);
    for (keeps, null, ids) in [
        (keeps_left, left_null, &left.ids),
        (keeps_right, right_null, &right.ids),
    ] {
        for (id, form) in ids.iter().filter(|_| keeps) {
            let form = if null && *form == Form::Canonical && cx.type_of(*id) == Type::String {
                Form::Texts
            } else {
                form.clone()
            };
            columns.put(*id, form);
        }
    }
    let plan = JoinPlan::try_new(
        Arc::new(left.plan),
        Arc::new(right.plan),
        on,
        condition,
        kind,
        JoinConstraint::On,
        NullEquality::NullEqualsNull,
        false,
    )
    .map_err(fault(r.span))?;
    Ok(Low {
        plan: LogicalPlan::Join(plan),
        columns,
    })
}

/// The needed columns and the keys of one side, each under a name of its own.
fn side(
    cx: &mut Lowering<'_>,
    low: Low,
    keys: Vec<(Expr, Type, Form)>,
    need: &Need,
    span: Span,
) -> Result<Side> {
    let mut items = Vec::new();
    let mut ids = Vec::new();
    for id in need {
        if let Some(slot) = low.columns.find(*id) {
            items.push((slot.expr.clone(), column_name(*id)));
            ids.push((*id, slot.form.clone()));
        }
    }
    let mut names = Vec::new();
    for (expr, _, _) in keys {
        // A key that is needed as it is need not be there twice.
        let there = items
            .iter()
            .find(|(e, name)| matches!(e, Expr::Column(_)) && *e == expr && !names.contains(name))
            .map(|(_, name)| name.clone());
        let name = match there {
            Some(name) => name,
            None => {
                let name = cx.fresh();
                items.push((expr, name.clone()));
                name
            }
        };
        names.push(name);
    }
    Ok(Side {
        plan: project(low.plan, items, span)?,
        ids,
        keys: names,
    })
}

/// Whether the left side has one row for each key as it is: `summarize ... by` some of the keys.
fn is_unique(query: &BoundQuery, join: &Join) -> bool {
    let mut keys: Vec<ColumnId> = join
        .on
        .iter()
        .filter_map(|(l, _)| match l.kind {
            ExprKind::Column(id) if !matches!(l.ty, Type::Dynamic | Type::Real) => Some(id),
            _ => None,
        })
        .collect();
    let mut at = &join.left;
    loop {
        at = match &at.kind {
            RelationKind::Aggregate { keys: groups, .. } => {
                return !groups.is_empty() && groups.iter().all(|g| keys.contains(&g.id));
            }
            RelationKind::Filter { input, .. }
            | RelationKind::Extend { input, .. }
            | RelationKind::Sort { input, .. }
            | RelationKind::Limit { input, .. }
            | RelationKind::Top { input, .. }
            | RelationKind::Serialize { input }
            | RelationKind::Window { input, .. }
            | RelationKind::Fence { input } => input,
            RelationKind::Shared { id, columns } => {
                let before = |k: &ColumnId| columns.iter().find(|(new, _)| new == k);
                keys = keys
                    .iter()
                    .filter_map(|k| before(k).map(|(_, old)| *old))
                    .collect();
                match usize::try_from(id.0).ok().and_then(|i| query.shared.get(i)) {
                    Some(relation) => relation,
                    None => return false,
                }
            }
            _ => return false,
        };
    }
}

/// One row for each key: any of them, but one whole row.
fn unique(cx: &mut Lowering<'_>, side: Side, span: Span) -> Result<Side> {
    let others: Vec<&(ColumnId, Form)> = side
        .ids
        .iter()
        .filter(|(id, _)| !side.keys.contains(&column_name(*id)))
        .collect();
    let keys: Vec<Expr> = side.keys.iter().map(|k| named(k.clone())).collect();
    let types: Vec<_> = others
        .iter()
        .map(|(id, form)| form.arrow(cx.type_of(*id)))
        .collect();
    let mut calls = Vec::new();
    let row = cx.fresh();
    if !others.is_empty() {
        let udaf = AggregateUDF::new_from_impl(RowsCall::new(RowsKind::First, types.clone()));
        let args = others
            .iter()
            .map(|(id, _)| crate::lower::column(*id))
            .collect();
        calls.push(aggregate(Arc::new(udaf), args, None).alias(row.clone()));
    }
    let plan = Aggregate::try_new(Arc::new(side.plan), keys, calls).map_err(fault(span))?;
    let mut items: Vec<(Expr, String)> = side
        .keys
        .iter()
        .map(|k| (named(k.clone()), k.clone()))
        .collect();
    for (i, ((id, _), ty)) in others.iter().zip(types).enumerate() {
        items.push((field(named(row.clone()), i, ty), column_name(*id)));
    }
    Ok(Side {
        plan: project(LogicalPlan::Aggregate(plan), items, span)?,
        ids: side.ids,
        keys: side.keys,
    })
}
