//! Expressions where only truth counts: filters and conditions.
//!
//! In such a place null is as good as false, so KQL's comparisons (`null == null` is null, `null != 5` is true) are SQL's
//! `=` and `IS DISTINCT FROM`, which DataFusion prunes by and makes join keys of. `predicate(e, want)` is true exactly
//! where `e` is `want`, and false or null elsewhere; `not` only flips what is wanted.

use crate::error::Result;
use crate::expr::literal::{bool_lit, lit, scalar};
use crate::expr::{Typed, all_of, any_of, in_set, kernel_call, needle, negate, timestamp};
use crate::form::Form;
use crate::lower::{Columns, Lowering};
use datafusion::logical_expr::Operator as O;
use datafusion::logical_expr::binary_expr;
use datafusion::prelude::Expr;
use kql_bind::plan::{Expr as BoundExpr, ExprKind};
use kql_types::{Dyn, Type, Value};

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl Op {
    fn of(name: &str) -> Option<Op> {
        Some(match name {
            "==" => Op::Eq,
            "!=" | "<>" => Op::Ne,
            "<" => Op::Lt,
            "<=" => Op::Le,
            ">" => Op::Gt,
            ">=" => Op::Ge,
            _ => return None,
        })
    }

    /// True where this one is false (not: null).
    fn inverse(self) -> Op {
        match self {
            Op::Eq => Op::Ne,
            Op::Ne => Op::Eq,
            Op::Lt => Op::Ge,
            Op::Le => Op::Gt,
            Op::Gt => Op::Le,
            Op::Ge => Op::Lt,
        }
    }

    /// The same with its sides exchanged.
    fn mirrored(self) -> Op {
        match self {
            Op::Lt => Op::Gt,
            Op::Le => Op::Ge,
            Op::Gt => Op::Lt,
            Op::Ge => Op::Le,
            same => same,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Op::Eq => "==",
            Op::Ne => "!=",
            Op::Lt => "<",
            Op::Le => "<=",
            Op::Gt => ">",
            Op::Ge => ">=",
        }
    }

    fn native(self) -> O {
        match self {
            Op::Eq => O::Eq,
            Op::Ne => O::IsDistinctFrom,
            Op::Lt => O::Lt,
            Op::Le => O::LtEq,
            Op::Gt => O::Gt,
            Op::Ge => O::GtEq,
        }
    }
}

impl Lowering<'_> {
    /// True exactly where the expression is `want`; false or null elsewhere.
    pub(crate) fn predicate(
        &mut self,
        e: &BoundExpr,
        columns: &Columns,
        want: bool,
    ) -> Result<Expr> {
        match &e.kind {
            ExprKind::Literal(Value::Bool(b)) => Ok(bool_lit(*b == want)),
            ExprKind::Literal(_) => Ok(bool_lit(false)),
            ExprKind::Not(inner) => self.predicate(inner, columns, !want),
            ExprKind::And(items) | ExprKind::Or(items) => {
                let all = matches!(e.kind, ExprKind::And(_)) == want;
                let items = items
                    .iter()
                    .map(|i| self.predicate(i, columns, want))
                    .collect::<Result<Vec<_>>>()?;
                Ok(if all { all_of(items) } else { any_of(items) })
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
                Ok(in_set::in_set(arg, set, id, *ignore_case, *negated == want))
            }
            ExprKind::Call {
                function,
                arguments,
            } => {
                if let Some(native) =
                    self.native_predicate(function, arguments, columns, want, e)?
                {
                    return Ok(native);
                }
                let value = self.value(e, columns)?;
                Ok(if want { value } else { negate(value) })
            }
            _ => {
                let value = self.value(e, columns)?;
                Ok(if want { value } else { negate(value) })
            }
        }
    }

    fn native_predicate(
        &mut self,
        function: &str,
        arguments: &[BoundExpr],
        columns: &Columns,
        want: bool,
        e: &BoundExpr,
    ) -> Result<Option<Expr>> {
        if let (Some(op), [a, b]) = (Op::of(function), arguments) {
            let op = if want { op } else { op.inverse() };
            let (a, b) = (self.any(a, columns)?, self.any(b, columns)?);
            return compare(op, a, b, e, want).map(Some);
        }
        match (function, arguments) {
            ("between" | "!between", [x, low, high]) => {
                let inside = (function == "between") == want;
                let bounds = [literal_of(low), literal_of(high)];
                if bounds.iter().any(|b| b.is_none_or(Value::is_null))
                    || low.ty != x.ty
                    || high.ty != x.ty
                    || matches!(x.ty, Type::String | Type::Dynamic | Type::Real)
                {
                    return Ok(None);
                }
                let x = self.any(x, columns)?;
                let (low, high) = (self.any(low, columns)?, self.any(high, columns)?);
                let (first, second) = if inside {
                    (Op::Ge, Op::Le)
                } else {
                    (Op::Lt, Op::Gt)
                };
                let a = compare(first, x.clone(), low, e, want)?;
                let b = compare(second, x, high, e, want)?;
                Ok(Some(if inside { a.and(b) } else { a.or(b) }))
            }
            ("in" | "!in", [x, list @ ..]) => {
                let inside = (function == "in") == want;
                let Some(values) = members(x.ty, list) else {
                    return Ok(None);
                };
                let x = self.any(x, columns)?;
                Ok(Some(in_list(x, &values, inside)))
            }
            ("isnull" | "isnotnull" | "isempty" | "isnotempty", [x]) => {
                let null = function.ends_with("null");
                let want = function.starts_with("isnot") != want;
                if x.ty == Type::String {
                    if null {
                        return Ok(Some(bool_lit(!want)));
                    }
                    let x = self.any(x, columns)?;
                    return Ok(Some(equals_text(x, "", want)));
                }
                if x.ty == Type::Dynamic && !null {
                    return Ok(None);
                }
                let x = self.any(x, columns)?;
                let x = if x.form == Form::Json {
                    x.settle()
                } else {
                    x.expr
                };
                Ok(Some(if want { x.is_null() } else { x.is_not_null() }))
            }
            _ => Ok(None),
        }
    }
}

