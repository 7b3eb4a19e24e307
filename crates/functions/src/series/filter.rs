//! `series_fir(series, filter, normalize, center)` and `series_iir(series, numerators, denominators)`: filters over a series.

use super::numbers::{reals, write_reals};
use crate::prelude::*;

/// `series_fir`
pub const FIR: FunctionSpec = FunctionSpec {
    name: "series_fir",
    summary: "Each value and those before it, weighted by the filter and added up. The filter is divided by its sum unless told otherwise or a weight is negative; centered, it reaches as far ahead as back.",
    signatures: &[sig(
        &[
            arg_of("series", Class::DynamicArray, "A series."),
            arg_of(
                "filter",
                Class::DynamicArray,
                "The weights, that of the value itself first.",
            ),
            arg(
                "normalize",
                BOOL,
                "Whether the weights are divided by their sum.",
            )
            .optional(),
            arg("center", BOOL, "Whether the filter reaches ahead as well.").optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(fir),
    examples: &[
        ex(
            "series_fir(dynamic([0,0,10,20,0]), dynamic([1,1]))",
            "[0.0,0.0,5.0,15.0,10.0]",
        ),
        ex(
            "series_fir(dynamic([0,0,2,2,3,3]), dynamic([1,-1]), false, false)",
            "[0.0,0.0,2.0,0.0,1.0,0.0]",
        ),
        ex(
            "series_fir(dynamic([0,3,0]), dynamic([1,1,1]), true, true)",
            "[1.0,1.0,1.0]",
        ),
        ex("series_fir(dynamic([1]), dynamic([1,-1]), true)", "null"),
    ],
    differs: "A centered filter of even length is refused, and so is a series with elements that are no numbers.",
};

/// `series_iir`
pub const IIR: FunctionSpec = FunctionSpec {
    name: "series_iir",
    summary: "A recursive filter: the values weighted by the numerators, less the results before weighted by the denominators, divided by the first denominator.",
    signatures: &[sig(
        &[
            arg_of("series", Class::DynamicArray, "A series."),
            arg_of(
                "numerators",
                Class::DynamicArray,
                "The weights of the values.",
            ),
            arg_of(
                "denominators",
                Class::DynamicArray,
                "The weights of the results.",
            ),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(iir),
    examples: &[
        ex(
            "series_iir(dynamic([1,2,3,4]), dynamic([1]), dynamic([1,-1]))",
            "[1.0,3.0,6.0,10.0]",
        ),
        ex(
            "series_iir(dynamic([4,4]), dynamic([1]), dynamic([2]))",
            "[2.0,2.0]",
        ),
    ],
    differs: "A series with elements that are no numbers is refused.",
};

fn fir(args: &Args<'_>) -> Result<ArrayRef> {
    let (series, filters) = (args.dynamic(0)?, args.dynamic(1)?);
    let flag = |i: usize| (args.len() > i).then(|| args.bool(i)).transpose();
    let (normalize, center) = (flag(2)?, flag(3)?);
    try_dyn_result(args.rows, |row, w| {
        let (Some(x), Some(mut weights)) = (
            reals("series_fir", series.get(row))?,
            reals("series_fir", filters.get(row))?,
        ) else {
            return Ok(());
        };
        let negative = weights.iter().any(|f| *f < 0.0);
        let asked = normalize.and_then(|n| n.get(row));
        if weights.is_empty() || (negative && asked == Some(true)) {
            return Ok(());
        }
        if asked.unwrap_or(!negative) {
            let sum: f64 = weights.iter().sum();
            weights.iter_mut().for_each(|f| *f /= sum);
        }
        let mut ahead = 0;
        if center.is_some_and(|c| c.value(row)) {
            if weights.len() % 2 == 0 {
                return Err(KernelError::new(
                    "series_fir with a centered filter of even length is not supported: where its middle lies is not published",
                ));
            }
            ahead = weights.len() / 2;
        }
        let out: Vec<f64> = (0..x.len())
            .map(|i| {
                weights
                    .iter()
                    .enumerate()
                    .filter_map(|(k, f)| Some(f * x.get((i + ahead).checked_sub(k)?)?))
                    .sum()
            })
            .collect();
        write_reals(&out, w);
        Ok(())
    })
}

fn iir(args: &Args<'_>) -> Result<ArrayRef> {
    let (series, above, below) = (args.dynamic(0)?, args.dynamic(1)?, args.dynamic(2)?);
    try_dyn_result(args.rows, |row, w| {
        let (Some(x), Some(b), Some(a)) = (
            reals("series_iir", series.get(row))?,
            reals("series_iir", above.get(row))?,
            reals("series_iir", below.get(row))?,
        ) else {
            return Ok(());
        };
        let Some((first, a)) = a.split_first() else {
            return Ok(());
        };
        let mut y: Vec<f64> = Vec::with_capacity(x.len());
        for i in 0..x.len() {
            let values: f64 = b
                .iter()
                .enumerate()
                .filter_map(|(k, b)| Some(b * x.get(i.checked_sub(k)?)?))
                .sum();
            let results: f64 = a
                .iter()
                .enumerate()
                .filter_map(|(k, a)| Some(a * y.get(i.checked_sub(k + 1)?)?))
                .sum();
            y.push((values - results) / first);
        }
        write_reals(&y, w);
        Ok(())
    })
}
