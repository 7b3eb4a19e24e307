//! `series_seasonal(series, period)`: what repeats in a series.

use super::numbers::{reals, write_reals};
use super::periods::{Period, profile};
use crate::prelude::*;

/// `series_seasonal`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "series_seasonal",
    summary: "For each value the median of the values at the same place of all periods.",
    signatures: &[
        sig(
            &[arg_of("series", Class::DynamicArray, "A series.")],
            DYNAMIC,
        ),
        sig(
            &[
                arg_of("series", Class::DynamicArray, "A series."),
                arg_of("period", Class::Integer, "How many values a period has."),
            ],
            DYNAMIC,
        ),
    ],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(seasonal),
    examples: &[
        ex(
            "series_seasonal(dynamic([1,3,5,1,3,5,2,4,6]), 3)",
            "[1.0,3.0,5.0,1.0,3.0,5.0,1.0,3.0,5.0]",
        ),
        ex(
            "series_seasonal(dynamic([1,3,5,2,4,6]), 3)",
            "[1.5,3.5,5.5,1.5,3.5,5.5]",
        ),
        ex("series_seasonal(dynamic([1,3]), 0)", "[0.0,0.0]"),
        ex(
            "series_seasonal(dynamic([2,5,3,4,3,2,1,2,3,4,3,2,1,2,3,4,3,2,1,2,3,4,3,2,1]))",
            "[1.0,2.0,3.0,4.0,3.0,2.0,1.0,2.0,3.0,4.0,3.0,2.0,1.0,2.0,3.0,4.0,3.0,2.0,1.0,2.0,3.0,4.0,3.0,2.0,1.0]",
        ),
        ex(
            "series_seasonal(dynamic([1,3,5,2,4,6,1,3,5,2,4,6]))",
            "[0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0]",
        ),
    ],
    differs: "Which periods Kusto looks at where none is given is not published: here it is the one that scores best of those that stand out of the spectrum beyond chance (`series_periods_detect`). Where a period scores high that does not stand out so, the call is an error, and with a period it is none.",
};

/// The score that a period needs to be found.
const ENOUGH: f64 = 0.7;

fn seasonal(args: &Args<'_>) -> Result<ArrayRef> {
    let series = args.dynamic(0)?;
    let periods = (args.len() > 1).then(|| args.integer(1)).transpose()?;
    try_dyn_result(args.rows, |row, w| {
        let Some(x) = reals("series_seasonal", series.get(row))? else {
            return Ok(());
        };
        match periods.as_ref().map_or(Some(-1), |p| p(row)) {
            Some(-1) => {
                let period = match profile(&x).map_or(Period::Unclear, |p| p.best(ENOUGH)) {
                    Period::None => 0,
                    Period::Of(period) => i64::try_from(period).unwrap_or_default(),
                    Period::Unclear => {
                        return Err(KernelError::new(
                            "series_seasonal cannot tell whether Kusto finds a period in this series; with a period it can",
                        ));
                    }
                };
                write_reals(&medians(&x, period), w);
                Ok(())
            }
            None => Ok(()),
            Some(period) => {
                write_reals(&medians(&x, period), w);
                Ok(())
            }
        }
    })
}

/// The median of the same place of all periods, for each value; zeros for what is no period.
pub(super) fn medians(x: &[f64], period: i64) -> Vec<f64> {
    let mut out = vec![0.0; x.len()];
    let Some(period) = usize::try_from(period).ok().filter(|p| *p > 0) else {
        return out;
    };
    for phase in 0..period.min(x.len()) {
        let mut values: Vec<f64> = x.iter().skip(phase).step_by(period).copied().collect();
        values.sort_by(f64::total_cmp);
        let middle = values.len() / 2;
        let upper = values.get(middle).copied().unwrap_or_default();
        let lower = values
            .get((values.len() - 1) / 2)
            .copied()
            .unwrap_or_default();
        let median = f64::midpoint(lower, upper);
        out.iter_mut()
            .skip(phase)
            .step_by(period)
            .for_each(|o| *o = median);
    }
    out
}
