//! Arguments and results of kernels: scalars and columns alike, nulls, slices.

pub use crate::results::*;

use crate::spec::{KernelError, Result};
use arrow::array::{
    Array, ArrayRef, BinaryViewArray, BooleanArray, Decimal128Array, FixedSizeBinaryArray,
    Float64Array, Int32Array, Int64Array, StringViewArray,
};
use arrow::datatypes::DataType;
use kql_types::{DECIMAL_SCALE, DynRef, Type, Value};

/// The Arrow type of a KQL type inside the engine.
pub fn arrow_type(ty: Type) -> DataType {
    match ty {
        Type::Bool => DataType::Boolean,
        Type::Int => DataType::Int32,
        Type::Long | Type::DateTime | Type::TimeSpan => DataType::Int64,
        Type::Real => DataType::Float64,
        Type::Decimal => DataType::Decimal128(38, SCALE),
        Type::String => DataType::Utf8View,
        Type::Guid => DataType::FixedSizeBinary(16),
        Type::Dynamic => DataType::BinaryView,
    }
}

#[allow(clippy::cast_possible_truncation)]
pub(crate) const SCALE: i8 = DECIMAL_SCALE as i8;

/// One argument: an array of `rows` values, or a constant as an array of one.
#[derive(Debug, Clone)]
pub struct Column {
    /// The values.
    pub array: ArrayRef,
    /// Whether the one value stands for every row.
    pub constant: bool,
    /// The KQL type.
    pub ty: Type,
}

/// The arguments of one call over one batch.
#[derive(Debug)]
pub struct Args<'a> {
    /// In order.
    pub columns: &'a [Column],
    /// How many rows the result has.
    pub rows: usize,
    /// The type of the result.
    pub returns: Type,
}

/// A typed argument. `get` is the value or none for null; `value` has a default in place of null.
#[derive(Debug)]
pub struct Typed<'a, A> {
    array: &'a A,
    /// 0 for a constant, 1 for a column.
    stride: usize,
}

impl<A> Clone for Typed<'_, A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Copy for Typed<'_, A> {}

impl<'a, A: Array> Typed<'a, A> {
    #[inline]
    fn index(&self, row: usize) -> usize {
        row * self.stride
    }

    /// Whether the row is null.
    #[inline]
    pub fn is_null(&self, row: usize) -> bool {
        self.array.is_null(self.index(row))
    }

    /// Whether one value stands for every row.
    pub fn is_constant(&self) -> bool {
        self.stride == 0
    }

    /// The array itself (of one value when constant).
    pub fn array(&self) -> &'a A {
        self.array
    }
}

macro_rules! typed {
    ($($(#[$doc:meta])* $name:ident, $array:ty, $native:ty;)*) => {$(
        $(#[$doc])*
        pub type $name<'a> = Typed<'a, $array>;
        impl<'a> Typed<'a, $array> {
            /// The value, or none for null.
            #[inline]
            pub fn get(&self, row: usize) -> Option<$native> {
                let i = self.index(row);
                if self.array.is_null(i) { None } else { Some(self.array.value(i)) }
            }

            /// The value; a null's is the type's default.
            #[inline]
            pub fn value(&self, row: usize) -> $native {
                self.get(row).unwrap_or_default()
            }
        }
    )*};
}

typed! {
    /// bool
    Bools, BooleanArray, bool;
    /// int
    Ints, Int32Array, i32;
    /// long, datetime, timespan
    Longs, Int64Array, i64;
    /// real
    Reals, Float64Array, f64;
    /// decimal, scaled
    Decimals, Decimal128Array, i128;
}

/// string: a null counts as "".
pub type Strs<'a> = Typed<'a, StringViewArray>;
impl<'a> Typed<'a, StringViewArray> {
    /// The text, "" for null.
    #[inline]
    pub fn get(&self, row: usize) -> &'a str {
        let i = self.index(row);
        if self.array.is_null(i) {
            ""
        } else {
            self.array.value(i)
        }
    }

    /// The view's 16 bytes, 0 for null: equal views of one array are equal texts (unequal views may be equal texts too).
    #[inline]
    pub fn view(&self, row: usize) -> u128 {
        let i = self.index(row);
        if self.array.is_null(i) {
            0
        } else {
            self.array.views().get(i).copied().unwrap_or_default()
        }
    }

    /// The text when it is constant.
    pub fn constant(&self) -> Option<&'a str> {
        self.is_constant().then(|| self.get(0))
    }
}

