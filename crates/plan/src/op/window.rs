//! Window functions over serialized rows.

use crate::error::{Result, fault, internal};
use crate::form::Form;
use crate::lower::{Columns, Low, Lowering, Need, column_name, named, project};
use crate::node::Step;
use crate::node::window::{WindowFunction, WindowRows};
use crate::op::{in_order, kept, reads};
use arrow::datatypes::Field;
use datafusion::prelude::Expr;
use kql_bind::plan::{ColumnId, Relation, WindowCall};
use kql_bind::prune::columns_of;
use kql_diag::Diagnostic;
use kql_types::{Type, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The input's rows with the results of window functions.
pub(crate) fn window(
    cx: &mut Lowering<'_>,
    input: &Relation,
    calls: &[WindowCall],
    partition: &[ColumnId],
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    // A call may read the result of another one (`restart = x != prev(x)`): such calls come a step later.
    let mut wanted: Vec<&WindowCall> = Vec::new();
    let mut below = need.clone();
    for c in calls.iter().rev() {
        if below.remove(&c.id) {
            c.arguments.iter().for_each(|a| reads(a, &mut below));
            wanted.push(c);
        }
    }
    wanted.reverse();
    below.extend(partition);
    let mut low = cx.relation(input, &below)?;
    low.plan = in_order(low.plan);
    while !wanted.is_empty() {
        let open: BTreeSet<ColumnId> = wanted.iter().map(|c| c.id).collect();
        let (later, now): (Vec<&WindowCall>, Vec<&WindowCall>) = wanted.iter().partition(|c| {
            let mut waits = false;
            for a in &c.arguments {
                columns_of(a, &mut |id| waits |= open.contains(&id));
            }
            waits
        });
        if now.is_empty() {
            return Err(internal(
                r.span,
                "internal: window functions that wait for each other",
            ));
        }
        let mut needed = need.clone();
        for c in &later {
            c.arguments.iter().for_each(|a| reads(a, &mut needed));
        }
        needed.extend(partition);
        low = step(cx, low, &now, partition, &needed, r)?;
        wanted = later;
    }
    Ok(low)
}

/// Calls that only read the input.
fn step(
    cx: &mut Lowering<'_>,
    low: Low,
    calls: &[&WindowCall],
    partition: &[ColumnId],
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    let mut values = Values {
        items: kept(&low.columns, need),
        exprs: Vec::new(),
    };
    let mut out = Columns::default();
    for (id, slot) in low.columns.iter().filter(|(id, _)| need.contains(id)) {
        out.put(*id, slot.form.clone());
    }
    let mut functions = Vec::new();
    let mut fields = Vec::new();
    for call in calls {
        let ty = cx.type_of(call.id);
        let args = &call.arguments;
        let Some(first) = args.first() else {
            if call.function == "row_number" {
                functions.push(WindowFunction::RowNumber {
                    start: 1,
                    restart: None,
                });
                fields.push((call.id, ty, Form::Canonical));
                continue;
            }
            return Err(internal(
                call.span,
                "internal: a window function without arguments",
            ));
        };
        let mut form = Form::Canonical;
        let function = match call.function.as_str() {
            "row_number" => {
                let at = usize::from(first.ty != Type::Bool);
                let start = if at == 1 {
                    cx.constant(first)?.as_long().unwrap_or(1)
                } else {
                    1
                };
                WindowFunction::RowNumber {
                    start,
                    restart: values.restart(cx, args.get(at), &low.columns)?,
                }
            }
            "prev" | "next" => {
                let typed = cx.any(first, &low.columns)?;
                let offset = match args.get(1) {
                    Some(e) => offset_of(cx, e)?,
                    None => 1,
                };
                let default = args.get(2);
                let value = if default.is_some() {
                    typed.settle()
                } else {
                    form = match typed.form {
                        Form::Canonical if first.ty == Type::String => Form::Texts,
                        form => form,
                    };
                    typed.expr
                };
                let value = values.add(cx, value);
                let default = match default {
                    Some(d) => {
                        let d = cx.value(d, &low.columns)?;
                        Some(values.add(cx, d))
                    }
                    None => None,
                };
                if call.function == "prev" {
                    WindowFunction::Prev {
                        value,
                        offset,
                        default,
                    }
                } else {
                    WindowFunction::Next {
                        value,
                        offset,
                        default,
                    }
                }
            }
            "row_cumsum" => {
                let typed = cx.any(first, &low.columns)?;
                let value = crate::expr::convert(typed, ty, call.span)?.settle();
                let restart = values.restart(cx, args.get(1), &low.columns)?;
                WindowFunction::CumulativeSum {
                    value: values.add(cx, value),
                    restart,
                }
            }
            "row_rank_dense" | "row_rank_min" => {
                let restart = values.restart(cx, args.get(1), &low.columns)?;
                let e = cx.value(first, &low.columns)?;
                let value = values.add(cx, e);
                if call.function == "row_rank_dense" {
                    WindowFunction::DenseRank { value, restart }
                } else {
                    WindowFunction::MinRank { value, restart }
                }
            }
            "row_window_session" => {
                let restart = values.restart(cx, args.get(3), &low.columns)?;
                let (Some(longest), Some(gap)) = (args.get(1), args.get(2)) else {
                    return Err(internal(call.span, "internal: a session without distances"));
                };
                let longest = span_of(cx, longest)?;
                let gap = span_of(cx, gap)?;
                let e = cx.value(first, &low.columns)?;
                WindowFunction::Session {
                    value: values.add(cx, e),
                    longest,
                    gap,
                    restart,
                }
            }
            other => {
                return Err(Diagnostic::unsupported(
                    call.span,
                    format!("window function `{other}`"),
                ));
            }
        };
        functions.push(function);
        fields.push((call.id, ty, form));
    }
    let keys = partition.len();
    for id in partition {
        let slot = low.columns.get(*id, r.span)?;
        values.add(cx, slot.expr.clone());
    }
    let Values { items, exprs } = values;
    let plan = project(low.plan, items, r.span)?;
    let mut all: Vec<Field> = plan
        .schema()
        .fields()
        .iter()
        .map(|f| f.as_ref().clone())
        .collect();
    for (id, ty, form) in fields {
        all.push(Field::new(column_name(id), form.arrow(ty), true));
        out.put(id, form);
    }
    let operator = WindowRows { functions, keys };
    let plan = Step::rows(Arc::new(operator), plan, exprs, all).map_err(fault(r.span))?;
    Ok(Low { plan, columns: out })
}

/// What is computed below the step for its functions.
struct Values {
    items: Vec<(Expr, String)>,
    exprs: Vec<Expr>,
}

impl Values {
    /// Adds a value; gives its place.
    fn add(&mut self, cx: &mut Lowering<'_>, e: Expr) -> usize {
        let name = cx.fresh();
        self.items.push((e, name.clone()));
        self.exprs.push(named(name));
        self.exprs.len() - 1
    }

    /// Adds the condition to start anew, if there is one.
    fn restart(
        &mut self,
        cx: &mut Lowering<'_>,
        condition: Option<&kql_bind::plan::Expr>,
        columns: &Columns,
    ) -> Result<Option<usize>> {
        let Some(condition) = condition.filter(|c| c.ty == Type::Bool) else {
            return Ok(None);
        };
        if condition.as_literal() == Some(&Value::Bool(false)) {
            return Ok(None);
        }
        let e = cx.predicate(condition, columns, true)?;
        Ok(Some(self.add(cx, e)))
    }
}

/// How many rows away; negative offsets look the other way in no published query and are refused.
fn offset_of(cx: &Lowering<'_>, e: &kql_bind::plan::Expr) -> Result<usize> {
    cx.constant(e)?
        .as_long()
        .and_then(|n| usize::try_from(n).ok())
        .ok_or_else(|| Diagnostic::unsupported(e.span, "an offset that is no positive constant"))
}

fn span_of(cx: &Lowering<'_>, e: &kql_bind::plan::Expr) -> Result<i64> {
    match cx.constant(e)? {
        Value::TimeSpan(t) | Value::Long(t) => Ok(t),
        _ => Err(Diagnostic::unsupported(
            e.span,
            "a distance that is no constant",
        )),
    }
}