fn literal_of(e: &BoundExpr) -> Option<&Value> {
    e.as_literal()
}

fn value_of(t: &Typed) -> Option<&datafusion::common::ScalarValue> {
    match &t.expr {
        Expr::Literal(v, _) => Some(v),
        _ => None,
    }
}

/// Two values of one type; KQL's kernel where SQL's comparison says something else.
fn compare(op: Op, a: Typed, b: Typed, e: &BoundExpr, want: bool) -> Result<Expr> {
    if value_of(&a).is_some() && value_of(&b).is_none() {
        return compare(op.mirrored(), b, a, e, want);
    }
    let by_kernel = |a: Typed, b: Typed| -> Result<Expr> {
        // Of ordered pairs `a < b` is false where `a >= b` is true only when there is no NaN: ask for the operator that
        // stands in the text and turn its answer around.
        let text = if want { op } else { op.inverse() };
        let types = vec![a.ty, b.ty];
        let value = kernel_call(
            text.name(),
            vec![a.for_kernel(), b.for_kernel()],
            types,
            Type::Bool,
            e.span,
        )?;
        Ok(if want { value } else { negate(value) })
    };
    if a.ty != b.ty {
        return by_kernel(a, b);
    }
    let constant = value_of(&b).cloned();
    if let Some(v) = &constant
        && v.is_null()
    {
        return Ok(match op {
            Op::Ne if a.ty != Type::Dynamic => a.expr.is_not_null(),
            _ if a.ty == Type::Dynamic => return by_kernel(a, b),
            _ => bool_lit(false),
        });
    }
    match a.ty {
        Type::Dynamic => by_kernel(a, b),
        Type::String => match (op, constant) {
            (Op::Eq | Op::Ne, Some(datafusion::common::ScalarValue::Utf8View(Some(text)))) => {
                let expr = needle::require(a.expr, &[&text]);
                Ok(equals_text(Typed { expr, ..a }, &text, op == Op::Eq))
            }
            (Op::Eq | Op::Ne, _) => {
                let op = if op == Op::Eq { O::Eq } else { O::NotEq };
                Ok(binary_expr(a.settle(), op, b.settle()))
            }
            _ => by_kernel(a, b),
        },
        Type::Guid if !matches!(op, Op::Eq | Op::Ne) => by_kernel(a, b),
        Type::Real => match constant {
            Some(datafusion::common::ScalarValue::Float64(Some(c))) if !c.is_nan() => {
                let x = a.settle();
                // `not(x > 5)` holds for NaN, `x <= 5` does not.
                if want || matches!(op, Op::Eq | Op::Ne) {
                    Ok(compare_real(op, x, c))
                } else {
                    Ok(negate(compare_real(op.inverse(), x, c)))
                }
            }
            _ => by_kernel(a, b),
        },
        Type::DateTime => {
            if let Some(datafusion::common::ScalarValue::Int64(Some(ticks))) = constant
                && let Some(found) = timestamp::compare(&a.expr, &a.form, op, ticks)
            {
                return Ok(found);
            }
            Ok(native(op, a, b))
        }
        _ => Ok(native(op, a, b)),
    }
}

/// On the stored values when both sides have one form that keeps equality and order.
fn native(op: Op, a: Typed, b: Typed) -> Expr {
    let same = a.form == b.form
        && a.form.is_exact()
        && (matches!(op, Op::Eq | Op::Ne) || a.form.is_ordered(a.ty));
    let (a, b) = if same {
        (a.expr, b.expr)
    } else {
        (a.settle(), b.settle())
    };
    binary_expr(a, op.native(), b)
}

/// `s == text` or `s != text`, where a null text is "".
fn equals_text(s: Typed, text: &str, equal: bool) -> Expr {
    let maybe_null = s.form == Form::Texts;
    let s = s.for_kernel();
    let value = lit(&Value::String(text.to_owned()));
    let whole = binary_expr(s.clone(), if equal { O::Eq } else { O::NotEq }, value);
    if maybe_null && equal == text.is_empty() {
        whole.or(s.is_null())
    } else {
        whole
    }
}