/// guid
pub type Guids<'a> = Typed<'a, FixedSizeBinaryArray>;
impl<'a> Typed<'a, FixedSizeBinaryArray> {
    /// The value, or none for null.
    pub fn get(&self, row: usize) -> Option<[u8; 16]> {
        let i = self.index(row);
        if self.array.is_null(i) {
            None
        } else {
            self.array.value(i).try_into().ok()
        }
    }
}

/// dynamic: a null is `DynRef::Null`.
pub type Dyns<'a> = Typed<'a, BinaryViewArray>;
impl<'a> Typed<'a, BinaryViewArray> {
    /// The value.
    #[inline]
    pub fn get(&self, row: usize) -> DynRef<'a> {
        DynRef::new(self.raw(row))
    }

    /// The data buffer that the value stands in and where it begins there; none when the view itself holds it.
    pub fn buffer_of(&self, row: usize) -> Option<(usize, usize)> {
        let view = *self.array.views().get(self.index(row))?;
        let view = arrow::array::ByteView::from(view);
        (view.length > 12).then_some((view.buffer_index as usize, view.offset as usize))
    }

    /// The value's bytes; none for null.
    #[inline]
    pub fn raw(&self, row: usize) -> &'a [u8] {
        let i = self.index(row);
        if self.array.is_null(i) {
            &[]
        } else {
            self.array.value(i)
        }
    }
}

