//! `parse` and `parse-where`.

use crate::agg::field;
use crate::error::{Result, fault};
use crate::expr::literal::lit;
use crate::expr::pattern::Pattern;
use crate::expr::{Typed, all_of, convert};
use crate::form::Form;
use crate::lower::{Columns, Low, Lowering, Need, column_name, named, project};
use crate::op::{kept, reads};
use arrow::datatypes::DataType;
use datafusion::logical_expr::{Case, Filter, LogicalPlan};
use datafusion::prelude::Expr;
use kql_bind::plan::{ColumnId, Parse, ParseKind, ParsePart, Relation};
use kql_diag::{Diagnostic, codes};
use kql_types::{Type, Value};
use std::sync::Arc;

/// Columns out of a text.
pub(crate) fn parse(cx: &mut Lowering<'_>, p: &Parse, need: &Need, r: &Relation) -> Result<Low> {
    let outputs: Vec<(ColumnId, Type)> = p
        .parts
        .iter()
        .filter_map(|part| match part {
            ParsePart::Column(id, ty) => Some((*id, *ty)),
            _ => None,
        })
        .collect();
    let mut below = need.clone();
    for (id, _) in &outputs {
        below.remove(id);
    }
    let carried = below.clone();
    reads(&p.source, &mut below);
    let low = cx.relation(&p.input, &below)?;
    let pattern = Pattern::new(p.kind, &p.flags, &p.parts)
        .map_err(|e| Diagnostic::error(codes::NOT_SUPPORTED, r.span, e))?;
    let source = cx.any(&p.source, &low.columns)?.for_kernel();

    let mut columns = Columns::default();
    for (id, slot) in low.columns.iter().filter(|(id, _)| carried.contains(id)) {
        columns.put_weighted(*id, slot.form.clone(), slot.weight);
    }
    let mut items = kept(&low.columns, &carried);
    let found = cx.fresh();
    items.push((pattern.call(source), found.clone()));
    let mut plan = project(low.plan, items, r.span)?;
    let matched = named(found.clone()).is_not_null();

    // All or nothing: where one value cannot be converted, the row does not match. Relaxed patterns take each by itself.
    let strict = p.kind != ParseKind::Relaxed && outputs.iter().any(|(_, ty)| *ty != Type::String);
    let values = |id: ColumnId, ty: Type, i: usize| -> Result<(ColumnId, Typed)> {
        let text = Typed {
            expr: field(named(found.clone()), i, DataType::Utf8View),
            form: Form::Texts,
            ty: Type::String,
        };
        let typed = match ty {
            Type::String => text,
            _ => convert(text, ty, r.span)?,
        };
        Ok((id, typed))
    };
    let mut made = Vec::new();
    for (i, (id, ty)) in outputs.iter().enumerate() {
        made.push(values(*id, *ty, i)?);
    }
    let pass = |columns: &Columns| -> Vec<(Expr, String)> { kept(columns, &carried) };
    if !strict {
        if p.filter {
            plan = LogicalPlan::Filter(
                Filter::try_new(matched, Arc::new(plan)).map_err(fault(r.span))?,
            );
        }
        let mut items = pass(&columns);
        for (id, typed) in made.into_iter().filter(|(id, _)| need.contains(id)) {
            items.push((typed.expr, column_name(id)));
            columns.put_weighted(id, typed.form, HEAVY);
        }
        return Ok(Low {
            plan: project(plan, items, r.span)?,
            columns,
        });
    }
    let mut items = pass(&columns);
    let mut tests = vec![matched];
    let flag = cx.fresh();
    let mut names = Vec::new();
    for (id, typed) in made {
        let name = cx.fresh();
        if typed.ty != Type::String {
            tests.push(named(name.clone()).is_not_null());
        }
        items.push((typed.expr, name.clone()));
        names.push((id, typed.ty, typed.form, name));
    }
    if let Some(first) = tests.first_mut() {
        items.push((std::mem::replace(first, named(flag.clone())), flag.clone()));
    }
    plan = project(plan, items, r.span)?;
    let ok = all_of(tests);
    if p.filter {
        plan = LogicalPlan::Filter(
            Filter::try_new(ok.clone(), Arc::new(plan)).map_err(fault(r.span))?,
        );
    }
    let mut items = pass(&columns);
    for (id, ty, form, name) in names.into_iter().filter(|(id, ..)| need.contains(id)) {
        let value = if p.filter {
            named(name)
        } else {
            let none = Expr::Literal(null_of(&form, ty)?, None);
            Expr::Case(Case::new(
                None,
                vec![(Box::new(ok.clone()), Box::new(named(name)))],
                Some(Box::new(none)),
            ))
        };
        items.push((value, column_name(id)));
        columns.put_weighted(id, form, HEAVY);
    }
    Ok(Low {
        plan: project(plan, items, r.span)?,
        columns,
    })
}

/// What a parsed column weighs in a filter: matching is dear, and several filters should not each do it.
const HEAVY: usize = 50;

fn null_of(form: &Form, ty: Type) -> Result<datafusion::common::ScalarValue> {
    if ty == Type::String {
        return Ok(match lit(&Value::String(String::new())) {
            Expr::Literal(v, _) => v,
            _ => datafusion::common::ScalarValue::Null,
        });
    }
    datafusion::common::ScalarValue::try_from(&form.arrow(ty))
        .map_err(fault(kql_diag::Span::default()))
}
