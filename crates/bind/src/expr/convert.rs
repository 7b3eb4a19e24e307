//! Conversions that KQL makes without being asked, written out as casts.

use crate::binder::Binder;
use crate::plan::{Expr, ExprKind};
use kql_types::{DECIMAL_SCALE, Dyn, Type, Value};

/// The wider of two number types; none when one is no number.
pub fn wider(a: Type, b: Type) -> Option<Type> {
    let rank = |t: Type| match t {
        Type::Int => Some(0),
        Type::Long => Some(1),
        Type::Real => Some(2),
        Type::Decimal => Some(3),
        _ => None,
    };
    Some(if rank(a)? >= rank(b)? { a } else { b })
}

/// The type that values of both types have in common, for `case`, `coalesce` and the like; none when there is none.
/// A dynamic gives way to the other type when `dynamic_gives_way`.
pub fn common(a: Type, b: Type, dynamic_gives_way: bool) -> Option<Type> {
    if a == b {
        return Some(a);
    }
    if a == Type::Dynamic || b == Type::Dynamic {
        let other = if a == Type::Dynamic { b } else { a };
        return Some(if dynamic_gives_way {
            other
        } else {
            Type::Dynamic
        });
    }
    // int gives way to long; other numbers are kept apart, as the engine keeps them.
    match (a, b) {
        (Type::Int, Type::Long) | (Type::Long, Type::Int) => Some(Type::Long),
        _ => None,
    }
}

/// Whether values of a type can be had as another one where a query did not ask for it: of any type as text or dynamic, of text
/// and dynamic as any type, and of numbers and bools as each other.
pub fn convertible(from: Type, to: Type) -> bool {
    let number = |t: Type| t.is_number() || t == Type::Bool;
    matches!(to, Type::String | Type::Dynamic)
        || matches!(from, Type::String | Type::Dynamic)
        || number(from) && number(to)
}

impl Binder<'_> {
    /// The expression as another type, as `to<type>` converts; constants are converted now.
    pub fn cast(&self, e: Expr, to: Type) -> Expr {
        if e.ty == to {
            return e;
        }
        if let ExprKind::Literal(v) = &e.kind
            && let Some(v) = self.cast_value(v, to)
        {
            return Expr::literal(v, e.span);
        }
        let span = e.span;
        Expr {
            kind: ExprKind::Cast(Box::new(e)),
            ty: to,
            span,
        }
    }

    /// A constant as another type; none when that must wait for the engine.
    pub fn cast_value(&self, v: &Value, to: Type) -> Option<Value> {
        if v.ty() == to {
            return Some(v.clone());
        }
        if v.is_null() {
            return Some(Value::null(to));
        }
        #[allow(clippy::cast_precision_loss)]
        let simple = match (v, to) {
            (Value::Int(n), Type::Long) => Some(Value::Long(i64::from(*n))),
            (Value::Int(n), Type::Real) => Some(Value::Real(f64::from(*n))),
            (Value::Long(n), Type::Real) => Some(Value::Real(*n as f64)),
            (Value::Long(n), Type::Int) => {
                Some(i32::try_from(*n).map_or(Value::Null(Type::Int), Value::Int))
            }
            (Value::Int(n), Type::Decimal) => {
                Some(Value::Decimal(i128::from(*n) * 10i128.pow(DECIMAL_SCALE)))
            }
            (Value::Long(n), Type::Decimal) => {
                Some(Value::Decimal(i128::from(*n) * 10i128.pow(DECIMAL_SCALE)))
            }
            (Value::Bool(b), Type::Long) => Some(Value::Long(i64::from(*b))),
            (Value::Bool(b), Type::Int) => Some(Value::Int(i32::from(*b))),
            (Value::Long(n), Type::Bool) => Some(Value::Bool(*n != 0)),
            (Value::Int(n), Type::Bool) => Some(Value::Bool(*n != 0)),
            (Value::Dynamic(Dyn::String(s)), Type::String) => Some(Value::String(s.clone())),
            (Value::Dynamic(Dyn::Long(n)), Type::Long) => Some(Value::Long(*n)),
            (Value::Dynamic(Dyn::Bool(b)), Type::Bool) => Some(Value::Bool(*b)),
            (v, Type::Dynamic) => Some(Value::Dynamic(v.to_dyn())),
            _ => None,
        };
        simple.or_else(|| {
            self.catalog
                .fold(cast_function(to), std::slice::from_ref(v), to)
                .ok()
                .flatten()
        })
    }
}

/// The function that converts to a type.
pub fn cast_function(to: Type) -> &'static str {
    match to {
        Type::Bool => "tobool",
        Type::Int => "toint",
        Type::Long => "tolong",
        Type::Real => "toreal",
        Type::Decimal => "todecimal",
        Type::String => "tostring",
        Type::DateTime => "todatetime",
        Type::TimeSpan => "totimespan",
        Type::Guid => "toguid",
        Type::Dynamic => "todynamic",
    }
}
