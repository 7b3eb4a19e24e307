//! Values in the form in which `in` compares them: each element of the list is converted to the type on the left.

use crate::strings::texts;
use kql_types::{DECIMAL_SCALE, DynRef, Type, text};

/// A value that can be looked up. Numbers that are equal have one form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// bool
    Bool(bool),
    /// A whole number.
    Long(i64),
    /// Any other number, by its bits.
    Real(u64),
    /// A decimal that is no long.
    Decimal(i128),
    /// Ticks of a datetime.
    DateTime(i64),
    /// Ticks of a timespan.
    TimeSpan(i64),
    /// guid
    Guid([u8; 16]),
    /// Text
    Text(Box<str>),
    /// The bytes of an array or a bag.
    Tree(Box<[u8]>),
}

fn number(x: f64) -> Option<Key> {
    if x.is_nan() {
        return None;
    }
    let whole = whole(x);
    Some(whole.map_or_else(|| Key::Real((x + 0.0).to_bits()), Key::Long))
}

/// The long that a real is.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
fn whole(x: f64) -> Option<i64> {
    // Within these bounds the cast is exact.
    (x.fract() == 0.0 && (-9.2e18..=9.2e18).contains(&x)).then_some(x as i64)
}

fn decimal(d: i128) -> Key {
    let unit = 10i128.pow(DECIMAL_SCALE);
    match i64::try_from(d / unit) {
        Ok(n) if d % unit == 0 => Key::Long(n),
        _ => Key::Decimal(d),
    }
}

/// A value as it stands; none for null and for what equals nothing.
pub fn plain(value: DynRef<'_>) -> Option<Key> {
    Some(match value {
        DynRef::Null => return None,
        DynRef::Bool(b) => Key::Bool(b),
        DynRef::Long(n) => Key::Long(n),
        DynRef::Real(x) => return number(x),
        DynRef::Decimal(d) => decimal(d),
        DynRef::String(s) => Key::Text(s.into()),
        DynRef::DateTime(t) => Key::DateTime(t),
        DynRef::TimeSpan(t) => Key::TimeSpan(t),
        DynRef::Guid(g) => Key::Guid(g),
        DynRef::Array(_) | DynRef::Bag(_) => Key::Tree(value.bytes().into()),
    })
}

/// An element converted to the type on the left; none when it cannot equal any value of that type.
pub fn converted(ty: Type, element: DynRef<'_>) -> Option<Key> {
    if element.is_null() {
        return None;
    }
    let written = |v: DynRef<'_>| {
        let mut out = String::new();
        texts::write_dynamic(v, &mut out);
        Key::Text(out.into_boxed_str())
    };
    match (ty, element) {
        (Type::String, DynRef::Array(_) | DynRef::Bag(_)) => None,
        (Type::String, v) => Some(written(v)),
        (Type::Dynamic, v) => plain(v),
        (_, DynRef::String(s)) => from_text(ty, s),
        (Type::Bool, DynRef::Bool(b)) => Some(Key::Bool(b)),
        (Type::Bool, v) => match plain(v) {
            Some(Key::Long(n @ (0 | 1))) => Some(Key::Bool(n == 1)),
            _ => None,
        },
        (Type::Real, DynRef::Decimal(d)) => real_of_decimal(d),
        (Type::Int | Type::Long | Type::Real | Type::Decimal, DynRef::Bool(b)) => {
            Some(Key::Long(i64::from(b)))
        }
        (Type::Int | Type::Long | Type::Real | Type::Decimal, v) => {
            plain(v).filter(|k| matches!(k, Key::Long(_) | Key::Real(_) | Key::Decimal(_)))
        }
        (Type::DateTime, v) => plain(v).filter(|k| matches!(k, Key::DateTime(_))),
        (Type::TimeSpan, v) => plain(v).filter(|k| matches!(k, Key::TimeSpan(_))),
        (Type::Guid, v) => plain(v).filter(|k| matches!(k, Key::Guid(_))),
    }
}

#[allow(clippy::cast_precision_loss)]
fn real_of_decimal(d: i128) -> Option<Key> {
    match decimal(d) {
        Key::Decimal(d) => number(d as f64 / 1e18),
        key => Some(key),
    }
}

fn from_text(ty: Type, s: &str) -> Option<Key> {
    let s = s.trim();
    match ty {
        Type::Bool => match s.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(Key::Bool(true)),
            "false" | "0" => Some(Key::Bool(false)),
            _ => None,
        },
        Type::Int | Type::Long => s.parse().ok().map(Key::Long),
        Type::Real => match s.parse::<i64>() {
            Ok(n) => Some(Key::Long(n)),
            Err(_) => s.parse().ok().and_then(number),
        },
        Type::Decimal => text::parse_decimal(s).map(decimal),
        Type::DateTime => text::parse_datetime(s).map(Key::DateTime),
        Type::TimeSpan => text::parse_timespan(s).map(Key::TimeSpan),
        Type::Guid => text::parse_guid(s).map(Key::Guid),
        Type::String | Type::Dynamic => None,
    }
}
