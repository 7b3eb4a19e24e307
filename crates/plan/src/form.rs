//! How a column is stored inside a plan.
//!
//! Every KQL type has one canonical Arrow type ([`kql_functions::adapter::arrow_type`]), and kernels know no other. But a
//! column that comes from a file keeps its stored form as long as nobody needs its value: a comparison of a stored
//! timestamp with a constant is made in the file's own unit, so that row groups and pages are pruned; a JSON text stays
//! text until a path picks something out of it; and a string column may hold nulls (which mean "") until the value is
//! grouped, compared with another column or shown. Wrapping the scan in conversions would hide the columns from pruning.

use arrow::datatypes::{DataType, TimeUnit};
use kql_functions::adapter::arrow_type;
use kql_types::Type;

/// The stored form of a column of some KQL type.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Form {
    /// The canonical Arrow type; a string has no nulls.
    Canonical,
    /// A string that may hold nulls, which mean "".
    Texts,
    /// A dynamic as JSON text.
    Json,
    /// Any other Arrow type, as the file has it (timestamps of a unit, dates, nested types for dynamic).
    Stored(DataType),
}

impl Form {
    /// The form in which a stored column comes into the plan. Types that differ from the canonical one only in width are
    /// cast at the scan (DataFusion sees through such casts when it prunes).
    pub(crate) fn of(ty: Type, stored: &DataType) -> Form {
        match (ty, stored) {
            (Type::String, DataType::Utf8View | DataType::Utf8 | DataType::LargeUtf8) => {
                Form::Texts
            }
            (Type::String, DataType::Dictionary(_, v)) if is_text(v) => Form::Texts,
            (Type::Dynamic, t) if is_text(t) => Form::Json,
            (Type::Dynamic, DataType::Dictionary(_, v)) if is_text(v) => Form::Json,
            (ty, stored) if *stored == arrow_type(ty) => Form::Canonical,
            (Type::Int | Type::Long, t) if t.is_integer() => Form::Canonical,
            (Type::Real, t) if t.is_numeric() => Form::Canonical,
            (_, stored) => Form::Stored(stored.clone()),
        }
    }

    /// The Arrow type of a column of this form.
    pub fn arrow(&self, ty: Type) -> DataType {
        match self {
            Form::Canonical | Form::Texts => arrow_type(ty),
            Form::Json => DataType::Utf8View,
            Form::Stored(t) => t.clone(),
        }
    }

    /// Whether two values are equal as KQL values exactly when their stored forms are: then grouping, joining and
    /// comparing may work on the stored form. (Nanoseconds are finer than ticks.)
    pub(crate) fn is_exact(&self) -> bool {
        match self {
            Form::Canonical => true,
            Form::Stored(DataType::Timestamp(unit, _)) => *unit != TimeUnit::Nanosecond,
            Form::Stored(DataType::Date32) => true,
            Form::Texts | Form::Json | Form::Stored(_) => false,
        }
    }

    /// Whether stored values sort as KQL values do.
    pub(crate) fn is_ordered(&self, ty: Type) -> bool {
        match self {
            Form::Canonical => ty != Type::Dynamic,
            Form::Stored(DataType::Timestamp(..) | DataType::Date32) => true,
            Form::Texts | Form::Json | Form::Stored(_) => false,
        }
    }
}

/// Whether an Arrow type is text.
pub(crate) fn is_text(t: &DataType) -> bool {
    matches!(t, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}