/// DataFusion orders reals totally: NaN is the greatest (or, negative, the least), and -0 lies below 0. KQL compares as
/// IEEE does: nothing is true of NaN but `!=`, and both zeros are equal.
fn compare_real(op: Op, x: Expr, c: f64) -> Expr {
    let real = |v: f64| lit(&Value::Real(v));
    let is = |op, v: f64| binary_expr(x.clone(), op, real(v));
    let (least, greatest) = if c == 0.0 { (-0.0, 0.0) } else { (c, c) };
    match op {
        Op::Eq if c == 0.0 => is(O::Eq, -0.0).or(is(O::Eq, 0.0)),
        Op::Eq => is(O::Eq, c),
        Op::Ne if c == 0.0 => is(O::IsDistinctFrom, -0.0).and(is(O::IsDistinctFrom, 0.0)),
        Op::Ne => is(O::IsDistinctFrom, c),
        Op::Gt => is(O::Gt, greatest).and(is(O::LtEq, f64::INFINITY)),
        Op::Ge => is(O::GtEq, least).and(is(O::LtEq, f64::INFINITY)),
        Op::Lt => is(O::Lt, least).and(is(O::GtEq, f64::NEG_INFINITY)),
        Op::Le => is(O::LtEq, greatest).and(is(O::GtEq, f64::NEG_INFINITY)),
    }
}

/// The constants of a list as values of the type, without nulls (nothing equals null); none where an element would have
/// to be converted in a way that only the kernel knows.
fn members(ty: Type, list: &[BoundExpr]) -> Option<Vec<Value>> {
    if matches!(ty, Type::Real | Type::Dynamic | Type::Bool) {
        return None;
    }
    let mut out = Vec::new();
    for item in list {
        match item.as_literal()? {
            Value::Dynamic(Dyn::Array(items)) => {
                for d in items {
                    member_of_dynamic(ty, d, &mut out)?;
                }
            }
            Value::Dynamic(d) => member_of_dynamic(ty, d, &mut out)?,
            v if v.is_null() => {}
            v if v.ty() == ty => out.push(v.clone()),
            v if ty.is_integer() && v.ty().is_integer() => integer(ty, v.as_long()?, &mut out),
            _ => return None,
        }
    }
    Some(out)
}

fn integer(ty: Type, n: i64, out: &mut Vec<Value>) {
    if ty == Type::Long {
        out.push(Value::Long(n));
    } else if let Ok(n) = i32::try_from(n) {
        out.push(Value::Int(n));
    }
}

fn member_of_dynamic(ty: Type, d: &Dyn, out: &mut Vec<Value>) -> Option<()> {
    match (ty, d) {
        (_, Dyn::Null) => {}
        (Type::String, Dyn::String(s)) => out.push(Value::String(s.clone())),
        (Type::Int | Type::Long, Dyn::Long(n)) => integer(ty, *n, out),
        (Type::DateTime, Dyn::DateTime(t)) => out.push(Value::DateTime(*t)),
        (Type::TimeSpan, Dyn::TimeSpan(t)) => out.push(Value::TimeSpan(*t)),
        (Type::Guid, Dyn::Guid(g)) => out.push(Value::Guid(*g)),
        _ => return None,
    }
    Some(())
}

fn in_list(mut x: Typed, values: &[Value], inside: bool) -> Expr {
    let texts: Vec<&str> = values
        .iter()
        .filter_map(|v| match v {
            Value::String(s) => Some(s.as_str()),
            _ => None,
        })
        .collect();
    if texts.len() == values.len() {
        x.expr = needle::require(x.expr, &texts);
    }
    let maybe_null = !(x.ty == Type::String && x.form == Form::Canonical);
    let empty_text = values
        .iter()
        .any(|v| matches!(v, Value::String(s) if s.is_empty()));
    let stored: Option<Vec<Expr>> = values
        .iter()
        .filter_map(|v| match v {
            Value::DateTime(t) => match timestamp::exactly(&x.form, *t) {
                Some(Some(e)) => Some(Some(e)),
                Some(None) => None,
                None => Some(None),
            },
            _ => Some(None),
        })
        .collect();
    let (x, list) = match stored {
        Some(list) if x.form != Form::Canonical && x.ty == Type::DateTime => (x.expr, list),
        _ => (
            x.for_kernel(),
            values
                .iter()
                .map(|v| Expr::Literal(scalar(v), None))
                .collect(),
        ),
    };
    if list.is_empty() {
        return bool_lit(!inside);
    }
    let found = Expr::InList(datafusion::logical_expr::expr::InList::new(
        Box::new(x.clone()),
        list,
        !inside,
    ));
    if maybe_null && inside == empty_text {
        found.or(x.is_null())
    } else {
        found
    }
}
