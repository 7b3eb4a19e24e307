//! `series_fit_2lines(series)` and `series_fit_2lines_dynamic`: the two lines, one after the other, that fit a series best.

use super::fit::{Fit, places, polynomial};
use super::numbers::{count, reals, write_reals};
use crate::prelude::*;

const PARAMS: &[Param] = &[arg_of("series", Class::DynamicArray, "A series.")];
const DIFFERS: &str = "The reference shows the lines themselves for one series, and these are reproduced. It prints no `split_idx` and no interception: here `split_idx` is the place of the first value of the right part, and each part counts its places from 1, as `series_fit_line` over the part alone does. A part has at least two values, and a series of less than four gives nulls. A series with elements that are no numbers is refused.";

/// `series_fit_2lines`
pub const LINES: FunctionSpec = FunctionSpec {
    name: "series_fit_2lines",
    summary: "Splits a series where two separate lines, one through each part, fit it best: how well they fit, where it splits, the variances of the values and of what is left, the lines themselves, and the same of each part.",
    signatures: &[sig(PARAMS, DYNAMIC)],
    result_name: ResultName::Columns(&[
        ("rsquare", REAL),
        ("split_idx", LONG),
        ("variance", REAL),
        ("rvariance", REAL),
        ("line_fit", DYNAMIC),
        ("right_rsquare", REAL),
        ("right_slope", REAL),
        ("right_interception", REAL),
        ("right_variance", REAL),
        ("right_rvariance", REAL),
        ("left_rsquare", REAL),
        ("left_slope", REAL),
        ("left_interception", REAL),
        ("left_variance", REAL),
        ("left_rvariance", REAL),
    ]),
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(fit_2lines),
    examples: &[
        ex(
            "print y = dynamic([1, 2.2, 2.5, 4.7, 5.0, 12, 10.3, 10.3, 9, 8.3, 6.2]) | project (r, i, v, rv, fit) = series_fit_2lines(y) | mv-apply f = fit to typeof(real) on (summarize fit = make_list(round(f, 2))) | project strcat(i, ' ', round(r, 4), ' ', fit)",
            "5 0.9865 [0.98,2.03,3.08,4.13,5.18,11.94,10.91,9.87,8.83,7.79,6.76]",
        ),
        ex(
            "print y = dynamic([1, 2, 3, 9, 7, 5]) | project series_fit_2lines(y) | project strcat(series_fit_2lines_y_left_slope, ' ', series_fit_2lines_y_right_slope, ' ', series_fit_2lines_y_right_interception)",
            "1.0 -2.0 11.0",
        ),
    ],
    differs: DIFFERS,
};

/// `series_fit_2lines_dynamic`
pub const LINES_DYNAMIC: FunctionSpec = FunctionSpec {
    name: "series_fit_2lines_dynamic",
    summary: "What `series_fit_2lines` finds as a bag; what belongs to a part stands in its `right` and `left`.",
    signatures: &[sig(PARAMS, DYNAMIC)],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(fit_2lines_dynamic),
    examples: &[
        ex(
            "series_fit_2lines_dynamic(dynamic([1, 2, 3, 9, 7, 5])).right.slope",
            "-2.0",
        ),
        ex(
            "series_fit_2lines_dynamic(dynamic([1, 2, 3, 9, 7, 5])).line_fit",
            "[1.0,2.0,3.0,9.0,7.0,5.0]",
        ),
        ex("series_fit_2lines_dynamic(dynamic([1, 2, 3]))", "null"),
        ex("series_fit_2lines_dynamic(dynamic({}))", "null"),
    ],
    differs: DIFFERS,
};

const SHORTEST: usize = 2;
const PART: [&str; 5] = ["rsquare", "slope", "interception", "variance", "rvariance"];

/// Two lines.
struct Lines {
    split: usize,
    left: Fit,
    right: Fit,
    /// Of both together: how well they fit, the variance of the values, that of what is left.
    whole: [f64; 3],
}

impl Lines {
    fn values(&self) -> Vec<f64> {
        [self.left.values.as_slice(), self.right.values.as_slice()].concat()
    }
}

