//! Operators: `+`, `==`, `has` and their like.

use super::convert::wider;
use super::{Row, is_constant};
use crate::binder::{Binder, Poison, Res};
use crate::plan::{Expr, ExprKind};
use kql_diag::{Diagnostic, Span, codes};
use kql_syntax::ast::{self, BinaryOp, UnaryOp};
use kql_types::{Type, Value};

impl Binder<'_> {
    pub(super) fn unary(
        &mut self,
        op: UnaryOp,
        operand: &ast::Expr,
        span: Span,
        row: Row<'_>,
    ) -> Res<Expr> {
        let x = self.expr(operand, row)?;
        let ty = match x.ty {
            Type::Int | Type::Long | Type::Real | Type::Decimal | Type::TimeSpan => x.ty,
            Type::Dynamic => Type::Real,
            other => {
                let sign = if op == UnaryOp::Minus { "-" } else { "+" };
                return Err(self.fail(
                    codes::TYPE_MISMATCH,
                    span,
                    format!("`{sign}` requires a number or timespan, not {other}"),
                ));
            }
        };
        let x = self.cast(x, ty);
        if op == UnaryOp::Plus {
            return Ok(x);
        }
        Ok(self.call_or_fold("unary-", vec![x], ty, self.at(span)))
    }

    /// A call, or its value when the arguments are constants and it can be known now.
    pub fn call_or_fold(&self, function: &str, arguments: Vec<Expr>, ty: Type, span: Span) -> Expr {
        if arguments.iter().all(|a| a.as_literal().is_some()) {
            let values: Vec<Value> = arguments
                .iter()
                .filter_map(|a| a.as_literal().cloned())
                .collect();
            if let Ok(Some(v)) = self.catalog.fold(function, &values, ty) {
                return Expr::literal(v, span);
            }
        }
        Expr {
            kind: ExprKind::Call {
                function: function.to_owned(),
                arguments,
            },
            ty,
            span,
        }
    }

    pub(super) fn binary(
        &mut self,
        op: BinaryOp,
        op_span: Span,
        left: &ast::Expr,
        right: &ast::Expr,
        span: Span,
        row: Row<'_>,
    ) -> Res<Expr> {
        if matches!(left.kind, ast::ExprKind::Star) {
            return self.any_column(op, op_span, right, span, row);
        }
        let l = self.expr(left, row);
        let r = self.expr(right, row);
        let (l, r) = (l?, r?);
        self.binary_of(op, op_span, l, r, span)
    }

    /// An operator over bound operands.
    pub fn binary_of(
        &mut self,
        op: BinaryOp,
        op_span: Span,
        l: Expr,
        r: Expr,
        span: Span,
    ) -> Res<Expr> {
        use BinaryOp as B;
        match op {
            B::Add | B::Subtract | B::Multiply | B::Divide | B::Modulo => {
                self.arithmetic(op, op_span, l, r, span)
            }
            B::Equal | B::NotEqual | B::Less | B::LessEqual | B::Greater | B::GreaterEqual => {
                self.comparison(op, op_span, l, r, span)
            }
            _ => self.string_operator(op, op_span, l, r, span),
        }
    }

    /// `* has "x"`: any column of the row.
    fn any_column(
        &mut self,
        op: BinaryOp,
        op_span: Span,
        right: &ast::Expr,
        span: Span,
        row: Row<'_>,
    ) -> Res<Expr> {
        let r = self.expr(right, row)?;
        let mut any = Vec::new();
        for f in row.fields {
            let mut column = Expr::column(f.id, f.ty, self.at(span));
            if op == BinaryOp::Equal && f.ty != r.ty && f.ty != Type::Dynamic {
                continue;
            }
            if op != BinaryOp::Equal {
                column = self.cast(column, Type::String);
            }
            any.push(self.binary_of(op, op_span, column, r.clone(), span)?);
        }
        Ok(match any.len() {
            0 => Expr::literal(Value::Bool(false), self.at(span)),
            1 => any.swap_remove(0),
            _ => Expr {
                kind: ExprKind::Or(any),
                ty: Type::Bool,
                span: self.at(span),
            },
        })
    }

    fn arithmetic(
        &mut self,
        op: BinaryOp,
        op_span: Span,
        l: Expr,
        r: Expr,
        span: Span,
    ) -> Res<Expr> {
        use BinaryOp as B;
        use Type as T;
        let number = |t: T| if t == T::Int { T::Long } else { t };
        let dynamic_to = |t: T| match t {
            T::Int | T::Bool => T::Long,
            T::String | T::Guid => T::Dynamic,
            other => other,
        };
        // A dynamic operand takes the type of the other one.
        let (lt, rt) = match (l.ty, r.ty) {
            (T::Dynamic, T::Dynamic) => (T::Dynamic, T::Dynamic),
            (T::Dynamic, t) => (dynamic_to(t), t),
            (t, T::Dynamic) => (t, dynamic_to(t)),
            other => other,
        };
        if op == B::Divide && lt == T::DateTime && rt.is_number() {
            // The official binder has it; what is divided is the time since the year 1, as adding datetimes adds it.
            let at = self.at(span);
            let zero = || Expr::literal(Value::DateTime(0), at);
            let since = self.call_or_fold("-", vec![l, zero()], T::TimeSpan, at);
            let by = self.cast(r, if rt.is_integer() { T::Long } else { T::Real });
            let part = self.call_or_fold("/", vec![since, by], T::TimeSpan, at);
            return Ok(self.call_or_fold("+", vec![zero(), part], T::DateTime, at));
        }
        // (type of the left operand, of the right one, of the result)
        let plan: Option<(T, T, T)> = if lt == T::Dynamic && rt == T::Dynamic {
            Some((T::Dynamic, T::Dynamic, T::Dynamic))
        } else if let Some(w) = wider(lt, rt) {
            let w = number(w);
            Some((w, w, w))
        } else {
            match (op, lt, rt) {
                (B::Add | B::Subtract | B::Modulo, T::TimeSpan, T::TimeSpan) => {
                    Some((lt, rt, T::TimeSpan))
                }
                (B::Divide, T::TimeSpan, T::TimeSpan) => Some((lt, rt, T::Real)),
                (B::Add, T::DateTime, T::TimeSpan) | (B::Add, T::TimeSpan, T::DateTime) => {
                    Some((lt, rt, T::DateTime))
                }
                (B::Add, T::DateTime, T::DateTime) => Some((lt, rt, T::DateTime)),
                (B::Subtract, T::DateTime, T::DateTime) => Some((lt, rt, T::TimeSpan)),
                (B::Subtract, T::DateTime, T::TimeSpan) => Some((lt, rt, T::DateTime)),
                (B::Subtract, T::TimeSpan, T::DateTime) => Some((lt, rt, T::DateTime)),
                (B::Multiply | B::Divide, T::TimeSpan, t) if t.is_number() => Some((
                    lt,
                    if t.is_integer() { T::Long } else { T::Real },
                    T::TimeSpan,
                )),
                (B::Multiply, t, T::TimeSpan) if t.is_number() => Some((
                    if t.is_integer() { T::Long } else { T::Real },
                    rt,
                    T::TimeSpan,
                )),
                (B::Modulo | B::Divide, T::DateTime, T::TimeSpan) => Some((
                    lt,
                    rt,
                    if op == B::Divide {
                        T::Real
                    } else {
                        T::TimeSpan
                    },
                )),
                (_, T::Bool, t) if t.is_number() => Some((number(t), number(t), number(t))),
                (_, t, T::Bool) if t.is_number() => Some((number(t), number(t), number(t))),
                _ => None,
            }
        };
        let Some((a, b, out)) = plan else {
            let at = self.at(op_span);
            let mut d = Diagnostic::error(
                codes::TYPE_MISMATCH,
                at,
                format!("`{}` does not take {} and {}", op.text(), l.ty, r.ty),
            );
            if op == B::Add && (l.ty == T::String || r.ty == T::String) {
                d = d.with_help("strcat(...) joins strings");
            }
            return Err(self.report(d));
        };
        let (l, r) = (self.cast(l, a), self.cast(r, b));
        Ok(self.call_or_fold(op.text(), vec![l, r], out, self.at(span)))
    }

    /// Both operands in the type in which they are compared.
    pub(super) fn comparable(
        &mut self,
        op: &str,
        op_span: Span,
        l: Expr,
        r: Expr,
    ) -> Res<(Expr, Expr)> {
        use Type as T;
        if l.ty == r.ty {
            return Ok((l, r));
        }
        let ordering = matches!(op, "<" | "<=" | ">" | ">=" | "between" | "!between");
        let unordered =
            |t: T| matches!(t, T::String | T::Guid | T::Bool | T::DateTime | T::TimeSpan);
        match (l.ty, r.ty) {
            (T::Dynamic, t) | (t, T::Dynamic) if ordering && unordered(t) => {
                let at = self.at(op_span);
                let d = Diagnostic::error(
                    codes::NOT_COMPARABLE,
                    at,
                    format!("`{op}` does not compare {} with {}", l.ty, r.ty),
                )
                .with_help(format!(
                    "{}(...) gives the dynamic value a type",
                    super::convert::cast_function(t)
                ));
                return Err(self.report(d));
            }
            _ => {}
        }
        let (l, r) = if ordering {
            (l, r)
        } else {
            // Of two constants a text becomes what the other one is.
            let (a, b) = (l.ty, r.ty);
            match (l.as_literal(), r.as_literal()) {
                (Some(_), Some(_)) if b == T::String => (l, self.literal_as(r, a)),
                (Some(_), Some(_)) => (self.literal_as(l, b), r),
                _ => (self.literal_as(l, b), self.literal_as(r, a)),
            }
        };
        if l.ty == r.ty {
            return Ok((l, r));
        }
        if let Some(w) = wider(l.ty, r.ty) {
            return Ok((self.cast(l, w), self.cast(r, w)));
        }
        let to = match (l.ty, r.ty) {
            (T::Dynamic, t) | (t, T::Dynamic) => Some(if t == T::Int { T::Long } else { t }),
            (T::Bool, t) | (t, T::Bool) if t.is_number() => {
                Some(if t == T::Int { T::Long } else { t })
            }
            (T::String, t @ (T::DateTime | T::TimeSpan | T::Guid))
                if is_constant(&l) || t == T::Guid =>
            {
                Some(t)
            }
            (t @ (T::DateTime | T::TimeSpan | T::Guid), T::String)
                if is_constant(&r) || t == T::Guid =>
            {
                Some(t)
            }
            _ => None,
        };
        match to {
            Some(t) => Ok((self.cast(l, t), self.cast(r, t))),
            None => Err(self.not_comparable(op, op_span, l.ty, r.ty)),
        }
    }

    fn not_comparable(&mut self, op: &str, op_span: Span, l: Type, r: Type) -> Poison {
        let at = self.at(op_span);
        let mut d = Diagnostic::error(
            codes::NOT_COMPARABLE,
            at,
            format!("`{op}` does not compare {l} with {r}"),
        );
        if l == Type::String || r == Type::String {
            let other = if l == Type::String { r } else { l };
            d = d.with_help(format!(
                "tostring(...) or {}(...) makes both sides alike",
                super::convert::cast_function(other)
            ));
        }
        self.report(d)
    }

    /// A constant that is tested for equality with a value of another type, in that type: `EventID == "4624"`,
    /// `ResultType == 0`, `IsAdmin == "true"`. What has no meaning in the other type stays as it is.
    fn literal_as(&self, e: Expr, ty: Type) -> Expr {
        use Type as T;
        let Some(value) = e.as_literal() else {
            return e;
        };
        let text = |b: bool| if b { "true" } else { "false" };
        let converted = match (value, ty) {
            (Value::Int(n), T::String) => Some(Value::String(n.to_string())),
            (Value::Long(n), T::String) => Some(Value::String(n.to_string())),
            (Value::Bool(b), T::String) => Some(Value::String(text(*b).to_owned())),
            (Value::String(s), T::Bool | T::Int | T::Long | T::Real | T::Decimal)
                if !s.trim().is_empty() =>
            {
                let name = super::convert::cast_function(ty);
                let argument = Value::String(s.clone());
                // A text that is no such value is equal to none.
                self.catalog.fold(name, &[argument], ty).ok().flatten()
            }
            _ => None,
        };
        match converted {
            Some(v) => Expr::literal(v, e.span),
            None => e,
        }
    }

    fn comparison(
        &mut self,
        op: BinaryOp,
        op_span: Span,
        l: Expr,
        r: Expr,
        span: Span,
    ) -> Res<Expr> {
        let (l, r) = self.comparable(op.text(), op_span, l, r)?;
        Ok(self.call_or_fold(op.text(), vec![l, r], Type::Bool, self.at(span)))
    }

    fn text_operand(&mut self, e: Expr, op: &str, op_span: Span) -> Res<Expr> {
        match e.ty {
            Type::Bool => Err(self.fail(
                codes::TYPE_MISMATCH,
                op_span,
                format!("`{op}` requires a string, not {}", e.ty),
            )),
            _ => Ok(self.cast(e, Type::String)),
        }
    }

    fn string_operator(
        &mut self,
        op: BinaryOp,
        op_span: Span,
        l: Expr,
        r: Expr,
        span: Span,
    ) -> Res<Expr> {
        let text = if op == BinaryOp::Colon {
            "has"
        } else {
            op.text()
        };
        let l = self.text_operand(l, text, op_span)?;
        let r = self.text_operand(r, text, op_span)?;
        Ok(self.call_or_fold(text, vec![l, r], Type::Bool, self.at(span)))
    }
}
