//! `series_sum(series)`, `series_product(series)`, `series_magnitude(series)` and what compares two series by one number.

use super::numbers::{BOTH, LEFT_NUMBER, RIGHT_NUMBER, Side, count, reals};
use crate::prelude::*;

const fn spec(
    name: &'static str,
    summary: &'static str,
    signatures: &'static [Signature],
    kernel: Kernel,
    examples: &'static [Example],
    differs: &'static str,
) -> FunctionSpec {
    FunctionSpec {
        name,
        summary,
        signatures,
        result_name: ResultName::None,
        nulls: Nulls::Seen,
        volatility: Volatility::Immutable,
        lower: Lower::Kernel(kernel),
        examples,
        differs,
    }
}

const ONE: &[Signature] = &[sig(
    &[arg_of("series", Class::DynamicArray, "A series.")],
    REAL,
)];
const NUMBERS_ONLY: &str = "A series with elements that are no numbers is refused.";

/// `series_sum`
pub const SUM: FunctionSpec = spec(
    "series_sum",
    "The sum of the elements.",
    ONE,
    |args| one("series_sum", args, |s| s.iter().sum()),
    &[
        ex("series_sum(dynamic([1,2,3,4]))", "10.0"),
        ex("series_sum(dynamic({}))", "null"),
    ],
    NUMBERS_ONLY,
);

/// `series_product`
pub const PRODUCT: FunctionSpec = spec(
    "series_product",
    "The product of the elements.",
    ONE,
    |args| one("series_product", args, |s| s.iter().product()),
    &[ex("series_product(dynamic([1,2,3,4]))", "24.0")],
    NUMBERS_ONLY,
);

/// `series_magnitude`
pub const MAGNITUDE: FunctionSpec = spec(
    "series_magnitude",
    "The length of the series as a vector: the root of the sum of the squares.",
    ONE,
    |args| {
        one("series_magnitude", args, |s| {
            s.iter().map(|x| x * x).sum::<f64>().sqrt()
        })
    },
    &[ex("series_magnitude(dynamic([3,4]))", "5.0")],
    NUMBERS_ONLY,
);

/// `series_dot_product`
pub const DOT_PRODUCT: FunctionSpec = spec(
    "series_dot_product",
    "The sum of the products of the elements of two series, as far as both go; what is no number does not count.",
    &[
        sig(BOTH, REAL),
        sig(RIGHT_NUMBER, REAL),
        sig(LEFT_NUMBER, REAL),
    ],
    dot_product,
    &[
        ex(
            "series_dot_product(dynamic([1,2,4]), dynamic([4,2,1]))",
            "12.0",
        ),
        ex("series_dot_product(dynamic([3,6,12]), 3)", "63.0"),
        ex(
            "series_dot_product(dynamic([1,'x',2,9]), dynamic([1,1,1]))",
            "3.0",
        ),
    ],
    "",
);

/// `series_cosine_similarity`
pub const COSINE_SIMILARITY: FunctionSpec = spec(
    "series_cosine_similarity",
    "The cosine of the angle between two series as vectors, as far as both go; what is no number does not count.",
    &[sig(
        &[
            arg_of("series1", Class::DynamicArray, "A series."),
            arg_of("series2", Class::DynamicArray, "Another series."),
            arg(
                "series1_magnitude",
                REAL,
                "The magnitude of the first, if it is known already.",
            )
            .optional(),
            arg(
                "series2_magnitude",
                REAL,
                "The magnitude of the second, if it is known already.",
            )
            .optional(),
        ],
        REAL,
    )],
    cosine_similarity,
    &[
        ex(
            "series_cosine_similarity(dynamic([1,0]), dynamic([0,1]))",
            "0.0",
        ),
        ex(
            "round(series_cosine_similarity(dynamic([0.1,0.2,0.1,0.2]), dynamic([0.11,0.2,0.11,0.21])), 10)",
            "0.9993534383",
        ),
        ex(
            "round(series_cosine_similarity(dynamic([0.1,0.2,0.1,0.2]), dynamic([1,2,3,4])), 10)",
            "0.9237604307",
        ),
    ],
    "",
);