fn part(fit: &Fit) -> [f64; 5] {
    let (slope, start) = match *fit.coefficients {
        [slope, start] => (slope, start),
        _ => (f64::NAN, f64::NAN),
    };
    [fit.rsquare, slope, start, fit.variance, fit.rvariance]
}

/// What a line leaves of the first so many values, for each number of them, from sums: no pass a split.
fn left_over(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let (mut n, mut mean_x, mut mean_y, mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    values
        .map(|y| {
            n += 1.0;
            let (dx, dy) = (n - mean_x, y - mean_y);
            mean_x += dx / n;
            mean_y += dy / n;
            xx += dx * (n - mean_x);
            xy += dx * (y - mean_y);
            yy += dy * (y - mean_y);
            if xx > 0.0 {
                (yy - xy * xy / xx).max(0.0)
            } else {
                0.0
            }
        })
        .collect()
}

fn lines(y: &[f64]) -> Option<Lines> {
    let n = y.len();
    if n < 2 * SHORTEST {
        return None;
    }
    let before = left_over(y.iter().copied());
    let after = left_over(y.iter().rev().copied());
    let total = y.iter().map(|v| v * v).sum::<f64>();
    let mut best: Option<(usize, f64)> = None;
    for split in SHORTEST..=n - SHORTEST {
        let rest = before.get(split - 1)? + after.get(n - split - 1)?;
        if best.is_none_or(|(_, least)| rest < least - 1e-12 * total) {
            best = Some((split, rest));
        }
    }
    let (split, _) = best?;
    let (a, b) = y.split_at_checked(split)?;
    let left = polynomial(&places(a.len()), a, 1)?;
    let right = polynomial(&places(b.len()), b, 1)?;
    let mean = y.iter().sum::<f64>() / count(n);
    let all: f64 = y.iter().map(|y| (y - mean) * (y - mean)).sum();
    let rest = left.rvariance * count(a.len() - 1) + right.rvariance * count(b.len() - 1);
    let size = count(n - 1);
    Some(Lines {
        split,
        left,
        right,
        whole: [1.0 - rest / all, all / size, rest / size],
    })
}

fn each(
    function: &str,
    args: &Args<'_>,
    mut write: impl FnMut(&Lines, &mut DynWriter),
) -> Result<ArrayRef> {
    let series = args.dynamic(0)?;
    try_dyn_result(args.rows, |row, w| {
        if let Some(y) = reals(function, series.get(row))?
            && let Some(lines) = lines(&y)
        {
            write(&lines, w);
        }
        Ok(())
    })
}

fn index(split: usize) -> i64 {
    i64::try_from(split).unwrap_or_default()
}

fn fit_2lines(args: &Args<'_>) -> Result<ArrayRef> {
    each("series_fit_2lines", args, |lines, w| {
        let [rsquare, variance, rvariance] = lines.whole;
        w.begin_array();
        w.real(rsquare);
        w.long(index(lines.split));
        w.real(variance);
        w.real(rvariance);
        write_reals(&lines.values(), w);
        for side in [&lines.right, &lines.left] {
            part(side).iter().for_each(|x| w.real(*x));
        }
        w.end();
    })
}

fn fit_2lines_dynamic(args: &Args<'_>) -> Result<ArrayRef> {
    each("series_fit_2lines_dynamic", args, |lines, w| {
        let [rsquare, variance, rvariance] = lines.whole;
        w.begin_bag();
        w.key("rsquare");
        w.real(rsquare);
        w.key("split_idx");
        w.long(index(lines.split));
        w.key("variance");
        w.real(variance);
        w.key("rvariance");
        w.real(rvariance);
        w.key("line_fit");
        write_reals(&lines.values(), w);
        for (name, side) in [("right", &lines.right), ("left", &lines.left)] {
            w.key(name);
            w.begin_bag();
            for (key, x) in PART.iter().zip(part(side)) {
                w.key(key);
                w.real(x);
            }
            w.end();
        }
        w.end();
    })
}
