//! `sort`, and the sort of `top`.

use crate::error::{Result, fault, internal};
use crate::form::Form;
use crate::lower::{Columns, Low, Lowering, Need, named, project};
use crate::node::{Step, StepKind};
use crate::op::reads;
use arrow::compute::SortOptions;
use datafusion::logical_expr::expr::Case;
use datafusion::logical_expr::{Expr, LogicalPlan, Sort, SortExpr, lit};
use kql_bind::plan::{Relation, SortKey};
use kql_diag::Diagnostic;
use kql_types::Type;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Sorted rows, and only the first `fetch`.
pub(crate) fn sort(
    cx: &mut Lowering<'_>,
    input: &Relation,
    keys: &[SortKey],
    fetch: Option<usize>,
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    let mut below = need.clone();
    for k in keys {
        reads(&k.value, &mut below);
    }
    let low = cx.relation(input, &below)?;
    let low = if fetch.is_none() {
        settled(cx, low, keys, &below, r)?
    } else {
        low
    };
    sorted(cx, low, keys, fetch, r)
}

/// The columns that are needed, those that are text keys without nulls: then a key is a column of the rows.
fn settled(
    cx: &mut Lowering<'_>,
    low: Low,
    keys: &[SortKey],
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    let mut made: Vec<(Expr, Expr, String)> = Vec::new();
    for k in keys {
        let typed = cx.any(&k.value, &low.columns)?;
        let plain = matches!(typed.expr, Expr::Column(_)) && typed.form == Form::Texts;
        if plain && made.iter().all(|(from, ..)| *from != typed.expr) {
            made.push((typed.expr.clone(), typed.settle(), cx.fresh()));
        }
    }
    if made.is_empty() {
        return Ok(low);
    }
    let mut items: BTreeMap<String, Expr> = BTreeMap::new();
    let mut columns = Columns::default();
    for (id, slot) in low.columns.iter().filter(|(id, _)| need.contains(id)) {
        let mut slot = slot.clone();
        if let Some((_, value, name)) = made.iter().find(|(from, ..)| *from == slot.expr) {
            items.insert(name.clone(), value.clone());
            slot.expr = named(name.clone());
            slot.form = Form::Canonical;
            slot.weight += 1;
        } else if let Expr::Column(c) = &slot.expr {
            items.insert(c.name.clone(), slot.expr.clone());
        }
        columns.alias(*id, slot);
    }
    let items = items.into_iter().map(|(name, e)| (e, name)).collect();
    Ok(Low {
        plan: project(low.plan, items, r.span)?,
        columns,
    })
}

/// Sorts a lowered relation.
pub(crate) fn sorted(
    cx: &mut Lowering<'_>,
    low: Low,
    keys: &[SortKey],
    fetch: Option<usize>,
    r: &Relation,
) -> Result<Low> {
    let mut exprs = Vec::with_capacity(keys.len());
    for k in keys {
        let typed = cx.any(&k.value, &low.columns)?;
        if typed.ty == Type::Dynamic {
            return Err(Diagnostic::unsupported(
                k.value.span,
                "sorting by a dynamic value",
            ));
        }
        let e = if typed.ty == Type::Real {
            beside_nulls(typed.settle(), k.ascending == k.nulls_first)
        } else if typed.form.is_ordered(typed.ty) {
            typed.expr
        } else {
            typed.settle()
        };
        if matches!(e, Expr::Literal(..)) {
            continue;
        }
        exprs.push(SortExpr::new(e, k.ascending, k.nulls_first));
    }
    if exprs.is_empty() || fetch == Some(0) {
        let plan = Step::same(StepKind::InOrder { fetch }, low.plan);
        return Ok(Low { plan, ..low });
    }
    if fetch.is_none() {
        let (keys, options) = exprs
            .into_iter()
            .map(|e| {
                let options = SortOptions {
                    descending: !e.asc,
                    nulls_first: e.nulls_first,
                };
                (e.expr, options)
            })
            .unzip();
        return Ok(Low {
            plan: Step::order(low.plan, keys, options),
            columns: low.columns,
        });
    }
    let plan = LogicalPlan::Sort(Sort {
        expr: exprs,
        input: Arc::new(low.plan),
        fetch,
    });
    // A schema is asked for so that a plan that cannot be is found here.
    plan.check_invariants(datafusion::logical_expr::InvariantLevel::Always)
        .map_err(fault(r.span))?;
    Ok(Low {
        plan: Step::same(StepKind::Pin, plan),
        columns: low.columns,
    })
}

/// A real key whose NaN stands beside the nulls, in front of all numbers or behind them (`least`: below all numbers).
/// Arrow orders the two signs of NaN below and above everything else, and arithmetic makes both.
fn beside_nulls(key: Expr, least: bool) -> Expr {
    if matches!(key, Expr::Literal(..)) {
        return key;
    }
    let nan = if least { -f64::NAN } else { f64::NAN };
    let is_nan = key
        .clone()
        .gt(lit(f64::INFINITY))
        .or(key.clone().lt(lit(f64::NEG_INFINITY)));
    Expr::Case(Case::new(
        None,
        vec![(Box::new(is_nan), Box::new(lit(nan)))],
        Some(Box::new(key)),
    ))
}

/// How many rows a count asks for; a negative one none.
pub(crate) fn rows_of(cx: &Lowering<'_>, count: &kql_bind::plan::Expr) -> Result<usize> {
    let value = cx.constant(count)?;
    match value.as_long() {
        Some(n) => Ok(usize::try_from(n.max(0)).unwrap_or(usize::MAX)),
        None if value.is_null() => Ok(0),
        None => Err(internal(count.span, "internal: a count that is no integer")),
    }
}
