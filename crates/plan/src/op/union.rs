//! `union`.

use crate::error::{Result, fault};
use crate::expr::common_form;
use crate::form::Form;
use crate::lower::{Columns, Low, Lowering, Need, column_name, project};
use crate::op::{in_order, reads};
use datafusion::logical_expr::{LogicalPlan, Union};
use kql_bind::plan::{Expr, Relation, UnionColumn};
use kql_types::Value;
use std::sync::Arc;

/// Rows of all inputs, each projected to one schema.
pub(crate) fn union(
    cx: &mut Lowering<'_>,
    inputs: &[Relation],
    columns: &[UnionColumn],
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    let wanted: Vec<_> = columns.iter().filter(|c| need.contains(&c.id)).collect();
    let mut legs = Vec::with_capacity(inputs.len());
    for (i, input) in inputs.iter().enumerate() {
        let mut below = Need::new();
        for v in wanted.iter().filter_map(|c| c.value(i)) {
            reads(v, &mut below);
        }
        let low = cx.relation(input, &below)?;
        let mut values = Vec::with_capacity(wanted.len());
        for c in &wanted {
            values.push(match c.value(i) {
                Some(v) => cx.any(v, &low.columns)?,
                None => cx.any(&Expr::literal(Value::null(c.ty), r.span), &low.columns)?,
            });
        }
        legs.push((low.plan, values));
    }
    // Texts that may be null stay so; other forms only where all legs have the same.
    let forms: Vec<Form> = wanted
        .iter()
        .enumerate()
        .map(|(i, c)| {
            common_form(
                c.ty,
                legs.iter().filter_map(|(_, v)| v.get(i)).map(|v| &v.form),
            )
        })
        .collect();
    let mut plans = Vec::with_capacity(legs.len());
    for (plan, values) in legs {
        let items = values
            .into_iter()
            .zip(&forms)
            .zip(&wanted)
            .map(|((v, form), c)| {
                let e = match form {
                    Form::Canonical => v.settle(),
                    Form::Texts => v.for_kernel(),
                    _ => v.expr,
                };
                (e, column_name(c.id))
            })
            .collect();
        plans.push(Arc::new(project(plan, items, r.span)?));
    }
    let mut out = Columns::default();
    for (c, form) in wanted.iter().zip(forms) {
        out.put(c.id, form);
    }
    if let [_] = plans.as_slice()
        && let Some(one) = plans.pop()
    {
        return Ok(Low {
            plan: Arc::unwrap_or_clone(one),
            columns: out,
        });
    }
    let plan = LogicalPlan::Union(Union::try_new(plans).map_err(fault(r.span))?);
    Ok(Low {
        plan: if cx.scanned { plan } else { in_order(plan) },
        columns: out,
    })
}
