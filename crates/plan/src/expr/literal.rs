//! Constants.

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::prelude::Expr;
use kql_functions::adapter::arrow_type;
use kql_types::{DECIMAL_SCALE, Dyn, Type, Value};

const PRECISION: u8 = 38;
#[allow(clippy::cast_possible_truncation)]
const SCALE: i8 = DECIMAL_SCALE as i8;

/// A constant in canonical form.
pub(crate) fn scalar(value: &Value) -> ScalarValue {
    match value {
        Value::Null(ty) => null(*ty),
        Value::Bool(b) => ScalarValue::Boolean(Some(*b)),
        Value::Int(n) => ScalarValue::Int32(Some(*n)),
        Value::Long(n) | Value::DateTime(n) | Value::TimeSpan(n) => ScalarValue::Int64(Some(*n)),
        Value::Real(x) => ScalarValue::Float64(Some(*x)),
        Value::Decimal(d) => ScalarValue::Decimal128(Some(*d), PRECISION, SCALE),
        Value::String(s) => ScalarValue::Utf8View(Some(s.clone())),
        Value::Guid(g) => ScalarValue::FixedSizeBinary(16, Some(g.to_vec())),
        Value::Dynamic(Dyn::Null) => ScalarValue::BinaryView(None),
        Value::Dynamic(d) => ScalarValue::BinaryView(Some(d.to_bytes())),
    }
}

/// The null of a type in canonical form; "" for string.
pub(crate) fn null(ty: Type) -> ScalarValue {
    match arrow_type(ty) {
        DataType::Boolean => ScalarValue::Boolean(None),
        DataType::Int32 => ScalarValue::Int32(None),
        DataType::Int64 => ScalarValue::Int64(None),
        DataType::Float64 => ScalarValue::Float64(None),
        DataType::Decimal128(..) => ScalarValue::Decimal128(None, PRECISION, SCALE),
        DataType::FixedSizeBinary(n) => ScalarValue::FixedSizeBinary(n, None),
        DataType::BinaryView => ScalarValue::BinaryView(None),
        _ => ScalarValue::Utf8View(Some(String::new())),
    }
}

/// A constant expression.
pub(crate) fn lit(value: &Value) -> Expr {
    Expr::Literal(scalar(value), None)
}

/// `true` or `false`.
pub(crate) fn bool_lit(b: bool) -> Expr {
    Expr::Literal(ScalarValue::Boolean(Some(b)), None)
}
