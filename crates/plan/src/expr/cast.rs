//! Conversions between KQL types. What cannot be converted is null.

use crate::error::Result;
use crate::expr::udf::{Argument, Run, Udf};
use crate::expr::{Typed, append_dynamic, kernel_call};
use crate::lower::{Columns, Lowering};
use arrow::array::{ArrayRef, BinaryViewBuilder};
use datafusion::common::DataFusionError;
use datafusion::logical_expr::Cast;
use datafusion::prelude::Expr;
use kql_bind::plan::Expr as BoundExpr;
use kql_diag::{Diagnostic, Span, codes};
use kql_functions::adapter::{Column, arrow_type};
use kql_functions::catalog;
use kql_types::{FunctionCatalog, Type, Value};
use std::sync::Arc;

/// The function that converts to a type.
fn converter(ty: Type) -> &'static str {
    let (first, other) = match ty {
        Type::Bool => ("tobool", "toboolean"),
        Type::Int => ("toint", "toint"),
        Type::Long => ("tolong", "tolong"),
        Type::Real => ("todouble", "toreal"),
        Type::Decimal => ("todecimal", "todecimal"),
        Type::String => ("tostring", "tostring"),
        Type::DateTime => ("todatetime", "todatetime"),
        Type::TimeSpan => ("totimespan", "totime"),
        Type::Guid => ("toguid", "toguid"),
        Type::Dynamic => ("todynamic", "parse_json"),
    };
    if catalog::find(first).is_some() {
        first
    } else {
        other
    }
}

impl Lowering<'_> {
    pub(crate) fn cast(
        &mut self,
        inner: &BoundExpr,
        to: Type,
        span: Span,
        columns: &Columns,
    ) -> Result<Typed> {
        let value = self.any(inner, columns)?;
        convert(value, to, span)
    }
}

/// A value as another type.
pub(crate) fn convert(value: Typed, to: Type, span: Span) -> Result<Typed> {
    let from = value.ty;
    if from == to {
        return Ok(value);
    }
    match (from, to) {
        (Type::Int, Type::Long) | (Type::Int | Type::Long, Type::Real) => Ok(Typed::canonical(
            Expr::Cast(Cast::new(Box::new(value.settle()), arrow_type(to))),
            to,
        )),
        (_, Type::Dynamic) => Ok(Typed::canonical(
            Udf::pure("dynamic", from.name(), arrow_type(to), Arc::new(Wrap(from)))
                .call(vec![value.for_kernel()]),
            to,
        )),
        _ => Ok(Typed::canonical(
            kernel_call(
                converter(to),
                vec![value.for_kernel()],
                vec![from],
                to,
                span,
            )?,
            to,
        )),
    }
}

/// Any value inside a dynamic. A text stays a text: only `parse_json` reads it.
struct Wrap(Type);

impl Run for Wrap {
    fn run(&self, args: &[Argument], rows: usize) -> datafusion::common::Result<ArrayRef> {
        let Some(arg) = args.first() else {
            return Ok(arrow::array::new_null_array(
                &arrow_type(Type::Dynamic),
                rows,
            ));
        };
        let column = Column {
            array: Arc::clone(&arg.array),
            constant: arg.constant,
            ty: self.0,
        };
        let any = column
            .any()
            .map_err(|e| DataFusionError::Internal(e.to_string()))?;
        let mut b = BinaryViewBuilder::with_capacity(rows);
        for row in 0..rows {
            append_dynamic(&mut b, &any.get(row).bytes());
        }
        Ok(Arc::new(b.finish()))
    }
}

/// The same for a constant.
pub(crate) fn fold(value: &Value, to: Type, span: Span) -> Result<Value> {
    if value.ty() == to {
        return Ok(value.clone());
    }
    if value.is_null() {
        return Ok(Value::null(to));
    }
    if to == Type::Dynamic {
        return Ok(Value::Dynamic(value.to_dyn()));
    }
    catalog::Catalog
        .fold(converter(to), std::slice::from_ref(value), to)
        .map_err(|m| Diagnostic::error(codes::RUN_TIME, span, m))?
        .ok_or_else(|| {
            Diagnostic::unsupported(span, format!("conversion from {} to {to}", value.ty()))
        })
}
