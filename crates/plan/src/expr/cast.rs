//! Conversions between KQL types. What cannot be converted is null.

use crate::error::Result;
use crate::expr::{Typed, kernel_call};
use crate::form::Form;
use crate::lower::{Columns, Lowering};
use datafusion::logical_expr::Cast;
use datafusion::prelude::Expr;
use kql_bind::plan::Expr as BoundExpr;
use kql_diag::{Diagnostic, Span, codes};
use kql_functions::adapter::arrow_type;
use kql_functions::catalog;
use kql_types::{FunctionCatalog, Type, Value};

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
        (Type::String, Type::Dynamic) => Ok(Typed {
            expr: value.expr,
            form: Form::Json,
            ty: to,
        }),
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

/// The same for a constant.
pub(crate) fn fold(value: &Value, to: Type, span: Span) -> Result<Value> {
    if value.ty() == to {
        return Ok(value.clone());
    }
    if value.is_null() {
        return Ok(Value::null(to));
    }
    catalog::Catalog
        .fold(converter(to), std::slice::from_ref(value), to)
        .map_err(|m| Diagnostic::error(codes::RUN_TIME, span, m))?
        .ok_or_else(|| {
            Diagnostic::unsupported(span, format!("conversion from {} to {to}", value.ty()))
        })
}
