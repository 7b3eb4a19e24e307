//! Operators: `+`, `==`, `has`, `in`, `between` and their like.

use super::convert::wider;
use super::{Row, is_constant};
use crate::binder::{Binder, Poison, Res};
use crate::plan::{Expr, ExprKind};
use kql_diag::{Diagnostic, Span, codes};
use kql_syntax::ast::{self, BinaryOp, InOp, UnaryOp};
use kql_types::{Dyn, Type, Value};

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
    fn comparable(&mut self, op: &str, op_span: Span, l: Expr, r: Expr) -> Res<(Expr, Expr)> {
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