/// `series_pearson_correlation`
pub const PEARSON_CORRELATION: FunctionSpec = spec(
    "series_pearson_correlation",
    "How far two series lie on a line: their coefficient of correlation, from -1 to 1. Null when their sizes differ or an element is no number.",
    &[sig(BOTH, REAL)],
    pearson,
    &[
        ex(
            "series_pearson_correlation(dynamic([1,2,3,4,5]), dynamic([2,4,6,8,10]))",
            "1.0",
        ),
        ex(
            "series_pearson_correlation(dynamic([1,2,3]), dynamic([1,2]))",
            "null",
        ),
        ex(
            "series_pearson_correlation(dynamic([1,2,null]), dynamic([1,2,3]))",
            "null",
        ),
    ],
    "",
);

fn one(function: &str, args: &Args<'_>, f: fn(&[f64]) -> f64) -> Result<ArrayRef> {
    let series = args.dynamic(0)?;
    try_real_result(args.rows, |row| {
        Ok(reals(function, series.get(row))?.map(|s| f(&s)))
    })
}

/// The numbers that stand side by side; none where one side is neither a series nor a number.
fn side_by_side(
    args: &Args<'_>,
    mut f: impl FnMut(usize, &[(f64, f64)], &Side, &Side) -> Option<f64>,
) -> Result<ArrayRef> {
    let (left, right) = (args.any(0)?, args.any(1)?);
    let (mut a, mut b) = (Side::default(), Side::default());
    let mut pairs = Vec::new();
    try_real_result(args.rows, |row| {
        if !a.read(left.get(row))? || !b.read(right.get(row))? {
            return Ok(None);
        }
        let n = match (a.size(), b.size()) {
            (Some(x), Some(y)) => x.min(y),
            (Some(n), None) | (None, Some(n)) => n,
            (None, None) => return Ok(None),
        };
        pairs.clear();
        pairs.extend((0..n).filter_map(|i| Some((a.get(i)?.real(), b.get(i)?.real()))));
        Ok(f(row, &pairs, &a, &b))
    })
}

fn dot(pairs: &[(f64, f64)]) -> f64 {
    pairs.iter().map(|(x, y)| x * y).sum()
}

fn dot_product(args: &Args<'_>) -> Result<ArrayRef> {
    side_by_side(args, |_, pairs, _, _| Some(dot(pairs)))
}

fn cosine_similarity(args: &Args<'_>) -> Result<ArrayRef> {
    let given = |i: usize| (args.len() > i).then(|| args.real(i)).transpose();
    let (m1, m2) = (given(2)?, given(3)?);
    side_by_side(args, |row, pairs, _, _| {
        let magnitude = |m: &Option<Reals<'_>>, of: fn(&(f64, f64)) -> f64| {
            m.as_ref()
                .and_then(|m| m.get(row))
                .unwrap_or_else(|| pairs.iter().map(|p| of(p) * of(p)).sum::<f64>().sqrt())
        };
        Some(dot(pairs) / (magnitude(&m1, |p| p.0) * magnitude(&m2, |p| p.1)))
    })
}

fn pearson(args: &Args<'_>) -> Result<ArrayRef> {
    side_by_side(args, |_, pairs, a, b| {
        if a.size() != b.size() || Some(pairs.len()) != a.size() {
            return None;
        }
        let n = count(pairs.len());
        let mean_x = pairs.iter().map(|p| p.0).sum::<f64>() / n;
        let mean_y = pairs.iter().map(|p| p.1).sum::<f64>() / n;
        let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
        for (x, y) in pairs {
            let (dx, dy) = (x - mean_x, y - mean_y);
            xy += dx * dy;
            xx += dx * dx;
            yy += dy * dy;
        }
        Some(xy / (xx * yy).sqrt())
    })
}
