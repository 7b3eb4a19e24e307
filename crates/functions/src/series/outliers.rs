//! `series_outliers(series, kind, ignore_val, min_percentile, max_percentile)`: how far values lie outside of what is usual.

use super::numbers::{Number, count, read};
use crate::prelude::*;

const SERIES: Param = arg_of("series", Class::DynamicArray, "A series.");
const KIND: Param = arg("kind", STRING, "ctukey (unless given) or tukey.");

/// `series_outliers`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "series_outliers",
    summary: "Scores each value of a series by Tukey's test: 0 within the usual range, else the distance from it in widths of the range. From 1.5 on, or below -1.5, a value is an anomaly.",
    signatures: &[
        sig(
            &[
                SERIES,
                KIND.optional(),
                arg_of(
                    "ignore_val",
                    Class::Number,
                    "The number that stands for a missing value; its score is 0.",
                )
                .optional(),
            ],
            DYNAMIC,
        ),
        sig(
            &[
                SERIES,
                KIND,
                arg(
                    "ignore_val",
                    REAL,
                    "The number that stands for a missing value; its score is 0.",
                ),
                arg(
                    "min_percentile",
                    REAL,
                    "The lower end of the usual range: 10 for ctukey.",
                ),
                arg(
                    "max_percentile",
                    REAL,
                    "The upper end of the usual range: 90 for ctukey.",
                )
                .optional(),
                arg_of(
                    "test_points",
                    Class::Integer,
                    "How many values at the end have no say in what is usual.",
                )
                .optional(),
            ],
            DYNAMIC,
        ),
    ],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(series_outliers),
    examples: &[
        ex(
            "series_outliers(dynamic([-3, 2.4, 15, 3.9, 5, 6, 4.5, 5.2, 3, 4, 5, 16, 7, 5, 5, 4]))",
            "[-1.904078548360857,-0.10021466044004519,1.3361954725339347,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,1.6702443406674186,0.0,0.0,0.0,0.0]",
        ),
        ex(
            "series_outliers(dynamic([1, 2, 3, 4, 5, 6, 7, 8, 21]), 'tukey')",
            "[-0.5,-0.25,0.0,0.0,0.0,0.0,0.0,0.25,3.5]",
        ),
        ex(
            "series_outliers(dynamic([1, 2, 3, 4, 5, 6, 7, 8, 21, -1]), 'tukey', -1)",
            "[-0.5,-0.25,0.0,0.0,0.0,0.0,0.0,0.25,3.5,0.0]",
        ),
        ex("series_outliers(dynamic([2, 2, 2]))", "[0.0,0.0,0.0]"),
    ],
    differs: "Other percentiles than 10 and 90 are refused: the factor that Kusto puts on the score is known for these only. So is a usual range of no width with values outside of it.",
};

/// What is on a score so that it means the same as with the quarters of a normal distribution, as Kusto has it for its range of
/// 10 to 90 percent.
const OF_CUSTOM: f64 = 2.772_605_605_507_915;

/// A kind of test.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    low: f64,
    high: f64,
    factor: f64,
}

impl Kind {
    pub(super) const CUSTOM: Kind = Kind {
        low: 0.1,
        high: 0.9,
        factor: OF_CUSTOM,
    };

    pub(super) fn named(function: &str, name: &str) -> Result<Kind> {
        match name {
            "ctukey" => Ok(Kind::CUSTOM),
            "tukey" => Ok(Kind {
                low: 0.25,
                high: 0.75,
                factor: 1.0,
            }),
            _ => Err(KernelError::new(format!(
                "{function} knows the tests ctukey and tukey, not `{name}`"
            ))),
        }
    }

    /// The score of each value, where only the first `learn` of them say what is usual; a missing one has 0.
    pub(super) fn scores(
        self,
        function: &str,
        values: &[Option<f64>],
        learn: usize,
    ) -> Result<Vec<f64>> {
        let mut usual: Vec<f64> = values.iter().take(learn).copied().flatten().collect();
        if usual.iter().any(|x| x.is_nan()) {
            return Err(KernelError::new(format!(
                "{function} of a series with NaN is not supported"
            )));
        }
        usual.sort_by(f64::total_cmp);
        let (Some(low), Some(high)) = (percentile(&usual, self.low), percentile(&usual, self.high))
        else {
            return Ok(vec![0.0; values.len()]);
        };
        let mut out = Vec::with_capacity(values.len());
        for value in values {
            let beyond = match value {
                Some(x) if *x > high => x - high,
                Some(x) if *x < low => x - low,
                _ => {
                    out.push(0.0);
                    continue;
                }
            };
            if high <= low {
                return Err(KernelError::new(format!(
                    "{function} is not supported where the usual range is a single value, and others lie outside of it: the score is not documented"
                )));
            }
            out.push(beyond / (high - low) * self.factor);
        }
        Ok(out)
    }
}

/// A percentile of sorted values, between two of them in proportion.
fn percentile(sorted: &[f64], p: f64) -> Option<f64> {
    let place = p * count(sorted.len().checked_sub(1)?);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let below = place.floor() as usize;
    let low = *sorted.get(below)?;
    let high = sorted.get(below + 1).copied().unwrap_or(low);
    let part = place - place.floor();
    Some(low * (1.0 - part) + high * part)
}

fn series_outliers(args: &Args<'_>) -> Result<ArrayRef> {
    const NAME: &str = "series_outliers";
    let series = args.dynamic(0)?;
    let kind = (args.len() > 1).then(|| args.str(1)).transpose()?;
    let ignored = (args.len() > 2).then(|| args.any(2)).transpose()?;
    let low = (args.len() > 3).then(|| args.real(3)).transpose()?;
    let high = (args.len() > 4).then(|| args.real(4)).transpose()?;
    let test = (args.len() > 5).then(|| args.integer(5)).transpose()?;
    let mut items = Vec::new();
    try_dyn_result(args.rows, |row, w| {
        if !read(series.get(row), &mut items)? {
            return Ok(());
        }
        let kind = match kind {
            Some(k) => Kind::named(NAME, k.get(row))?,
            None => Kind::CUSTOM,
        };
        let asked = |p: Option<Reals<'_>>, usual: f64| {
            p.and_then(|p| p.get(row)).is_none_or(|p| p == usual)
        };
        if kind.factor == OF_CUSTOM && !(asked(low, 10.0) && asked(high, 90.0)) {
            return Err(KernelError::new(
                "series_outliers is supported for the percentiles 10 and 90 only: the factor on the score of others is not documented",
            ));
        }
        let ignored = match ignored.as_ref().map(|i| i.get(row)) {
            Some(DynRef::Long(n)) => Some(Number::Long(n).real()),
            Some(DynRef::Real(x)) => Some(x),
            _ => None,
        };
        let values: Vec<Option<f64>> = items
            .iter()
            .map(|n| n.map(Number::real).filter(|x| Some(*x) != ignored))
            .collect();
        let learn = learnt(NAME, values.len(), test.as_ref().and_then(|t| t(row)))?;
        super::numbers::write_reals(&kind.scores(NAME, &values, learn)?, w);
        Ok(())
    })
}

/// How many values there are to learn from when so many at the end are not.
pub(super) fn learnt(function: &str, all: usize, test: Option<i64>) -> Result<usize> {
    match usize::try_from(test.unwrap_or(0)) {
        Ok(test) if test <= all => Ok(all - test),
        _ => Err(KernelError::new(format!(
            "{function} cannot leave out more points than the series has"
        ))),
    }
}
