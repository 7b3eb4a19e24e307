//! `in`, `has_any`, `has_all` and `between`: a value and a list, a table or two ends.

use super::Row;
use super::convert::wider;
use crate::binder::{Binder, Res};
use crate::plan::{Expr, ExprKind};
use kql_diag::{Diagnostic, Span, codes};
use kql_syntax::ast::{self, InOp};
use kql_types::{Dyn, Type, Value};

impl Binder<'_> {
    pub(super) fn in_list(
        &mut self,
        op: InOp,
        op_span: Span,
        value: &ast::Expr,
        list: &[ast::Expr],
        span: Span,
        row: Row<'_>,
    ) -> Res<Expr> {
        let text = op.text();
        if matches!(value.kind, ast::ExprKind::Star) {
            return Err(self.unsupported(value.span, format!("`* {text} (...)`")));
        }
        let value = self.expr(value, row)?;
        if let [only] = list
            && (self.is_table(only, row.fields) || self.is_table_variable(only))
        {
            return self.in_table(op, op_span, value, only, span);
        }
        let mut items = Vec::with_capacity(list.len());
        for item in list {
            items.push(self.expr(item, row));
        }
        let mut flat = Vec::with_capacity(items.len());
        for item in items {
            let item = item?;
            // A constant array counts as its elements.
            match item.as_literal() {
                Some(Value::Dynamic(Dyn::Array(elements))) => {
                    flat.extend(
                        elements
                            .iter()
                            .map(|d| Expr::literal(scalar_of(d), item.span)),
                    );
                }
                _ => flat.push(item),
            }
        }
        let ty = match op {
            InOp::HasAny | InOp::HasAll | InOp::InCi | InOp::NotInCi => Type::String,
            _ => self.in_type(&value, &flat),
        };
        let value = if value.ty == Type::Bool && ty == Type::String {
            return Err(self.fail(
                codes::TYPE_MISMATCH,
                op_span,
                format!("`{text}` requires a string, not bool"),
            ));
        } else {
            self.cast(value, ty)
        };
        let mut arguments = vec![value];
        for item in flat {
            if item.ty == Type::Dynamic && item.as_literal().is_none() {
                arguments.push(item);
                continue;
            }
            let terms = matches!(op, InOp::HasAny | InOp::HasAll);
            if item.as_literal().is_some_and(|v| v.is_null()) && ty == Type::String && !terms {
                continue;
            }
            let number_and_text = (ty.is_number() && item.ty == Type::String)
                || (ty == Type::String && item.ty != Type::String);
            if number_and_text && item.as_literal().is_none() {
                return Err(self.report(Diagnostic::error(
                    codes::NOT_COMPARABLE,
                    item.span,
                    format!("`{text}` does not compare {ty} with {}", item.ty),
                )));
            }
            let item = self.cast(item, ty);
            arguments.push(item);
        }
        Ok(self.call_or_fold(text, arguments, Type::Bool, self.at(span)))
    }

    /// The type in which a value and a list are compared.
    fn in_type(&self, value: &Expr, items: &[Expr]) -> Type {
        let mut ty = value.ty;
        for item in items
            .iter()
            .filter(|i| i.as_literal().is_none_or(|v| !v.is_null()))
        {
            ty = if ty == Type::Dynamic {
                item.ty
            } else if let Some(w) = wider(ty, item.ty) {
                w
            } else {
                ty
            };
        }
        if ty == Type::Dynamic {
            Type::String
        } else {
            ty
        }
    }

    fn in_table(
        &mut self,
        op: InOp,
        op_span: Span,
        value: Expr,
        table: &ast::Expr,
        span: Span,
    ) -> Res<Expr> {
        if matches!(op, InOp::HasAny | InOp::HasAll) {
            let relation = self.rowless_relation(table)?;
            return self.has_table(op, value, relation, span);
        }
        let relation = self.rowless_relation(table)?;
        let Some(first) = relation.fields.first().cloned() else {
            return Err(self.fail(codes::NOT_SCALAR, table.span, "the table has no column"));
        };
        let ignore_case = matches!(op, InOp::InCi | InOp::NotInCi);
        let negated = matches!(op, InOp::NotIn | InOp::NotInCi);
        let mut relation = relation;
        let mut column = Expr::column(first.id, first.ty, self.at(table.span));
        if column.ty == Type::Dynamic && value.ty != Type::Dynamic {
            (relation, column) = self.elements(relation, column, table.span);
            column = self.cast(column, value.ty);
        }
        let (value, column) = if ignore_case {
            (
                self.cast(value, Type::String),
                self.cast(column, Type::String),
            )
        } else if value.ty == Type::Dynamic && column.ty == Type::String {
            (self.json_text(value), column)
        } else {
            self.comparable(op.text(), op_span, value, column)?
        };
        let set = self.one_column(relation, column);
        let set = self.add_set(set);
        Ok(Expr {
            kind: ExprKind::InSet {
                value: Box::new(value),
                set,
                negated,
                ignore_case,
            },
            ty: Type::Bool,
            span: self.at(span),
        })
    }

    /// The JSON text of a dynamic value: that of a string has quotes, which is why `d in (T)` finds no plain string
    /// (the engine's own answer).
    fn json_text(&self, value: Expr) -> Expr {
        let span = value.span;
        let call = |function: &str, arguments: Vec<Expr>, ty: Type| {
            self.call_or_fold(function, arguments, ty, span)
        };
        let long = |n: i64| Expr::literal(Value::Long(n), span);
        let list = self.cast(call("pack_array", vec![value], Type::Dynamic), Type::String);
        let length = call("strlen", vec![list.clone()], Type::Long);
        let inner = call("-", vec![length, long(2)], Type::Long);
        call("substring", vec![list, long(1), inner], Type::String)
    }

    /// `x has_any (T | project y)`: the terms are made one array first.
    fn has_table(
        &mut self,
        op: InOp,
        value: Expr,
        relation: crate::plan::Relation,
        span: Span,
    ) -> Res<Expr> {
        let at = self.at(span);
        let Some(first) = relation.fields.first().cloned() else {
            return Err(self.fail(codes::NOT_SCALAR, span, "the table has no column"));
        };
        let column = Expr::column(first.id, first.ty, at);
        // A null is no term.
        let filter = (first.ty != Type::String)
            .then(|| self.call_or_fold("isnotnull", vec![column.clone()], Type::Bool, at));
        let column = self.cast(column, Type::String);
        let out = self.column(Type::Dynamic);
        let aggregate = crate::plan::Aggregate {
            outputs: vec![out],
            function: "make_set".to_owned(),
            arguments: vec![column],
            filter,
            span: at,
        };
        let list = crate::plan::Relation {
            kind: crate::plan::RelationKind::Aggregate {
                input: Box::new(relation),
                keys: Vec::new(),
                aggregates: vec![aggregate],
            },
            fields: vec![crate::plan::Field {
                name: "set".to_owned(),
                id: out,
                ty: Type::Dynamic,
            }],
            span: at,
            ordered: false,
        };
        let id = self.add_scalar(list, Type::Dynamic);
        let terms = Expr {
            kind: ExprKind::Scalar(id),
            ty: Type::Dynamic,
            span: at,
        };
        let value = self.cast(value, Type::String);
        Ok(self.call_or_fold(op.text(), vec![value, terms], Type::Bool, at))
    }

    /// A relation of one column with this value.
    pub fn one_column(
        &mut self,
        relation: crate::plan::Relation,
        value: Expr,
    ) -> crate::plan::Relation {
        let mut assignments = Vec::new();
        let ty = value.ty;
        let id = self.as_column(value, &mut assignments);
        let mut relation = self.extend(relation, assignments);
        relation.fields = vec![crate::plan::Field {
            name: "value".to_owned(),
            id,
            ty,
        }];
        relation
    }

    pub(super) fn between(
        &mut self,
        negated: bool,
        value: &ast::Expr,
        low: &ast::Expr,
        high: &ast::Expr,
        span: Span,
        row: Row<'_>,
    ) -> Res<Expr> {
        let text = if negated { "!between" } else { "between" };
        let (v, lo, hi) = (
            self.expr(value, row),
            self.expr(low, row),
            self.expr(high, row),
        );
        let (v, lo, mut hi) = (v?, lo?, hi?);
        if lo.ty == Type::DateTime && hi.ty == Type::TimeSpan {
            let at = hi.span;
            hi = self.call_or_fold("+", vec![lo.clone(), hi], Type::DateTime, at);
        }
        let (v, lo) = self.comparable(text, span, v, lo)?;
        let (v, hi) = self.comparable(text, span, v, hi)?;
        let ty = v.ty;
        let lo = self.cast(lo, ty);
        Ok(self.call_or_fold(text, vec![v, lo, hi], Type::Bool, self.at(span)))
    }
}

/// An element of a constant array as a constant of its own type.
fn scalar_of(d: &Dyn) -> Value {
    match d {
        Dyn::Bool(b) => Value::Bool(*b),
        Dyn::Long(n) => Value::Long(*n),
        Dyn::Real(x) => Value::Real(*x),
        Dyn::Decimal(x) => Value::Decimal(*x),
        Dyn::String(s) => Value::String(s.clone()),
        Dyn::DateTime(t) => Value::DateTime(*t),
        Dyn::TimeSpan(t) => Value::TimeSpan(*t),
        Dyn::Guid(g) => Value::Guid(*g),
        Dyn::Null => Value::Null(Type::Dynamic),
        other => Value::Dynamic(other.clone()),
    }
}
