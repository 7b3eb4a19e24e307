//! From stored forms to canonical values.

use crate::expr::udf::{Argument, Run, Udf};
use crate::form::Form;
use arrow::array::{
    Array, ArrayRef, AsArray, BinaryViewBuilder, Date32Array, FixedSizeBinaryBuilder, Int64Array,
    StringViewArray,
};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, DurationMicrosecondType, DurationMillisecondType, DurationNanosecondType,
    DurationSecondType, Int64Type, Time32MillisecondType, Time32SecondType, Time64MicrosecondType,
    Time64NanosecondType, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType,
};
use datafusion::common::Result;
use datafusion::prelude::Expr;
use kql_functions::adapter::arrow_type;
use kql_types::Type;
use kql_types::dynamic::DynWriter;
use std::sync::Arc;

/// Ticks from 0001-01-01 to 1970-01-01.
pub(crate) const EPOCH: i64 = 621_355_968_000_000_000;
/// The last tick of the year 9999.
pub(crate) const LAST: i64 = 3_155_378_975_999_999_999;

/// The canonical value of an expression of a stored form. A string stays as it is when it cannot be null.
pub(crate) fn canonical(expr: Expr, form: &Form, ty: Type) -> Expr {
    match form {
        Form::Canonical => expr,
        form => {
            let from = form.arrow(ty);
            Udf::pure(
                "value",
                format!("{from}->{ty}"),
                arrow_type(ty),
                Arc::new(Convert {
                    form: form.clone(),
                    ty,
                }),
            )
            .call(vec![expr])
        }
    }
}

struct Convert {
    form: Form,
    ty: Type,
}

impl Run for Convert {
    fn run(&self, args: &[Argument], _rows: usize) -> Result<ArrayRef> {
        let Some(arg) = args.first() else {
            return Ok(arrow::array::new_empty_array(&arrow_type(self.ty)));
        };
        to_canonical(&arg.array, &self.form, self.ty)
    }
}

/// The canonical array of a stored one.
///
/// # Errors
/// The array is of a type that the form does not say (our fault), or of one that has no reading as the KQL type.
pub fn to_canonical(array: &ArrayRef, form: &Form, ty: Type) -> Result<ArrayRef> {
    match form {
        Form::Canonical => Ok(Arc::clone(array)),
        Form::Texts => texts(array),
        Form::Json => json(array),
        Form::Stored(_) => match ty {
            Type::DateTime => datetime(array),
            Type::TimeSpan => timespan(array),
            Type::Guid => guid(array),
            Type::Dynamic => nested(array),
            // A value outside the type's range is null, as a failed conversion is.
            _ => Ok(cast(array, &arrow_type(ty))?),
        },
    }
}

/// Nulls become "".
fn texts(array: &ArrayRef) -> Result<ArrayRef> {
    if array.null_count() == 0 {
        return Ok(Arc::clone(array));
    }
    let Some(a) = array.as_string_view_opt() else {
        return texts(&cast(array, &DataType::Utf8View)?);
    };
    // A view of all zeros is the empty text.
    let nulls = a.nulls().cloned();
    let views: Vec<u128> = a
        .views()
        .iter()
        .enumerate()
        .map(|(i, v)| {
            if nulls.as_ref().is_some_and(|n| n.is_null(i)) {
                0
            } else {
                *v
            }
        })
        .collect();
    Ok(Arc::new(StringViewArray::try_new(
        views.into(),
        a.data_buffers().to_vec(),
        None,
    )?))
}

fn json(array: &ArrayRef) -> Result<ArrayRef> {
    let a = cast(array, &DataType::Utf8View)?;
    let a: &StringViewArray = a.as_string_view();
    let mut b = BinaryViewBuilder::with_capacity(a.len());
    let mut w = DynWriter::new();
    for i in 0..a.len() {
        w.clear();
        if a.is_valid(i) {
            // An empty cell of a file is no value.
            let text = a.value(i);
            if !text.is_empty() {
                w.json_or_string(text);
            }
        }
        if w.bytes.is_empty() || w.bytes == [0] {
            b.append_null();
        } else {
            b.append_value(&w.bytes);
        }
    }
    Ok(Arc::new(b.finish()))
}

