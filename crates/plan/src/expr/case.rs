//! `iff`, `case` and their like: lazily, the first branch whose condition is true.

use crate::error::Result;
use crate::expr::Typed;
use crate::form::Form;
use crate::lower::{Columns, Lowering};
use datafusion::logical_expr::Case;
use datafusion::prelude::Expr;
use kql_bind::plan::Expr as BoundExpr;
use kql_types::Type;

impl Lowering<'_> {
    pub(crate) fn case(
        &mut self,
        branches: &[(BoundExpr, BoundExpr)],
        otherwise: &BoundExpr,
        ty: Type,
        columns: &Columns,
    ) -> Result<Typed> {
        let mut conditions = Vec::with_capacity(branches.len());
        let mut values = Vec::with_capacity(branches.len() + 1);
        for (when, then) in branches {
            let when = self.predicate(when, columns, true)?;
            match literal_bool(&when) {
                Some(false) => continue,
                Some(true) => {
                    values.push(self.any(then, columns)?);
                    break;
                }
                None => {
                    conditions.push(when);
                    values.push(self.any(then, columns)?);
                }
            }
        }
        if values.len() == conditions.len() {
            values.push(self.any(otherwise, columns)?);
        }
        let form = common_form(ty, values.iter().map(|v| &v.form));
        let mut values: Vec<Expr> = values
            .into_iter()
            .map(|v| match form {
                Form::Canonical => v.settle(),
                Form::Texts => v.for_kernel(),
                _ => v.expr,
            })
            .collect();
        let Some(last) = values.pop() else {
            return Err(crate::error::internal(
                otherwise.span,
                "internal: empty case",
            ));
        };
        if conditions.is_empty() {
            return Ok(Typed {
                expr: last,
                form,
                ty,
            });
        }
        let when_then = conditions
            .into_iter()
            .zip(values)
            .map(|(c, v)| (Box::new(c), Box::new(v)))
            .collect();
        Ok(Typed {
            expr: Expr::Case(Case::new(None, when_then, Some(Box::new(last)))),
            form,
            ty,
        })
    }
}

/// The form that values of several forms get without needless conversions.
pub(crate) fn common_form<'a>(ty: Type, forms: impl Iterator<Item = &'a Form>) -> Form {
    let mut out: Option<Form> = None;
    for form in forms {
        out = Some(match out {
            None => form.clone(),
            Some(have) if have == *form => have,
            Some(Form::Texts | Form::Canonical)
                if ty == Type::String && matches!(form, Form::Texts | Form::Canonical) =>
            {
                Form::Texts
            }
            Some(_) => return Form::Canonical,
        });
    }
    out.unwrap_or(Form::Canonical)
}

/// The value of a constant condition; a null counts as false.
pub(crate) fn literal_bool(e: &Expr) -> Option<bool> {
    match e {
        Expr::Literal(datafusion::common::ScalarValue::Boolean(b), _) => Some(b.unwrap_or(false)),
        _ => None,
    }
}
