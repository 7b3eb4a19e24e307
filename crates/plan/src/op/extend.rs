//! `extend`, `project` and all others that compute columns: as few projections as the dependencies allow.

use crate::error::Result;
use crate::lower::{Low, Lowering, Need, Slot, column_name, project};
use crate::op::reads;
use datafusion::prelude::Expr;
use kql_bind::plan::{Assignment, ColumnId, Relation, RelationKind};
use kql_bind::prune::columns_of;
use kql_diag::{Diagnostic, codes};
use std::collections::{BTreeSet, HashMap};

/// Columns that are each computed from the one before: planning takes the cube of them, and 300 take seconds.
const MOST_LAYERS: usize = 300;

/// A chain of `Extend` steps.
pub(crate) fn extend(cx: &mut Lowering<'_>, r: &Relation, need: &Need) -> Result<Low> {
    // Innermost last.
    let mut chain: Vec<&Assignment> = Vec::new();
    let mut at = r;
    while let RelationKind::Extend { input, assignments } = &at.kind {
        chain.extend(assignments.iter().rev());
        at = input;
    }
    // Only what is needed, and what that reads.
    let mut below = need.clone();
    let mut wanted: Vec<&Assignment> = Vec::new();
    for a in chain {
        if below.remove(&a.id) {
            reads(&a.value, &mut below);
            wanted.push(a);
        }
    }
    wanted.reverse();
    let low = cx.relation(at, &below)?;
    assign(cx, low, &wanted, need, r)
}

/// Adds columns to a relation. An assignment may read those before it.
pub(crate) fn assign(
    cx: &mut Lowering<'_>,
    low: Low,
    wanted: &[&Assignment],
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    let Low {
        mut plan,
        mut columns,
    } = low;
    // Which projection computes a column, counted from 1; 0 is the input.
    let mut level: HashMap<ColumnId, usize> = HashMap::new();
    let mut layers: Vec<Vec<(Expr, ColumnId)>> = Vec::new();
    for a in wanted {
        let mut weight = 1usize;
        let mut base = 0usize;
        columns_of(&a.value, &mut |id| {
            base = base.max(level.get(&id).copied().unwrap_or(0));
            weight = weight.saturating_add(columns.find(id).map_or(1, |s| s.weight));
        });
        let typed = cx.any(&a.value, &columns)?;
        let slot = match typed.expr {
            Expr::Column(_) | Expr::Literal(..) => {
                level.insert(a.id, base);
                Slot {
                    expr: typed.expr,
                    form: typed.form,
                    weight,
                }
            }
            expr => {
                level.insert(a.id, base + 1);
                while layers.len() <= base {
                    layers.push(Vec::new());
                }
                if let Some(layer) = layers.get_mut(base) {
                    layer.push((expr, a.id));
                }
                Slot {
                    expr: crate::lower::column(a.id),
                    form: typed.form,
                    weight,
                }
            }
        };
        columns.alias(a.id, slot);
    }
    if layers.is_empty() {
        return Ok(Low { plan, columns });
    }
    if layers.len() > MOST_LAYERS {
        let message = format!(
            "more than {MOST_LAYERS} columns that are each computed from the one before are not supported"
        );
        return Err(Diagnostic::error(codes::NOT_SUPPORTED, r.span, message));
    }
    // What the end needs, and what each later layer reads.
    let mut kept: BTreeSet<String> = need
        .iter()
        .filter_map(|id| columns.find(*id))
        .filter_map(|s| name_of(&s.expr))
        .collect();
    let mut after: Vec<BTreeSet<String>> = Vec::with_capacity(layers.len());
    for layer in layers.iter().rev() {
        after.push(kept.clone());
        for (_, id) in layer {
            kept.remove(&column_name(*id));
        }
        for (e, _) in layer {
            kept.extend(e.column_refs().into_iter().map(|c| c.name.clone()));
        }
    }
    after.reverse();
    for (layer, keep) in layers.into_iter().zip(after) {
        let made: Vec<(Expr, String)> = layer
            .into_iter()
            .map(|(e, id)| (e, column_name(id)))
            .filter(|(_, name)| keep.contains(name))
            .collect();
        let mut items: Vec<(Expr, String)> = keep
            .iter()
            .filter(|name| made.iter().all(|(_, m)| m != *name))
            .map(|name| (crate::lower::named(name.clone()), name.clone()))
            .collect();
        items.extend(made);
        plan = project(plan, items, r.span)?;
    }
    // Columns that were not kept are gone.
    let mut out = crate::lower::Columns::default();
    for (id, slot) in columns.iter() {
        let there = match name_of(&slot.expr) {
            Some(name) => plan.schema().has_column_with_unqualified_name(&name),
            None => true,
        };
        if there {
            out.alias(*id, slot.clone());
        }
    }
    Ok(Low { plan, columns: out })
}

fn name_of(e: &Expr) -> Option<String> {
    match e {
        Expr::Column(c) => Some(c.name.clone()),
        _ => None,
    }
}
