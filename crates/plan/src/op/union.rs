//! `union`.

use crate::error::{Result, fault};
use crate::expr::common_form;
use crate::form::Form;
use crate::lower::{Columns, Low, Lowering, Need, column_name, project};
use crate::node::Step;
use crate::node::pad::{Pad, Source};
use crate::op::values::values;
use crate::op::{in_order, reads};
use arrow::datatypes::Field;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{ExprSchemable, LogicalPlan, Union};
use datafusion::prelude::Expr as DfExpr;
use kql_bind::plan::{Expr, Relation, UnionColumn};
use kql_bind::prune::is_empty;
use kql_diag::Span;
use kql_types::Value;
use std::sync::Arc;

/// The most values, columns times tables, that are projections. Beyond, what a table lacks is no expression.
const MOST_PROJECTED: usize = 4096;

/// Rows of all inputs, each projected to one schema.
pub(crate) fn union(
    cx: &mut Lowering<'_>,
    inputs: &[Relation],
    columns: &[UnionColumn],
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    let wanted: Vec<_> = columns.iter().filter(|c| need.contains(&c.id)).collect();
    if inputs.iter().all(is_empty) {
        let columns: Vec<_> = wanted.iter().map(|c| (c.id, c.ty)).collect();
        return values(cx, &columns, &[], need, r);
    }
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
    let wide = wanted.len().saturating_mul(legs.len()) > MOST_PROJECTED;
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
        plans.push(Arc::new(if wide {
            padded(plan, items, r.span)?
        } else {
            project(plan, items, r.span)?
        }));
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

/// A projection whose constants are no expressions.
fn padded(plan: LogicalPlan, items: Vec<(DfExpr, String)>, span: Span) -> Result<LogicalPlan> {
    let mut sources = Vec::with_capacity(items.len());
    let mut constants: Vec<ScalarValue> = Vec::new();
    let mut fields = Vec::with_capacity(items.len());
    let mut kept = Vec::new();
    for (e, name) in items {
        if let DfExpr::Literal(value, _) = &e {
            fields.push(Field::new(name, value.data_type(), true));
            let known = constants.iter().position(|c| c == value);
            sources.push(Source::Constant(known.unwrap_or(constants.len())));
            if known.is_none() {
                constants.push(value.clone());
            }
        } else {
            let ty = e.get_type(plan.schema()).map_err(fault(span))?;
            fields.push(Field::new(name.clone(), ty, true));
            sources.push(Source::Column(kept.len()));
            kept.push((e, name));
        }
    }
    let below = project(plan, kept, span)?;
    Step::rows(
        Arc::new(Pad { sources, constants }),
        below,
        Vec::new(),
        fields,
    )
    .map_err(fault(span))
}