fn ticks_since_epoch(array: &Int64Array, scale: i64, divide: bool) -> ArrayRef {
    let out: Int64Array = array.unary_opt(|v| {
        let ticks = if divide {
            Some(v.div_euclid(scale))
        } else {
            v.checked_mul(scale)
        };
        ticks
            .and_then(|t| t.checked_add(EPOCH))
            .filter(|t| (0..=LAST).contains(t))
    });
    Arc::new(out)
}

fn datetime(array: &ArrayRef) -> Result<ArrayRef> {
    let raw = |a: &ArrayRef| -> Int64Array {
        match a.data_type() {
            DataType::Timestamp(TimeUnit::Second, _) => a
                .as_primitive::<TimestampSecondType>()
                .reinterpret_cast::<Int64Type>(),
            DataType::Timestamp(TimeUnit::Millisecond, _) => a
                .as_primitive::<TimestampMillisecondType>()
                .reinterpret_cast::<Int64Type>(),
            DataType::Timestamp(TimeUnit::Microsecond, _) => a
                .as_primitive::<TimestampMicrosecondType>()
                .reinterpret_cast::<Int64Type>(),
            _ => a
                .as_primitive::<TimestampNanosecondType>()
                .reinterpret_cast::<Int64Type>(),
        }
    };
    Ok(match array.data_type() {
        DataType::Timestamp(unit, _) => match unit {
            TimeUnit::Second => ticks_since_epoch(&raw(array), 10_000_000, false),
            TimeUnit::Millisecond => ticks_since_epoch(&raw(array), 10_000, false),
            TimeUnit::Microsecond => ticks_since_epoch(&raw(array), 10, false),
            TimeUnit::Nanosecond => ticks_since_epoch(&raw(array), 100, true),
        },
        DataType::Date32 => {
            let days = array.as_primitive::<arrow::datatypes::Date32Type>();
            let days: &Date32Array = days;
            let out: Int64Array = days.unary_opt(|d| {
                i64::from(d)
                    .checked_mul(864_000_000_000)
                    .and_then(|t| t.checked_add(EPOCH))
                    .filter(|t| (0..=LAST).contains(t))
            });
            Arc::new(out)
        }
        DataType::Date64 => datetime(&cast(
            array,
            &DataType::Timestamp(TimeUnit::Millisecond, None),
        )?)?,
        _ => cast(array, &DataType::Int64)?,
    })
}

fn timespan(array: &ArrayRef) -> Result<ArrayRef> {
    macro_rules! scaled {
        ($t:ty, $mul:expr, $div:expr) => {{
            let out: Int64Array = array
                .as_primitive::<$t>()
                .unary_opt(|v| i64::from(v).checked_mul($mul).map(|v| v.div_euclid($div)));
            Arc::new(out) as ArrayRef
        }};
    }
    Ok(match array.data_type() {
        DataType::Duration(TimeUnit::Second) => scaled!(DurationSecondType, 10_000_000, 1),
        DataType::Duration(TimeUnit::Millisecond) => scaled!(DurationMillisecondType, 10_000, 1),
        DataType::Duration(TimeUnit::Microsecond) => scaled!(DurationMicrosecondType, 10, 1),
        DataType::Duration(TimeUnit::Nanosecond) => scaled!(DurationNanosecondType, 1, 100),
        DataType::Time32(TimeUnit::Second) => scaled!(Time32SecondType, 10_000_000, 1),
        DataType::Time32(_) => scaled!(Time32MillisecondType, 10_000, 1),
        DataType::Time64(TimeUnit::Microsecond) => scaled!(Time64MicrosecondType, 10, 1),
        DataType::Time64(_) => scaled!(Time64NanosecondType, 1, 100),
        _ => cast(array, &DataType::Int64)?,
    })
}

/// Sixteen bytes, or the text with hyphens.
fn guid(array: &ArrayRef) -> Result<ArrayRef> {
    if !matches!(
        array.data_type(),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Dictionary(..)
    ) {
        return Ok(cast(array, &arrow_type(Type::Guid))?);
    }
    let text = cast(array, &DataType::Utf8View)?;
    let text: &StringViewArray = text.as_string_view();
    let mut b = FixedSizeBinaryBuilder::with_capacity(text.len(), 16);
    for i in 0..text.len() {
        match text
            .is_valid(i)
            .then(|| parse_guid(text.value(i)))
            .flatten()
        {
            Some(g) => b.append_value(g)?,
            None => b.append_null(),
        }
    }
    Ok(Arc::new(b.finish()))
}

