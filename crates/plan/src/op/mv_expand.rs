//! `mv-expand`.

use crate::error::{Result, fault};
use crate::expr::udf::{Argument, Run, Udf};
use crate::expr::{Typed, convert};
use crate::form::Form;
use crate::lower::{Columns, Low, Lowering, Need, column_name, named, project};
use crate::node::Step;
use crate::node::mv_expand::MvExpandRows;
use crate::op::{kept, reads, sort};
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Field};
use datafusion::common::DataFusionError;
use datafusion::prelude::Expr;
use kql_bind::plan::{MvExpand, Relation};
use kql_diag::Span;
use kql_functions::adapter::{array_from_values, arrow_type};
use kql_types::{DynRef, Type, Value};
use std::sync::Arc;

/// A row for each element.
pub(crate) fn mv_expand(
    cx: &mut Lowering<'_>,
    m: &MvExpand,
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    let mut below = need.clone();
    for (e, id, _) in &m.items {
        below.remove(id);
        reads(e, &mut below);
    }
    let low = cx.relation(&m.input, &below)?;
    let limit = match &m.limit {
        Some(l) => sort::rows_of(cx, l)?,
        None => usize::MAX,
    };
    let mut exprs = Vec::new();
    for (e, _, _) in &m.items {
        exprs.push(cx.value(e, &low.columns)?);
    }
    // Values are computed below, so that the step carries only what is needed above it.
    let mut items = kept(&low.columns, need);
    let mut columns = Columns::default();
    for (id, slot) in low.columns.iter().filter(|(id, _)| need.contains(id)) {
        columns.put(*id, slot.form.clone());
    }
    let mut values = Vec::new();
    for e in exprs {
        let name = cx.fresh();
        items.push((e, name.clone()));
        values.push(name);
    }
    let plan = project(low.plan, items, r.span)?;
    let mut fields: Vec<Field> = plan
        .schema()
        .fields()
        .iter()
        .map(|f| f.as_ref().clone())
        .collect();
    let mut raw = Vec::new();
    for _ in &m.items {
        let name = cx.fresh();
        fields.push(Field::new(&name, DataType::BinaryView, true));
        raw.push(name);
    }
    if let Some(id) = m.index {
        fields.push(Field::new(column_name(id), DataType::Int64, true));
        columns.put(id, Form::Canonical);
    }
    let operator = MvExpandRows {
        items: m.items.len(),
        index: m.index.is_some(),
        bag_as_array: m.bag_as_array,
        limit,
    };
    let exprs = values.into_iter().map(named).collect();
    let plan = Step::rows(Arc::new(operator), plan, exprs, fields).map_err(fault(r.span))?;
    let mut items: Vec<(Expr, String)> = columns
        .iter()
        .map(|(id, slot)| (slot.expr.clone(), column_name(*id)))
        .collect();
    items.sort_by(|a, b| a.1.cmp(&b.1));
    for ((_, id, ty), name) in m.items.iter().zip(raw) {
        let typed = element(named(name), *ty, r.span)?;
        columns.put(*id, typed.form);
        items.push((typed.expr, column_name(*id)));
    }
    Ok(Low {
        plan: project(plan, items, r.span)?,
        columns,
    })
}

/// `to typeof(...)`: an element that is of another kind is null. A text is no number.
fn element(raw: Expr, ty: Type, span: Span) -> Result<Typed> {
    match ty {
        Type::Dynamic => Ok(Typed::canonical(raw, ty)),
        Type::String => convert(Typed::canonical(raw, Type::Dynamic), ty, span),
        Type::DateTime | Type::Guid => {
            // A text in the type's format is one; the conversion of the language reads it.
            let fit = Udf::pure(
                "element",
                format!("text or {ty}"),
                DataType::BinaryView,
                Arc::new(Only(ty)),
            )
            .call(vec![raw]);
            convert(Typed::canonical(fit, Type::Dynamic), ty, span)
        }
        _ => Ok(Typed::canonical(
            Udf::pure("element", ty.name(), arrow_type(ty), Arc::new(Element(ty))).call(vec![raw]),
            ty,
        )),
    }
}

fn values(arg: Option<&Argument>) -> datafusion::common::Result<&arrow::array::BinaryViewArray> {
    arg.and_then(|a| a.array.as_binary_view_opt())
        .ok_or_else(|| DataFusionError::Internal("an element of something else".to_owned()))
}

/// Keeps texts and values of the type itself.
struct Only(Type);

impl Run for Only {
    fn run(&self, args: &[Argument], _rows: usize) -> datafusion::common::Result<ArrayRef> {
        let a = values(args.first())?;
        let mut b = arrow::array::BinaryViewBuilder::with_capacity(a.len());
        for i in 0..a.len() {
            let keep = a.is_valid(i)
                && matches!(
                    (DynRef::new(a.value(i)), self.0),
                    (DynRef::String(_), _)
                        | (DynRef::DateTime(_), Type::DateTime)
                        | (DynRef::Guid(_), Type::Guid)
                );
            if keep {
                b.append_value(a.value(i));
            } else {
                b.append_null();
            }
        }
        Ok(Arc::new(b.finish()))
    }
}

/// The value of an element that is of the type's kind.
struct Element(Type);

impl Run for Element {
    fn run(&self, args: &[Argument], _rows: usize) -> datafusion::common::Result<ArrayRef> {
        let a = values(args.first())?;
        let cells: Vec<Value> = (0..a.len())
            .map(|i| {
                let v = if a.is_valid(i) {
                    DynRef::new(a.value(i))
                } else {
                    DynRef::Null
                };
                of_kind(v, self.0)
            })
            .collect();
        array_from_values(self.0, &cells).map_err(|e| DataFusionError::Internal(e.to_string()))
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
fn of_kind(v: DynRef<'_>, ty: Type) -> Value {
    // A real that an i64 can hold once its fraction is cut off.
    let whole = |x: f64| (x.is_finite() && x.abs() < 9.2e18).then_some(x.trunc() as i64);
    let found = match (ty, v) {
        (Type::Long, DynRef::Long(n)) => Some(Value::Long(n)),
        (Type::Long, DynRef::Real(x)) => whole(x).map(Value::Long),
        (Type::Int, DynRef::Long(n)) => i32::try_from(n).ok().map(Value::Int),
        (Type::Int, DynRef::Real(x)) => {
            whole(x).and_then(|n| i32::try_from(n).ok()).map(Value::Int)
        }
        (Type::Real, DynRef::Long(n)) => Some(Value::Real(n as f64)),
        (Type::Real, DynRef::Real(x)) => Some(Value::Real(x)),
        (Type::Bool, DynRef::Bool(b)) => Some(Value::Bool(b)),
        (Type::Bool, DynRef::Long(n)) => Some(Value::Bool(n != 0)),
        (Type::TimeSpan, DynRef::TimeSpan(t)) => Some(Value::TimeSpan(t)),
        (Type::Decimal, DynRef::Decimal(d)) => Some(Value::Decimal(d)),
        _ => None,
    };
    found.unwrap_or(Value::Null(ty))
}
