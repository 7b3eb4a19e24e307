//! Row by row one of the arguments.

use crate::prelude::*;
use arrow::array::{Array, AsArray, PrimitiveArray, StringViewArray, new_null_array};
use arrow::buffer::NullBuffer;
use arrow::compute::interleave;
use arrow::datatypes::{
    ArrowPrimitiveType, DataType, Decimal128Type, Float64Type, Int32Type, Int64Type,
};
use std::cmp::Ordering;
use std::sync::Arc;

/// The argument that is greater (or less) than the others.
///
/// # Errors
/// None of the data's making.
pub fn extreme(args: &Args<'_>, want: Ordering) -> Result<ArrayRef> {
    /// Whether a value replaces the best so far. Nothing is better than a NaN, and a NaN than nothing.
    fn better<T: PartialOrd>(want: Ordering) -> impl Fn(T, T) -> bool {
        move |new: T, best: T| new.partial_cmp(&best) == Some(want)
    }
    if let Some(out) = of_numbers(
        args,
        better::<i32>(want),
        better::<i64>(want),
        better::<f64>(want),
        better::<i128>(want),
    ) {
        return Ok(out);
    }
    pick(args, |values, row| {
        let mut best: Option<(usize, DynRef<'_>)> = None;
        for (i, v) in values.iter().enumerate() {
            let v = v.get(row);
            if v.is_null() {
                continue;
            }
            if best.as_ref().is_none_or(|(_, b)| order(&v, b) == want) {
                best = Some((i, v));
            }
        }
        best.map(|(i, _)| i)
    })
}

fn order(a: &DynRef<'_>, b: &DynRef<'_>) -> Ordering {
    match (a, b) {
        (DynRef::String(a), DynRef::String(b)) => a.cmp(b),
        (DynRef::Bool(a), DynRef::Bool(b)) => a.cmp(b),
        (DynRef::Guid(a), DynRef::Guid(b)) => a.cmp(b),
        _ => Ordering::Equal,
    }
}

/// The first argument that is neither null nor "".
///
/// # Errors
/// None of the data's making.
pub fn first_filled(args: &Args<'_>) -> Result<ArrayRef> {
    if let Some(out) = of_numbers(args, |_, _| false, |_, _| false, |_, _| false, |_, _| false) {
        return Ok(out);
    }
    pick(args, |values, row| {
        let filled = |v: &DynRef<'_>| !matches!(v, DynRef::Null | DynRef::String(""));
        values.iter().position(|v| filled(&v.get(row)))
    })
}

/// The choice among numbers and times, a column at a time: a value replaces what is there if that is null, or if the
/// function of its type says so. None for other types.
fn of_numbers(
    args: &Args<'_>,
    int: impl Fn(i32, i32) -> bool,
    long: impl Fn(i64, i64) -> bool,
    real: impl Fn(f64, f64) -> bool,
    decimal: impl Fn(i128, i128) -> bool,
) -> Option<ArrayRef> {
    match arrow_type(args.returns) {
        DataType::Int32 => chosen::<Int32Type>(args, int),
        DataType::Int64 => chosen::<Int64Type>(args, long),
        DataType::Float64 => chosen::<Float64Type>(args, real),
        DataType::Decimal128(..) => chosen::<Decimal128Type>(args, decimal),
        _ => None,
    }
}

fn chosen<T: ArrowPrimitiveType>(
    args: &Args<'_>,
    replaces: impl Fn(T::Native, T::Native) -> bool,
) -> Option<ArrayRef> {
    let mut out = vec![T::Native::default(); args.rows];
    // Whether a row has a value yet; none while every row has one.
    let mut has: Option<Vec<bool>> = Some(vec![false; args.rows]);
    for column in args.columns {
        let array = column.array.as_primitive_opt::<T>()?;
        if column.constant {
            if array.is_null(0) {
                continue;
            }
            let v = array.value(0);
            match &mut has {
                None => out
                    .iter_mut()
                    .filter(|best| replaces(v, **best))
                    .for_each(|best| *best = v),
                Some(has) => {
                    for (best, has) in out.iter_mut().zip(has) {
                        if !*has || replaces(v, *best) {
                            (*best, *has) = (v, true);
                        }
                    }
                }
            }
            has = None;
            continue;
        }
        let values = array.values().iter().copied();
        match (&mut has, array.nulls()) {
            (None, None) => {
                for (best, v) in out.iter_mut().zip(values) {
                    *best = if replaces(v, *best) { v } else { *best };
                }
            }
            (None, Some(nulls)) => {
                for ((best, v), valid) in out.iter_mut().zip(values).zip(nulls) {
                    *best = if valid && replaces(v, *best) {
                        v
                    } else {
                        *best
                    };
                }
            }
            (Some(seen), None) => {
                for ((best, has), v) in out.iter_mut().zip(seen).zip(values) {
                    *best = if !*has || replaces(v, *best) {
                        v
                    } else {
                        *best
                    };
                }
                has = None;
            }
            (Some(seen), Some(nulls)) => {
                for (((best, has), v), valid) in out.iter_mut().zip(seen).zip(values).zip(nulls) {
                    if valid && (!*has || replaces(v, *best)) {
                        (*best, *has) = (v, true);
                    }
                }
            }
        }
    }
    let nulls = has.map(NullBuffer::from).filter(|n| n.null_count() > 0);
    let array = PrimitiveArray::<T>::new(out.into(), nulls);
    Some(Arc::new(array.with_data_type(arrow_type(args.returns))))
}

/// Row by row one of the arguments: the function gives its place, none is null.
///
/// # Errors
/// None of the data's making.
fn pick(args: &Args<'_>, choose: impl Fn(&[Any<'_>], usize) -> Option<usize>) -> Result<ArrayRef> {
    let values = (0..args.len())
        .map(|i| args.any(i))
        .collect::<Result<Vec<_>>>()?;
    // What stands where there is none of them: a string is never null.
    let none: ArrayRef = if args.returns == Type::String {
        Arc::new(StringViewArray::from(vec![""]))
    } else {
        new_null_array(&arrow_type(args.returns), 1)
    };
    let arrays: Vec<&dyn Array> = args
        .columns
        .iter()
        .map(|c| c.array.as_ref())
        .chain([none.as_ref()])
        .collect();
    let places: Vec<(usize, usize)> = (0..args.rows)
        .map(|row| {
            let chosen = choose(&values, row).and_then(|i| Some((i, args.columns.get(i)?)));
            match chosen {
                Some((i, column)) => {
                    let row = if column.constant { 0 } else { row };
                    if column.array.is_null(row) {
                        (args.len(), 0)
                    } else {
                        (i, row)
                    }
                }
                None => (args.len(), 0),
            }
        })
        .collect();
    interleave(&arrays, &places).map_err(|e| KernelError::new(e.to_string()))
}
