//! Typed scalars to DataFusion expressions.
//!
//! [`Lowering::any`] gives a value in whatever form is at hand, [`Lowering::value`] the canonical value, and
//! [`Lowering::predicate`] (in `compare`) an expression that is true for exactly the rows that a filter keeps.

mod case;
mod cast;
mod compare;
mod in_set;
pub(crate) mod key_values;
pub(crate) mod literal;
mod needle;
mod path;
pub(crate) mod pattern;
pub(crate) mod stored;
mod texts;
mod timestamp;
pub(crate) mod udf;

pub(crate) use case::{common_form, literal_bool};
pub(crate) use cast::convert;
pub use in_set::ValueSet;
pub(crate) use path::append as append_dynamic;
pub use stored::to_canonical;

use crate::error::{Result, internal};
use crate::form::Form;
use crate::lower::{Columns, Lowering};
use datafusion::prelude::Expr;
use kql_bind::plan::{Expr as BoundExpr, ExprKind};
use kql_diag::Diagnostic;
use kql_diag::Span;
use kql_functions::catalog;
use kql_functions::spec::Lower;
use kql_types::{Type, Value};

/// An expression with its form and type.
#[derive(Debug, Clone)]
pub(crate) struct Typed {
    /// The expression.
    pub expr: Expr,
    /// How the value is stored.
    pub form: Form,
    /// The KQL type.
    pub ty: Type,
}

impl Typed {
    /// A canonical value.
    pub(crate) fn canonical(expr: Expr, ty: Type) -> Typed {
        Typed {
            expr,
            form: Form::Canonical,
            ty,
        }
    }

    /// The canonical value; a null string becomes "".
    pub(crate) fn settle(self) -> Expr {
        stored::canonical(self.expr, &self.form, self.ty)
    }

    /// The value as kernels take it: canonical, but a string may be null (kernels read it as "").
    pub(crate) fn for_kernel(self) -> Expr {
        match self.form {
            Form::Texts => self.expr,
            form => stored::canonical(self.expr, &form, self.ty),
        }
    }
}

impl Lowering<'_> {
    /// The value of an expression in whatever form it has.
    pub(crate) fn any(&mut self, e: &BoundExpr, columns: &Columns) -> Result<Typed> {
        match &e.kind {
            ExprKind::Literal(v) => Ok(Typed::canonical(literal::lit(&typed_null(v, e.ty)), e.ty)),
            ExprKind::Column(id) => {
                let slot = columns.get(*id, e.span)?;
                Ok(Typed {
                    expr: slot.expr.clone(),
                    form: slot.form.clone(),
                    ty: e.ty,
                })
            }
            ExprKind::Scalar(id) => {
                let value = self.scalar(*id, e.span)?;
                Ok(Typed::canonical(literal::lit(&value), e.ty))
            }
            ExprKind::Call {
                function,
                arguments,
            } => self.call(function, arguments, e.ty, e.span, columns),
            ExprKind::Cast(inner) => self.cast(inner, e.ty, e.span, columns),
            ExprKind::Case {
                branches,
                otherwise,
            } => self.case(branches, otherwise, e.ty, columns),
            ExprKind::And(items) => self.logic(items, true, columns),
            ExprKind::Or(items) => self.logic(items, false, columns),
            ExprKind::Not(inner) => {
                let inner = self.value(inner, columns)?;
                Ok(Typed::canonical(negate(inner), Type::Bool))
            }
            ExprKind::InSet {
                value,
                set,
                negated,
                ignore_case,
            } => {
                let arg = self.any(value, columns)?.for_kernel();
                let id = set.0;
                let set = self.set(*set, e.span)?;
                Ok(Typed::canonical(
                    in_set::in_set(arg, set, id, *ignore_case, *negated),
                    Type::Bool,
                ))
            }
            ExprKind::Path { base, steps } => self.path(base, steps, columns),
        }
    }

    /// The canonical value of an expression.
    pub(crate) fn value(&mut self, e: &BoundExpr, columns: &Columns) -> Result<Expr> {
        Ok(self.any(e, columns)?.settle())
    }

    /// The value of a constant or of a scalar of an earlier step.
    pub(crate) fn constant(&self, e: &BoundExpr) -> Result<Value> {
        match &e.kind {
            ExprKind::Literal(v) => Ok(typed_null(v, e.ty)),
            ExprKind::Scalar(id) => self.scalar(*id, e.span),
            ExprKind::Cast(inner) => {
                let value = self.constant(inner)?;
                cast::fold(&value, e.ty, e.span)
            }
            ExprKind::Call {
                function,
                arguments,
            } => {
                let values = arguments
                    .iter()
                    .map(|a| self.constant(a))
                    .collect::<Result<Vec<_>>>()?;
                use kql_types::FunctionCatalog;
                catalog::Catalog
                    .fold(function, &values, e.ty)
                    .map_err(|m| Diagnostic::error(kql_diag::codes::RUN_TIME, e.span, m))?
                    .ok_or_else(|| not_constant(e.span))
            }
            _ => Err(not_constant(e.span)),
        }
    }

    fn call(
        &mut self,
        function: &str,
        arguments: &[BoundExpr],
        ty: Type,
        span: Span,
        columns: &Columns,
    ) -> Result<Typed> {
        if let Some(native) = self.native_call(function, arguments, ty, columns)? {
            return Ok(native);
        }
        let args = arguments
            .iter()
            .map(|a| Ok(self.any(a, columns)?.for_kernel()))
            .collect::<Result<Vec<_>>>()?;
        let types = arguments.iter().map(|a| a.ty).collect();
        Ok(Typed::canonical(
            kernel_call(function, args, types, ty, span)?,
            ty,
        ))
    }

    /// Calls that are something cheaper than a kernel.
    fn native_call(
        &mut self,
        function: &str,
        arguments: &[BoundExpr],
        ty: Type,
        columns: &Columns,
    ) -> Result<Option<Typed>> {
        match (function, arguments) {
            // The text of a JSON column is its value until something is taken out of it.
            ("parse_json" | "todynamic" | "parsejson", [one])
                if one.ty == Type::String && !matches!(one.kind, ExprKind::Literal(_)) =>
            {
                let value = self.any(one, columns)?;
                Ok(Some(Typed {
                    expr: value.expr,
                    form: Form::Json,
                    ty,
                }))
            }
            ("parse_json" | "todynamic" | "parsejson", [one]) if one.ty == Type::Dynamic => {
                Ok(Some(self.any(one, columns)?))
            }
            _ => Ok(None),
        }
    }

    /// `and`, `or` as values: three-valued.
    fn logic(&mut self, items: &[BoundExpr], all: bool, columns: &Columns) -> Result<Typed> {
        let items = items
            .iter()
            .map(|i| self.value(i, columns))
            .collect::<Result<Vec<_>>>()?;
        Ok(Typed::canonical(
            if all { all_of(items) } else { any_of(items) },
            Type::Bool,
        ))
    }
}