/// An argument of any type, read as a dynamic value.
#[derive(Debug, Clone, Copy)]
pub enum Any<'a> {
    /// bool
    Bool(Bools<'a>),
    /// int
    Int(Ints<'a>),
    /// long
    Long(Longs<'a>),
    /// real
    Real(Reals<'a>),
    /// decimal
    Decimal(Decimals<'a>),
    /// string
    String(Strs<'a>),
    /// datetime
    DateTime(Longs<'a>),
    /// timespan
    TimeSpan(Longs<'a>),
    /// guid
    Guid(Guids<'a>),
    /// dynamic
    Dynamic(Dyns<'a>),
}

impl<'a> Any<'a> {
    /// The value; null is `DynRef::Null`, int is `DynRef::Long`.
    pub fn get(&self, row: usize) -> DynRef<'a> {
        match self {
            Any::Bool(c) => c.get(row).map_or(DynRef::Null, DynRef::Bool),
            Any::Int(c) => c
                .get(row)
                .map_or(DynRef::Null, |n| DynRef::Long(i64::from(n))),
            Any::Long(c) => c.get(row).map_or(DynRef::Null, DynRef::Long),
            Any::Real(c) => c.get(row).map_or(DynRef::Null, DynRef::Real),
            Any::Decimal(c) => c.get(row).map_or(DynRef::Null, DynRef::Decimal),
            Any::String(c) => DynRef::String(c.get(row)),
            Any::DateTime(c) => c.get(row).map_or(DynRef::Null, DynRef::DateTime),
            Any::TimeSpan(c) => c.get(row).map_or(DynRef::Null, DynRef::TimeSpan),
            Any::Guid(c) => c.get(row).map_or(DynRef::Null, DynRef::Guid),
            Any::Dynamic(c) => c.get(row),
        }
    }

    /// The value as a constant of its KQL type.
    pub fn to_value(&self, row: usize) -> Value {
        match self {
            Any::Bool(c) => c.get(row).map_or(Value::Null(Type::Bool), Value::Bool),
            Any::Int(c) => c.get(row).map_or(Value::Null(Type::Int), Value::Int),
            Any::Long(c) => c.get(row).map_or(Value::Null(Type::Long), Value::Long),
            Any::Real(c) => c.get(row).map_or(Value::Null(Type::Real), Value::Real),
            Any::Decimal(c) => c
                .get(row)
                .map_or(Value::Null(Type::Decimal), Value::Decimal),
            Any::String(c) => Value::String(c.get(row).to_owned()),
            Any::DateTime(c) => c
                .get(row)
                .map_or(Value::Null(Type::DateTime), Value::DateTime),
            Any::TimeSpan(c) => c
                .get(row)
                .map_or(Value::Null(Type::TimeSpan), Value::TimeSpan),
            Any::Guid(c) => c.get(row).map_or(Value::Null(Type::Guid), Value::Guid),
            Any::Dynamic(c) => match c.get(row) {
                DynRef::Null => Value::Null(Type::Dynamic),
                d => Value::Dynamic(d.to_dyn()),
            },
        }
    }
}

fn downcast<'a, A: Array + 'static>(column: &'a Column, want: &str) -> Result<Typed<'a, A>> {
    let array = column.array.as_any().downcast_ref::<A>().ok_or_else(|| {
        KernelError::new(format!(
            "internal: argument of type {} is not stored as {want}",
            column.ty
        ))
    })?;
    Ok(Typed {
        array,
        stride: usize::from(!column.constant),
    })
}

impl Column {
    /// A column from any array of its type.
    pub fn new(array: ArrayRef, ty: Type) -> Self {
        Column {
            array,
            constant: false,
            ty,
        }
    }

    /// A constant.
    pub fn constant(value: &Value) -> Self {
        Column {
            array: array_of(value),
            constant: true,
            ty: value.ty(),
        }
    }

    /// The values whatever their type.
    ///
    /// # Errors
    /// The array is not of the column's type (our fault).
    pub fn any(&self) -> Result<Any<'_>> {
        Ok(match self.ty {
            Type::Bool => Any::Bool(downcast(self, "Boolean")?),
            Type::Int => Any::Int(downcast(self, "Int32")?),
            Type::Long => Any::Long(downcast(self, "Int64")?),
            Type::Real => Any::Real(downcast(self, "Float64")?),
            Type::Decimal => Any::Decimal(downcast(self, "Decimal128")?),
            Type::String => Any::String(downcast(self, "Utf8View")?),
            Type::DateTime => Any::DateTime(downcast(self, "Int64")?),
            Type::TimeSpan => Any::TimeSpan(downcast(self, "Int64")?),
            Type::Guid => Any::Guid(downcast(self, "FixedSizeBinary")?),
            Type::Dynamic => Any::Dynamic(downcast(self, "BinaryView")?),
        })
    }
}

#[allow(clippy::missing_errors_doc)]
impl<'a> Args<'a> {
    /// How many arguments.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    fn column(&self, i: usize) -> Result<&'a Column> {
        self.columns
            .get(i)
            .ok_or_else(|| KernelError::new(format!("internal: argument {i} is missing")))
    }

    /// The KQL type of an argument.
    pub fn ty(&self, i: usize) -> Type {
        self.columns.get(i).map_or(Type::Dynamic, |c| c.ty)
    }

    /// A bool argument.
    pub fn bool(&self, i: usize) -> Result<Bools<'a>> {
        downcast(self.column(i)?, "Boolean")
    }

    /// An int argument.
    pub fn int(&self, i: usize) -> Result<Ints<'a>> {
        downcast(self.column(i)?, "Int32")
    }

    /// A long, datetime or timespan argument.
    pub fn long(&self, i: usize) -> Result<Longs<'a>> {
        downcast(self.column(i)?, "Int64")
    }

    /// A real argument.
    pub fn real(&self, i: usize) -> Result<Reals<'a>> {
        downcast(self.column(i)?, "Float64")
    }

    /// A decimal argument.
    pub fn decimal(&self, i: usize) -> Result<Decimals<'a>> {
        downcast(self.column(i)?, "Decimal128")
    }

    /// A string argument.
    pub fn str(&self, i: usize) -> Result<Strs<'a>> {
        downcast(self.column(i)?, "Utf8View")
    }

    /// A guid argument.
    pub fn guid(&self, i: usize) -> Result<Guids<'a>> {
        downcast(self.column(i)?, "FixedSizeBinary")
    }

    /// A dynamic argument.
    pub fn dynamic(&self, i: usize) -> Result<Dyns<'a>> {
        downcast(self.column(i)?, "BinaryView")
    }

    /// An argument of any type.
    pub fn any(&self, i: usize) -> Result<Any<'a>> {
        self.column(i)?.any()
    }

    /// An integer argument, int or long.
    pub fn integer(&self, i: usize) -> Result<Box<dyn Fn(usize) -> Option<i64> + 'a>> {
        Ok(match self.ty(i) {
            Type::Int => {
                let c = self.int(i)?;
                Box::new(move |r| c.get(r).map(i64::from))
            }
            _ => {
                let c = self.long(i)?;
                Box::new(move |r| c.get(r))
            }
        })
    }
}
