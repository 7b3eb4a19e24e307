//! `basket`.

use crate::error::{Result, fault, internal};
use crate::expr::Typed;
use crate::form::Form;
use crate::lower::{Columns, Low, Lowering, Need, column_name, project};
use crate::node::Step;
use crate::node::basket::BasketRows;
use crate::op::in_order;
use arrow::datatypes::Field;
use kql_bind::plan::{Custom, Relation};
use kql_functions::adapter::{array_from_values, arrow_type};
use kql_types::Value;
use std::sync::Arc;

/// The sets of values that many rows have.
pub(crate) fn basket(cx: &mut Lowering<'_>, c: &Custom, r: &Relation) -> Result<Low> {
    let Some(input) = c.inputs.first() else {
        return Err(internal(c.span, "internal: a basket without an input"));
    };
    let need: Need = input.fields.iter().map(|f| f.id).collect();
    let low = cx.relation(input, &need)?;
    let mut items = Vec::with_capacity(need.len());
    for id in &need {
        let slot = low.columns.get(*id, r.span)?;
        let typed = Typed {
            expr: slot.expr.clone(),
            form: slot.form.clone(),
            ty: cx.type_of(*id),
        };
        items.push((typed.settle(), column_name(*id)));
    }
    let plan = in_order(project(low.plan, items, r.span)?);
    let mut wildcards = Vec::with_capacity(input.fields.len());
    let mut text = Vec::with_capacity(input.fields.len());
    for (f, wildcard) in input.fields.iter().zip(&c.arguments) {
        let value = cx.constant(wildcard)?;
        text.push(format!("{} {value:?}", column_name(f.id)));
        let array = array_from_values(f.ty, &[value])
            .map_err(|e| internal(r.span, format!("internal: a wildcard: {e}")))?;
        wildcards.push((column_name(f.id), array));
    }
    let setting = |name: &str| c.settings.iter().find(|(n, _)| n == name).map(|(_, v)| v);
    let operator = BasketRows {
        columns: wildcards,
        threshold: match setting("threshold") {
            Some(Value::Real(x)) => *x,
            _ => 0.05,
        },
        dimensions: setting("dimensions")
            .and_then(Value::as_long)
            .and_then(|n| usize::try_from(n).ok())
            .unwrap_or(5),
        text: text.join(", "),
        span: r.span,
    };
    let mut columns = Columns::default();
    let mut fields = Vec::with_capacity(c.outputs.len());
    for (id, _, ty) in &c.outputs {
        columns.put(*id, Form::Canonical);
        fields.push(Field::new(column_name(*id), arrow_type(*ty), true));
    }
    let plan = Step::rows(Arc::new(operator), plan, Vec::new(), fields).map_err(fault(r.span))?;
    Ok(Low { plan, columns })
}
