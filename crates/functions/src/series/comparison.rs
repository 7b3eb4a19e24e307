//! `series_greater(series1, series2)` and its like: two series compared element by element.

use super::arithmetic::pairs;
use super::numbers::{Number, TWO_SERIES};
use crate::prelude::*;
use std::cmp::Ordering;

const fn spec(
    name: &'static str,
    summary: &'static str,
    kernel: Kernel,
    examples: &'static [Example],
) -> FunctionSpec {
    FunctionSpec {
        name,
        summary,
        signatures: TWO_SERIES,
        result_name: ResultName::None,
        nulls: Nulls::Seen,
        volatility: Volatility::Immutable,
        lower: Lower::Kernel(kernel),
        examples,
        differs: "Series of datetimes or timespans are refused.",
    }
}

/// `series_greater`
pub const GREATER: FunctionSpec = spec(
    "series_greater",
    "Whether each element of the first series is greater than that of the second; null where either has no number.",
    greater,
    &[
        ex(
            "series_greater(dynamic([1,2,4]), dynamic([4,2,1]))",
            "[false,false,true]",
        ),
        ex(
            "series_greater(dynamic([1,'x',4]), 2.5)",
            "[false,null,true]",
        ),
    ],
);

/// `series_greater_equals`
pub const GREATER_EQUALS: FunctionSpec = spec(
    "series_greater_equals",
    "Whether each element of the first series is at least that of the second; null where either has no number.",
    greater_equals,
    &[
        ex(
            "series_greater_equals(dynamic([1,2,4]), dynamic([4,2,1]))",
            "[false,true,true]",
        ),
        ex(
            "series_greater_equals(dynamic([1,2]), dynamic([1]))",
            "[true,null]",
        ),
    ],
);

/// `series_less`
pub const LESS: FunctionSpec = spec(
    "series_less",
    "Whether each element of the first series is less than that of the second; null where either has no number.",
    less,
    &[ex(
        "series_less(dynamic([1,2,4]), dynamic([4,2,1]))",
        "[true,false,false]",
    )],
);

/// `series_less_equals`
pub const LESS_EQUALS: FunctionSpec = spec(
    "series_less_equals",
    "Whether each element of the first series is at most that of the second; null where either has no number.",
    less_equals,
    &[ex(
        "series_less_equals(dynamic([1,2,4]), dynamic([4,2,1]))",
        "[true,true,false]",
    )],
);

/// `series_equals`
pub const EQUALS: FunctionSpec = spec(
    "series_equals",
    "Whether the elements of two series are equal; null where either has no number.",
    equals,
    &[
        ex(
            "series_equals(dynamic([1,2,4]), dynamic([4,2,1]))",
            "[false,true,false]",
        ),
        ex(
            "series_equals(dynamic([1,2]), dynamic([1.0,2.5]))",
            "[true,false]",
        ),
    ],
);

/// `series_not_equals`
pub const NOT_EQUALS: FunctionSpec = spec(
    "series_not_equals",
    "Whether the elements of two series differ; null where either has no number.",
    not_equals,
    &[ex(
        "series_not_equals(dynamic([1,2,4]), dynamic([4,2,1]))",
        "[true,false,true]",
    )],
);

fn greater(args: &Args<'_>) -> Result<ArrayRef> {
    compare(args, |o| o == Some(Ordering::Greater))
}

fn greater_equals(args: &Args<'_>) -> Result<ArrayRef> {
    compare(args, |o| o.is_some_and(Ordering::is_ge))
}

fn less(args: &Args<'_>) -> Result<ArrayRef> {
    compare(args, |o| o == Some(Ordering::Less))
}

fn less_equals(args: &Args<'_>) -> Result<ArrayRef> {
    compare(args, |o| o.is_some_and(Ordering::is_le))
}

fn equals(args: &Args<'_>) -> Result<ArrayRef> {
    compare(args, |o| o == Some(Ordering::Equal))
}

fn not_equals(args: &Args<'_>) -> Result<ArrayRef> {
    compare(args, |o| o != Some(Ordering::Equal))
}

fn order(a: Number, b: Number) -> Option<Ordering> {
    match (a, b) {
        (Number::Long(a), Number::Long(b)) => Some(a.cmp(&b)),
        _ => a.real().partial_cmp(&b.real()),
    }
}

fn compare(args: &Args<'_>, holds: fn(Option<Ordering>) -> bool) -> Result<ArrayRef> {
    pairs(args, |a, b, w| {
        let n = a.size().max(b.size()).unwrap_or(0);
        w.begin_array();
        for i in 0..n {
            match (a.get(i), b.get(i)) {
                (Some(x), Some(y)) => w.bool(holds(order(x, y))),
                _ => w.null(),
            }
        }
        w.end();
    })
}
