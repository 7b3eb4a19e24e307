//! Series as numbers: what an element counts as, and two series side by side.

use crate::prelude::*;

/// An element that is a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A whole number.
    Long(i64),
    /// Any other.
    Real(f64),
}

impl Number {
    /// As a real.
    #[allow(clippy::cast_precision_loss)]
    pub fn real(self) -> f64 {
        match self {
            Number::Long(n) => n as f64,
            Number::Real(x) => x,
        }
    }

    /// Writes it.
    pub fn write(self, w: &mut DynWriter) {
        match self {
            Number::Long(n) => w.long(n),
            Number::Real(x) => w.real(x),
        }
    }
}

/// An element as a number; none for what is none.
///
/// # Errors
/// A point in time or a duration: how they count in a series is not published.
pub fn number(v: DynRef<'_>) -> Result<Option<Number>> {
    match v {
        DynRef::Long(n) => Ok(Some(Number::Long(n))),
        DynRef::Real(x) => Ok(Some(Number::Real(x))),
        DynRef::DateTime(_) | DynRef::TimeSpan(_) => Err(KernelError::new(
            "series of datetimes or timespans are not supported; tolong() of the elements makes numbers of them",
        )),
        _ => Ok(None),
    }
}

/// The elements of an array, in a vector that is used again for each row; false for what is no array.
///
/// # Errors
/// As [`number`].
pub fn read(v: DynRef<'_>, out: &mut Vec<Option<Number>>) -> Result<bool> {
    out.clear();
    let DynRef::Array(items) = v else {
        return Ok(false);
    };
    for item in items.iter() {
        out.push(number(item)?);
    }
    Ok(true)
}

/// The elements of an array that must all be numbers; none for what is no array.
///
/// # Errors
/// An element that is no number: what Kusto does with it here is not published.
pub fn reals(function: &str, v: DynRef<'_>) -> Result<Option<Vec<f64>>> {
    let mut items = Vec::new();
    if !read(v, &mut items)? {
        return Ok(None);
    }
    let numbers: Option<Vec<f64>> = items.iter().map(|n| n.map(Number::real)).collect();
    match numbers {
        Some(numbers) => Ok(Some(numbers)),
        None => Err(KernelError::new(format!(
            "{function} over a series with elements that are no numbers is not supported; series_fill_const or its like fills them"
        ))),
    }
}

/// Writes an array of reals.
pub fn write_reals(values: &[f64], w: &mut DynWriter) {
    w.begin_array();
    for x in values {
        w.real(*x);
    }
    w.end();
}

/// How many, as a real.
#[allow(clippy::cast_precision_loss)]
pub fn count(n: usize) -> f64 {
    n as f64
}

/// One side of a function of two series: an array, or a number that stands for every element.
#[derive(Debug, Default)]
pub struct Side {
    /// The elements.
    pub items: Vec<Option<Number>>,
    /// The number that is every element.
    pub every: Option<Number>,
    array: bool,
}

impl Side {
    /// Reads a row; false for what is neither an array nor a number.
    ///
    /// # Errors
    /// As [`number`].
    pub fn read(&mut self, v: DynRef<'_>) -> Result<bool> {
        self.array = read(v, &mut self.items)?;
        self.every = if self.array { None } else { number(v)? };
        Ok(self.array || self.every.is_some())
    }

    /// How many elements; none for a single number.
    pub fn size(&self) -> Option<usize> {
        self.array.then_some(self.items.len())
    }

    /// An element; none beyond the end.
    pub fn get(&self, i: usize) -> Option<Number> {
        self.every.or_else(|| self.items.get(i).copied().flatten())
    }

    /// Whether every number is whole.
    pub fn whole(&self) -> bool {
        let whole = |n: &Number| matches!(n, Number::Long(_));
        self.every.iter().all(whole) && self.items.iter().flatten().all(whole)
    }
}

/// The parameters of a function of two series, either of which may be a number.
pub const BOTH: &[Param] = &[
    arg_of("series1", Class::DynamicArray, "A series."),
    arg_of("series2", Class::DynamicArray, "Another series."),
];
/// The same with a number on the right.
pub const RIGHT_NUMBER: &[Param] = &[
    arg_of("series1", Class::DynamicArray, "A series."),
    arg_of(
        "series2",
        Class::Number,
        "The number that stands against each element.",
    ),
];
/// The same with a number on the left.
pub const LEFT_NUMBER: &[Param] = &[
    arg_of(
        "series1",
        Class::Number,
        "The number that stands against each element.",
    ),
    arg_of("series2", Class::DynamicArray, "A series."),
];

/// Two series, or one and a number, to a series.
pub const TWO_SERIES: &[Signature] = &[
    sig(BOTH, DYNAMIC),
    sig(RIGHT_NUMBER, DYNAMIC),
    sig(LEFT_NUMBER, DYNAMIC),
];