/// A call of the catalog's kernel.
pub(crate) fn kernel_call(
    function: &str,
    args: Vec<Expr>,
    types: Vec<Type>,
    returns: Type,
    span: Span,
) -> Result<Expr> {
    let Some(spec) = catalog::find(function) else {
        return Err(Diagnostic::unsupported(
            span,
            format!("function `{function}`"),
        ));
    };
    match spec.lower {
        Lower::Kernel(kernel) => Ok(udf::kernel(spec, kernel, types, returns, span).call(args)),
        Lower::Refused(why) => {
            Err(Diagnostic::unsupported(span, format!("function `{function}`")).with_label(why))
        }
        Lower::Unanswered(why) => Err(Diagnostic::error(
            kql_diag::codes::NEEDS_SERVICE,
            span,
            format!("function `{function}` has no answer here"),
        )
        .with_help(why)),
        Lower::Kql(_) | Lower::Special => Err(internal(
            span,
            format!("internal: `{function}` reached the planner"),
        )),
    }
}

fn not_constant(span: Span) -> Diagnostic {
    Diagnostic::error(
        kql_diag::codes::NOT_CONSTANT,
        span,
        "a constant is required here",
    )
}

/// A null of the type that the expression has.
fn typed_null(v: &Value, ty: Type) -> Value {
    if v.is_null() && v.ty() != ty {
        Value::null(ty)
    } else {
        v.clone()
    }
}

/// A balanced tree, so that deep lists do not make deep trees.
fn balanced(mut items: Vec<Expr>, join: fn(Expr, Expr) -> Expr, empty: bool) -> Expr {
    while items.len() > 1 {
        let mut next = Vec::with_capacity(items.len().div_ceil(2));
        let mut rest = items.into_iter();
        while let Some(a) = rest.next() {
            next.push(match rest.next() {
                Some(b) => join(a, b),
                None => a,
            });
        }
        items = next;
    }
    items.pop().unwrap_or_else(|| literal::bool_lit(empty))
}

/// All true.
pub(crate) fn all_of(items: Vec<Expr>) -> Expr {
    balanced(items, Expr::and, true)
}

/// One true.
pub(crate) fn any_of(items: Vec<Expr>) -> Expr {
    balanced(items, Expr::or, false)
}

/// Not; null stays null.
pub(crate) fn negate(e: Expr) -> Expr {
    match e {
        Expr::Literal(datafusion::common::ScalarValue::Boolean(b), m) => {
            Expr::Literal(datafusion::common::ScalarValue::Boolean(b.map(|b| !b)), m)
        }
        Expr::Not(inner) => *inner,
        e => Expr::Not(Box::new(e)),
    }
}
