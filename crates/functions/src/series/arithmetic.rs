//! `series_add(series1, series2)` and its like: two series, element by element.
//!
//! Whole numbers stay whole where all elements of both are; overflow wraps as that of `+` does.

use super::numbers::{Number, Side, TWO_SERIES};
use crate::prelude::*;

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

/// `series_add`
pub const ADD: FunctionSpec = spec(
    "series_add",
    "Adds two series element by element; where either has no number the result has null.",
    add,
    &[
        ex("series_add(dynamic([1,2,4]), dynamic([4,2,1]))", "[5,4,5]"),
        ex("series_add(dynamic([1,2.5]), 1)", "[2.0,3.5]"),
        ex(
            "series_add(dynamic([1,'x',3]), dynamic([1,1,1,1]))",
            "[2,null,4,null]",
        ),
        ex("series_add(dynamic({}), dynamic([1]))", "null"),
    ],
);

/// `series_subtract`
pub const SUBTRACT: FunctionSpec = spec(
    "series_subtract",
    "Subtracts the second series from the first, element by element; where either has no number the result has null.",
    subtract,
    &[
        ex(
            "series_subtract(dynamic([1,2,4]), dynamic([4,2,1]))",
            "[-3,0,3]",
        ),
        ex("series_subtract(10, dynamic([1,null]))", "[9,null]"),
    ],
);

/// `series_multiply`
pub const MULTIPLY: FunctionSpec = spec(
    "series_multiply",
    "Multiplies two series element by element; where either has no number the result has null.",
    multiply,
    &[
        ex(
            "series_multiply(dynamic([1,2,4]), dynamic([4,2,1]))",
            "[4,4,4]",
        ),
        ex("series_multiply(10, dynamic([0,1,-1]))", "[0,10,-10]"),
    ],
);

/// `series_divide`
pub const DIVIDE: FunctionSpec = spec(
    "series_divide",
    "Divides the first series by the second, element by element, as reals; where either has no number the result has null.",
    divide,
    &[
        ex(
            "series_divide(dynamic([1,2,4]), dynamic([4,2,1]))",
            "[0.25,1.0,4.0]",
        ),
        ex("isinf(todouble(series_divide(dynamic([2]), 0)[0]))", "True"),
    ],
);

/// `series_pow`
pub const POW: FunctionSpec = spec(
    "series_pow",
    "Raises the elements of the first series to the powers of the second, as reals; where either has no number the result has null.",
    pow,
    &[
        ex(
            "series_pow(dynamic([1,2,3,4]), dynamic([1,2,3,0.5]))",
            "[1.0,4.0,27.0,2.0]",
        ),
        ex("series_pow(dynamic([1,2,3]), 2)", "[1.0,4.0,9.0]"),
    ],
);

type Whole = fn(i64, i64) -> i64;

fn add(args: &Args<'_>) -> Result<ArrayRef> {
    elementwise(args, Some(i64::wrapping_add), |a, b| a + b)
}

fn subtract(args: &Args<'_>) -> Result<ArrayRef> {
    elementwise(args, Some(i64::wrapping_sub), |a, b| a - b)
}

fn multiply(args: &Args<'_>) -> Result<ArrayRef> {
    elementwise(args, Some(i64::wrapping_mul), |a, b| a * b)
}

fn divide(args: &Args<'_>) -> Result<ArrayRef> {
    elementwise(args, None, |a, b| a / b)
}

fn pow(args: &Args<'_>) -> Result<ArrayRef> {
    elementwise(args, None, f64::powf)
}

fn elementwise(
    args: &Args<'_>,
    whole: Option<Whole>,
    real: fn(f64, f64) -> f64,
) -> Result<ArrayRef> {
    pairs(args, |a, b, w| {
        let whole = whole.filter(|_| a.whole() && b.whole());
        let n = a.size().max(b.size()).unwrap_or(0);
        w.begin_array();
        for i in 0..n {
            match (a.get(i), b.get(i), whole) {
                (Some(Number::Long(x)), Some(Number::Long(y)), Some(f)) => w.long(f(x, y)),
                (Some(x), Some(y), _) => w.real(real(x.real(), y.real())),
                _ => w.null(),
            }
        }
        w.end();
    })
}

/// Row by row over two sides; null where either is neither a series nor a number, or none is a series.
///
/// # Errors
/// As [`super::numbers::number`].
pub fn pairs(args: &Args<'_>, mut f: impl FnMut(&Side, &Side, &mut DynWriter)) -> Result<ArrayRef> {
    let (left, right) = (args.any(0)?, args.any(1)?);
    let (mut a, mut b) = (Side::default(), Side::default());
    try_dyn_result(args.rows, |row, w| {
        if a.read(left.get(row))?
            && b.read(right.get(row))?
            && (a.size().is_some() || b.size().is_some())
        {
            f(&a, &b, w);
        }
        Ok(())
    })
}
