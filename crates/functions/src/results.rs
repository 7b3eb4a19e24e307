//! Results of kernels as arrays.

use crate::adapter::SCALE;
use crate::spec::Result;
use arrow::array::{
    ArrayRef, BinaryViewBuilder, BooleanBuilder, Decimal128Builder, FixedSizeBinaryBuilder,
    Float64Builder, Int32Builder, Int64Builder, StringViewBuilder,
};
use arrow::datatypes::DataType;
use kql_types::dynamic::DynWriter;
use kql_types::{Type, Value};
use std::sync::Arc;

macro_rules! results {
    ($($(#[$doc:meta])* $name:ident, $try_name:ident, $native:ty, $builder:expr;)*) => {$(
        $(#[$doc])*
        pub fn $name(rows: usize, mut f: impl FnMut(usize) -> Option<$native>) -> Result<ArrayRef> {
            $try_name(rows, |row| Ok(f(row)))
        }

        /// The same for a function that can fail.
        ///
        /// # Errors
        /// The first error of the function.
        pub fn $try_name(rows: usize, mut f: impl FnMut(usize) -> Result<Option<$native>>) -> Result<ArrayRef> {
            #[allow(clippy::redundant_closure_call)]
            let mut b = ($builder)(rows);
            for row in 0..rows {
                b.append_option(f(row)?);
            }
            Ok(Arc::new(b.finish()))
        }
    )*};
}

results! {
    /// A bool result, row by row; none is null.
    ///
    /// # Errors
    /// None.
    bool_result, try_bool_result, bool, BooleanBuilder::with_capacity;
    /// An int result, row by row; none is null.
    ///
    /// # Errors
    /// None.
    int_result, try_int_result, i32, Int32Builder::with_capacity;
    /// A long, datetime or timespan result, row by row; none is null.
    ///
    /// # Errors
    /// None.
    long_result, try_long_result, i64, Int64Builder::with_capacity;
    /// A real result, row by row; none is null.
    ///
    /// # Errors
    /// None.
    real_result, try_real_result, f64, Float64Builder::with_capacity;
    /// A decimal result (scaled), row by row; none is null.
    ///
    /// # Errors
    /// None.
    decimal_result, try_decimal_result, i128,
        |n| Decimal128Builder::with_capacity(n).with_data_type(DataType::Decimal128(38, SCALE));
}

/// A string result: the function writes each row's text into an empty buffer.
///
/// # Errors
/// None.
pub fn str_result(rows: usize, mut f: impl FnMut(usize, &mut String)) -> Result<ArrayRef> {
    try_str_result(rows, |row, out| {
        f(row, out);
        Ok(())
    })
}

/// The same for a function that can fail.
///
/// # Errors
/// The first error of the function.
pub fn try_str_result(
    rows: usize,
    mut f: impl FnMut(usize, &mut String) -> Result<()>,
) -> Result<ArrayRef> {
    let mut b = StringViewBuilder::with_capacity(rows);
    let mut text = String::new();
    for row in 0..rows {
        text.clear();
        f(row, &mut text)?;
        b.append_value(&text);
    }
    Ok(Arc::new(b.finish()))
}

/// A string result whose texts exist already (parts of the arguments, constants).
///
/// # Errors
/// None.
pub fn str_ref_result<'t>(rows: usize, mut f: impl FnMut(usize) -> &'t str) -> Result<ArrayRef> {
    let mut b = StringViewBuilder::with_capacity(rows);
    for row in 0..rows {
        b.append_value(f(row));
    }
    Ok(Arc::new(b.finish()))
}

/// A guid result, row by row; none is null.
///
/// # Errors
/// None.
pub fn guid_result(rows: usize, mut f: impl FnMut(usize) -> Option<[u8; 16]>) -> Result<ArrayRef> {
    let mut b = FixedSizeBinaryBuilder::with_capacity(rows, 16);
    for row in 0..rows {
        match f(row) {
            Some(g) => b.append_value(g)?,
            None => b.append_null(),
        }
    }
    Ok(Arc::new(b.finish()))
}

/// A dynamic result: the function writes each row's value into an empty writer; nothing written is null.
///
/// # Errors
/// None.
pub fn dyn_result(rows: usize, mut f: impl FnMut(usize, &mut DynWriter)) -> Result<ArrayRef> {
    try_dyn_result(rows, |row, w| {
        f(row, w);
        Ok(())
    })
}

/// The same for a function that can fail.
///
/// # Errors
/// The first error of the function.
pub fn try_dyn_result(
    rows: usize,
    mut f: impl FnMut(usize, &mut DynWriter) -> Result<()>,
) -> Result<ArrayRef> {
    let mut b = BinaryViewBuilder::with_capacity(rows);
    let mut w = DynWriter::new();
    for row in 0..rows {
        w.clear();
        f(row, &mut w)?;
        if w.bytes.is_empty() || w.bytes == [0] {
            b.append_null();
        } else {
            b.append_value(&w.bytes);
        }
    }
    Ok(Arc::new(b.finish()))
}

/// An array of values of one type, built row by row.
///
/// # Errors
/// A value is not of the type (our fault).
pub fn array_from_values(ty: Type, values: &[Value]) -> Result<ArrayRef> {
    let n = values.len();
    macro_rules! pick {
        ($variant:ident) => {
            |row: usize| match values.get(row) {
                Some(Value::$variant(v)) => Some(v.clone()),
                _ => None,
            }
        };
    }
    match ty {
        Type::Bool => bool_result(n, pick!(Bool)),
        Type::Int => int_result(n, pick!(Int)),
        Type::Long => long_result(n, pick!(Long)),
        Type::Real => real_result(n, pick!(Real)),
        Type::Decimal => decimal_result(n, pick!(Decimal)),
        Type::String => str_result(n, |row, out| {
            if let Some(Value::String(s)) = values.get(row) {
                out.push_str(s);
            }
        }),
        Type::DateTime => long_result(n, pick!(DateTime)),
        Type::TimeSpan => long_result(n, pick!(TimeSpan)),
        Type::Guid => guid_result(n, pick!(Guid)),
        Type::Dynamic => dyn_result(n, |row, w| {
            if let Some(Value::Dynamic(d)) = values.get(row) {
                w.tree(d);
            }
        }),
    }
}

/// An array of one value.
pub fn array_of(value: &Value) -> ArrayRef {
    array_from_values(value.ty(), std::slice::from_ref(value))
        .unwrap_or_else(|_| Arc::new(arrow::array::NullArray::new(1)))
}
