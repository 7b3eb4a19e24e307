//! Types and constants.

use crate::Dyn;

/// Decimals keep this many digits after the point.
pub const DECIMAL_SCALE: u32 = 18;

/// A scalar type of KQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// 32 bits.
    Int,
    /// 64 bits.
    Long,
    /// IEEE double.
    Real,
    /// Exact decimal.
    Decimal,
    /// UTF-8 text, never null.
    String,
    /// Ticks since 0001-01-01.
    DateTime,
    /// Ticks.
    TimeSpan,
    /// Sixteen bytes.
    Guid,
    /// Any JSON value, or a scalar of another type inside one.
    Dynamic,
}

impl Type {
    /// All of them, in the order of the reference.
    pub const ALL: [Type; 10] = [
        Type::Bool,
        Type::Int,
        Type::Long,
        Type::Real,
        Type::Decimal,
        Type::String,
        Type::DateTime,
        Type::TimeSpan,
        Type::Guid,
        Type::Dynamic,
    ];

    /// KQL's name.
    pub fn name(self) -> &'static str {
        match self {
            Type::Bool => "bool",
            Type::Int => "int",
            Type::Long => "long",
            Type::Real => "real",
            Type::Decimal => "decimal",
            Type::String => "string",
            Type::DateTime => "datetime",
            Type::TimeSpan => "timespan",
            Type::Guid => "guid",
            Type::Dynamic => "dynamic",
        }
    }

    /// The .NET name that `getschema` and management commands give.
    pub fn net_name(self) -> &'static str {
        match self {
            Type::Bool => "System.SByte",
            Type::Int => "System.Int32",
            Type::Long => "System.Int64",
            Type::Real => "System.Double",
            Type::Decimal => "System.Data.SqlTypes.SqlDecimal",
            Type::String => "System.String",
            Type::DateTime => "System.DateTime",
            Type::TimeSpan => "System.TimeSpan",
            Type::Guid => "System.Guid",
            Type::Dynamic => "System.Object",
        }
    }

    /// From a name or one of its other spellings (`boolean`, `double`, `date`, `time`, `uuid`, `uniqueid`, `int64`, ...).
    /// Type names are case-sensitive in KQL; schema files are read in lower case by their readers.
    pub fn from_name(name: &str) -> Option<Type> {
        Some(match name {
            "bool" | "boolean" => Type::Bool,
            "int" | "int32" | "uint" | "int8" | "int16" | "uint8" | "uint16" | "uint32" => {
                Type::Int
            }
            "long" | "int64" | "ulong" | "uint64" => Type::Long,
            "real" | "double" | "float" => Type::Real,
            "decimal" => Type::Decimal,
            "string" => Type::String,
            "datetime" | "date" => Type::DateTime,
            "timespan" | "time" => Type::TimeSpan,
            "guid" | "uuid" | "uniqueid" => Type::Guid,
            "dynamic" | "object" => Type::Dynamic,
            _ => return None,
        })
    }

    /// int, long, real, decimal.
    pub fn is_number(self) -> bool {
        matches!(self, Type::Int | Type::Long | Type::Real | Type::Decimal)
    }

    /// int, long.
    pub fn is_integer(self) -> bool {
        matches!(self, Type::Int | Type::Long)
    }

    /// Numbers, datetime, timespan.
    pub fn is_summable(self) -> bool {
        self.is_number() || matches!(self, Type::DateTime | Type::TimeSpan)
    }
}

impl std::fmt::Display for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// A constant with its type.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// No value of the type. Never of [`Type::String`]: that is `String("")`.
    Null(Type),
    /// bool
    Bool(bool),
    /// int
    Int(i32),
    /// long
    Long(i64),
    /// real
    Real(f64),
    /// decimal, scaled by 10^[`DECIMAL_SCALE`]
    Decimal(i128),
    /// string
    String(String),
    /// datetime, ticks since 0001-01-01
    DateTime(i64),
    /// timespan, ticks
    TimeSpan(i64),
    /// guid, in the order of its text
    Guid([u8; 16]),
    /// dynamic; a dynamic null is `Null(Type::Dynamic)` or `Dynamic(Dyn::Null)`
    Dynamic(Dyn),
}

impl Value {
    /// The null of a type; "" for string.
    pub fn null(ty: Type) -> Value {
        if ty == Type::String {
            Value::String(String::new())
        } else {
            Value::Null(ty)
        }
    }

    /// Its type.
    pub fn ty(&self) -> Type {
        match self {
            Value::Null(t) => *t,
            Value::Bool(_) => Type::Bool,
            Value::Int(_) => Type::Int,
            Value::Long(_) => Type::Long,
            Value::Real(_) => Type::Real,
            Value::Decimal(_) => Type::Decimal,
            Value::String(_) => Type::String,
            Value::DateTime(_) => Type::DateTime,
            Value::TimeSpan(_) => Type::TimeSpan,
            Value::Guid(_) => Type::Guid,
            Value::Dynamic(_) => Type::Dynamic,
        }
    }

    /// Whether it is the null of its type.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null(_) | Value::Dynamic(Dyn::Null))
    }

    /// The text of a string constant.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(s) => Some(s),
            Value::Dynamic(Dyn::String(s)) => Some(s),
            _ => None,
        }
    }

    /// The number of an int or long constant (also inside a dynamic).
    pub fn as_long(&self) -> Option<i64> {
        match self {
            Value::Int(n) => Some(i64::from(*n)),
            Value::Long(n) => Some(*n),
            Value::Dynamic(Dyn::Long(n)) => Some(*n),
            _ => None,
        }
    }

    /// The value as it stands inside a dynamic.
    pub fn to_dyn(&self) -> Dyn {
        match self {
            Value::Null(_) => Dyn::Null,
            Value::Bool(b) => Dyn::Bool(*b),
            Value::Int(n) => Dyn::Long(i64::from(*n)),
            Value::Long(n) => Dyn::Long(*n),
            Value::Real(x) => Dyn::Real(*x),
            Value::Decimal(d) => Dyn::Decimal(*d),
            Value::String(s) => Dyn::String(s.clone()),
            Value::DateTime(t) => Dyn::DateTime(*t),
            Value::TimeSpan(t) => Dyn::TimeSpan(*t),
            Value::Guid(g) => Dyn::Guid(*g),
            Value::Dynamic(d) => d.clone(),
        }
    }
}

/// A column of a table: its name as the user sees it and its type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ColumnSchema {
    /// The user's name.
    pub name: String,
    /// The type.
    pub ty: Type,
}

impl ColumnSchema {
    /// A column.
    pub fn new(name: impl Into<String>, ty: Type) -> Self {
        ColumnSchema {
            name: name.into(),
            ty,
        }
    }
}
