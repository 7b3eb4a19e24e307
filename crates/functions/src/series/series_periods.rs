//! `series_periods_detect(series, min_period, max_period, num_periods)` and `series_periods_validate(series, period, ...)`.

use super::numbers::{Number, count, number, reals, write_reals};
use super::periods::{Profile, profile};
use crate::prelude::*;

const SERIES: Param = arg_of("series", Class::DynamicArray, "A series.");
const COLUMNS: ResultName = ResultName::Columns(&[("periods", DYNAMIC), ("scores", DYNAMIC)]);
/// More periods than this no series that fits into memory has.
const MOST: i64 = 1_000_000;

/// `series_periods_detect`
pub const DETECT: FunctionSpec = FunctionSpec {
    name: "series_periods_detect",
    summary: "The periods in which a series repeats, the one that scores best first, and their scores; zeros where there are fewer than asked for. A period has at least four values and at most half of the series. The score is the circular autocorrelation, scaled so that its least is 0.",
    signatures: &[sig(
        &[
            SERIES,
            arg_of("min_period", Class::Number, "The shortest."),
            arg_of("max_period", Class::Number, "The longest."),
            arg("num_periods", LONG, "How many."),
        ],
        DYNAMIC,
    )],
    result_name: COLUMNS,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(detect),
    examples: &[
        ex(
            "print y = dynamic([80, 139, 87, 110, 68, 54, 50, 51, 53, 133, 86, 141, 97, 156, 94, 149, 95, 140, 77, 61, 50, 54, 47, 133, 72, 152, 94, 148, 105, 162, 101, 160, 87, 63, 53, 55, 54, 151, 103, 189, 108, 183, 113, 175, 113, 178, 90, 71, 62, 62, 65, 165, 109, 181, 115, 182, 121, 178, 114, 170]) | project (p, s) = series_periods_detect(y, 0.0, 50.0, 2) | project strcat(p, ' ', round(toreal(s[0]), 4))",
            "[14.0,0.0] 0.8406",
        ),
        ex(
            "print y = dynamic([1, 2, 3, 4, 5, 6, 7, 8]) | project (p, s) = series_periods_detect(y, 4, 8, 1) | project strcat(p, s)",
            "[0.0][0.0]",
        ),
    ],
    differs: "The scores are those that the reference prints. Which periods Kusto looks at is not published: here they are those that stand out of the spectrum beyond chance, so that weak ones may be missing. A series with elements that are no numbers is refused.",
};

/// `series_periods_validate`
pub const VALIDATE: FunctionSpec = FunctionSpec {
    name: "series_periods_validate",
    summary: "How well a series repeats in each of the given periods: 0 for what is no period of it, less than four values or more than half of the series.",
    signatures: &[sig(
        &[
            SERIES,
            arg_of("period", Class::Number, "A period.").repeated(1, 16),
        ],
        DYNAMIC,
    )],
    result_name: COLUMNS,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(validate),
    examples: &[
        ex(
            "print y = dynamic([80, 139, 87, 110, 68, 54, 50, 51, 53, 133, 86, 141, 97, 156, 94, 149, 95, 140, 77, 61, 50, 54, 47, 133, 72, 152, 94, 148, 105, 162, 101, 160, 87, 63, 53, 55, 54, 151, 103, 189, 108, 183, 113, 175, 113, 178, 90, 71, 62, 62, 65, 165, 109, 181, 115, 182, 121, 178, 114, 170]) | project (p, s) = series_periods_validate(y, 14.0, 10.0) | project strcat(p, ' ', round(toreal(s[0]), 4), ' ', s[1])",
            "[14.0,10.0] 0.8406 0.0",
        ),
        ex(
            "print y = dynamic([1, 5, 2, 6, 3, 7]) | project (p, s) = series_periods_validate(y, 2, 100) | project strcat(p, s)",
            "[2.0,100.0][0.0,0.0]",
        ),
    ],
    differs: "The scores are those that the reference prints. A period close to one of the series but not that itself, or one whose score is high though it does not stand out of the spectrum, is an error: what Kusto makes of it is not published. A series with elements that are no numbers is refused.",
};

fn unknown(function: &str) -> KernelError {
    KernelError::new(format!(
        "{function} over a series with elements that are infinite or NaN is not supported"
    ))
}

fn known(function: &str, series: DynRef<'_>) -> Result<Option<Profile>> {
    match reals(function, series)? {
        Some(x) => profile(&x).map(Some).ok_or_else(|| unknown(function)),
        None => Ok(None),
    }
}

fn detect(args: &Args<'_>) -> Result<ArrayRef> {
    let name = "series_periods_detect";
    let series = args.dynamic(0)?;
    let (shortest, longest) = (args.any(1)?, args.any(2)?);
    let most = args.integer(3)?;
    try_dyn_result(args.rows, |row, w| {
        let Some(profile) = known(name, series.get(row))? else {
            return Ok(());
        };
        let bounds = (number(shortest.get(row))?, number(longest.get(row))?);
        let ((Some(shortest), Some(longest)), Some(most)) = (bounds, most(row)) else {
            return Ok(());
        };
        if most > MOST {
            return Err(KernelError::new(format!(
                "{name} finds at most {MOST} periods"
            )));
        }
        let size = usize::try_from(most).unwrap_or_default();
        let mut found: Vec<(f64, f64)> = profile
            .found()
            .iter()
            .map(|(p, score)| (count(*p), *score))
            .filter(|(p, _)| *p >= shortest.real() && *p <= longest.real())
            .collect();
        found.resize(size, (0.0, 0.0));
        write(&found, w);
        Ok(())
    })
}

fn validate(args: &Args<'_>) -> Result<ArrayRef> {
    let name = "series_periods_validate";
    let series = args.dynamic(0)?;
    let periods: Vec<Any<'_>> = (1..args.len())
        .map(|i| args.any(i))
        .collect::<Result<_>>()?;
    try_dyn_result(args.rows, |row, w| {
        let Some(profile) = known(name, series.get(row))? else {
            return Ok(());
        };
        let mut scores = Vec::with_capacity(periods.len());
        for period in &periods {
            let Some(period) = number(period.get(row))?.map(Number::real) else {
                return Ok(());
            };
            let Some(score) = profile.score(period) else {
                return Err(KernelError::new(format!(
                    "{name} cannot tell whether Kusto takes {period} for a period of this series"
                )));
            };
            scores.push((period, score));
        }
        write(&scores, w);
        Ok(())
    })
}

fn write(periods: &[(f64, f64)], w: &mut DynWriter) {
    let (periods, scores): (Vec<f64>, Vec<f64>) = periods.iter().copied().unzip();
    w.begin_array();
    write_reals(&periods, w);
    write_reals(&scores, w);
    w.end();
}