fn parse_guid(text: &str) -> Option<[u8; 16]> {
    let text = text.trim().trim_start_matches('{').trim_end_matches('}');
    let mut out = [0u8; 16];
    let mut n = 0;
    for c in text.chars().filter(|c| *c != '-') {
        let d = u8::try_from(c.to_digit(16)?).ok()?;
        let place = out.get_mut(n / 2)?;
        *place = (*place << 4) | d;
        n += 1;
    }
    (n == 32).then_some(out)
}

/// Structs, lists and maps as dynamic values.
fn nested(array: &ArrayRef) -> Result<ArrayRef> {
    let mut b = BinaryViewBuilder::with_capacity(array.len());
    let mut w = DynWriter::new();
    for i in 0..array.len() {
        w.clear();
        write_value(array, i, &mut w)?;
        if w.bytes == [0] {
            b.append_null();
        } else {
            b.append_value(&w.bytes);
        }
    }
    Ok(Arc::new(b.finish()))
}

fn write_value(array: &ArrayRef, row: usize, w: &mut DynWriter) -> Result<()> {
    if array.is_null(row) {
        w.null();
        return Ok(());
    }
    match array.data_type() {
        DataType::Struct(fields) => {
            let s = array.as_struct();
            w.begin_bag();
            for (field, column) in fields.iter().zip(s.columns()) {
                // Rows that lack a property come from files as nulls: they are left out, as in JSON.
                if column.is_valid(row) {
                    w.key(field.name());
                    write_value(column, row, w)?;
                }
            }
            w.end();
        }
        DataType::List(_) => write_items(&array.as_list::<i32>().value(row), w)?,
        DataType::LargeList(_) => write_items(&array.as_list::<i64>().value(row), w)?,
        DataType::FixedSizeList(..) => write_items(&array.as_fixed_size_list().value(row), w)?,
        DataType::Map(..) => {
            let entries = array.as_map().value(row);
            let (Some(keys), Some(values)) = (entries.columns().first(), entries.columns().get(1))
            else {
                w.null();
                return Ok(());
            };
            let keys = cast(keys, &DataType::Utf8)?;
            let keys = keys.as_string::<i32>();
            w.begin_bag();
            for i in 0..keys.len() {
                w.key(keys.value(i));
                write_value(values, i, w)?;
            }
            w.end();
        }
        DataType::Boolean => w.bool(array.as_boolean().value(row)),
        DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 => {
            let t = datetime(&array.slice(row, 1))?;
            let t = t.as_primitive::<Int64Type>();
            if t.is_null(0) {
                w.null();
            } else {
                w.datetime(t.value(0));
            }
        }
        DataType::Duration(_) | DataType::Time32(_) | DataType::Time64(_) => {
            let t = timespan(&array.slice(row, 1))?;
            w.timespan(t.as_primitive::<Int64Type>().value(0));
        }
        DataType::Decimal128(..) | DataType::Decimal256(..) => {
            let d = cast(&array.slice(row, 1), &arrow_type(Type::Decimal))?;
            let d = d.as_primitive::<arrow::datatypes::Decimal128Type>();
            if d.is_null(0) {
                w.null();
            } else {
                w.decimal(d.value(0));
            }
        }
        t if t.is_integer() => {
            let n = cast(&array.slice(row, 1), &DataType::Int64)?;
            let n = n.as_primitive::<Int64Type>();
            if n.is_null(0) {
                w.null();
            } else {
                w.long(n.value(0));
            }
        }
        t if t.is_floating() => {
            let x = cast(&array.slice(row, 1), &DataType::Float64)?;
            w.real(x.as_primitive::<arrow::datatypes::Float64Type>().value(0));
        }
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => w.null(),
        _ => {
            let s = cast(&array.slice(row, 1), &DataType::Utf8View)?;
            w.string(s.as_string_view().value(0));
        }
    }
    Ok(())
}

fn write_items(items: &ArrayRef, w: &mut DynWriter) -> Result<()> {
    w.begin_array();
    for i in 0..items.len() {
        write_value(items, i, w)?;
    }
    w.end();
    Ok(())
}
