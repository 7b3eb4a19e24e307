//! `series_decompose(series, period, trend, test_points, threshold)`, `series_decompose_anomalies` and
//! `series_decompose_forecast`: a series as what repeats, a trend, and the rest.

use super::fit::{places, polynomial};
use super::numbers::{count, reals, write_reals};
use super::outliers::{Kind, learnt};
use super::periods::{Period, profile};
use super::seasonal::medians;
use crate::prelude::*;

const SERIES: Param = arg_of("series", Class::DynamicArray, "A series.");
const PERIOD: Param = arg_of(
    "period",
    Class::Integer,
    "How many values a period has; -1 (unless given) to find it, 0 for none.",
);
const TREND: Param = arg("trend", STRING, "avg, linefit or none.");
const TEST_POINTS: Param = arg_of(
    "test_points",
    Class::Integer,
    "How many values at the end are not learnt from.",
);
const SEASONALITY: Param = arg_of(
    "seasonality_threshold",
    Class::Number,
    "The score that a found period needs; 0.6 unless given.",
);
const PARTS: ResultName = ResultName::Columns(&[
    ("baseline", DYNAMIC),
    ("seasonal", DYNAMIC),
    ("trend", DYNAMIC),
    ("residual", DYNAMIC),
]);
const DIFFERS: &str = "Which periods Kusto looks at where none is given is not published: here it is the one that scores best of those that stand out of the spectrum beyond chance (`series_periods_detect`); another choice gives another baseline and other anomalies. Where a period scores high that does not stand out so, the call is an error, and with a period (or 0) it is none. A series with elements that are no numbers is refused.";

/// `series_decompose`
pub const DECOMPOSE: FunctionSpec = FunctionSpec {
    name: "series_decompose",
    summary: "Takes a series apart: what repeats (the medians of the places of the period), the trend of what that leaves, both together as the baseline, and the rest.",
    signatures: &[sig(
        &[
            SERIES,
            PERIOD.optional(),
            TREND.optional(),
            TEST_POINTS.optional(),
            SEASONALITY.optional(),
        ],
        DYNAMIC,
    )],
    result_name: PARTS,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(series_decompose),
    examples: &[
        ex(
            "print y = dynamic([1,5,2,6,3,7]) | project (b, s, t, r) = series_decompose(y, 2, 'linefit') | project strcat(s, t, r)",
            "[2.0,6.0,2.0,6.0,2.0,6.0][-1.1428571428571428,-0.6857142857142856,-0.22857142857142843,0.22857142857142865,0.6857142857142857,1.142857142857143][0.1428571428571428,-0.31428571428571406,0.22857142857142843,-0.22857142857142865,0.31428571428571406,-0.14285714285714324]",
        ),
        ex(
            "print y = dynamic([1,2,3,10]) | project (b, s, t, r) = series_decompose(y, 0, 'avg', 1) | project strcat(b, r)",
            "[2.0,2.0,2.0,2.0][-1.0,0.0,1.0,8.0]",
        ),
        ex(
            "print y = dynamic([8,12,14,12,10,10,12,14,12,10,10,12,14,12,10,10,12,14,12,10]) | project (b, s) = series_decompose(y, -1, 'none') | project strcat(s)",
            "[10.0,12.0,14.0,12.0,10.0,10.0,12.0,14.0,12.0,10.0,10.0,12.0,14.0,12.0,10.0,10.0,12.0,14.0,12.0,10.0]",
        ),
    ],
    differs: DIFFERS,
};

/// `series_decompose_forecast`
pub const FORECAST: FunctionSpec = FunctionSpec {
    name: "series_decompose_forecast",
    summary: "Continues a series by what repeats and its trend: the baseline, over the points too that are not learnt from.",
    signatures: &[sig(
        &[
            SERIES,
            TEST_POINTS,
            PERIOD.optional(),
            TREND.optional(),
            SEASONALITY.optional(),
        ],
        DYNAMIC,
    )],
    result_name: PARTS,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(series_decompose_forecast),
    examples: &[ex(
        "print y = dynamic([1,2,3,0,0]) | project f = series_decompose_forecast(y, 2, 0, 'linefit') | project strcat(f)",
        "[1.0,2.0,3.0,4.0,5.0]",
    )],
    differs: "Which periods Kusto looks at where none is given is not published: here it is the one that scores best of those that stand out of the spectrum beyond chance (`series_periods_detect`); another choice gives another baseline and other anomalies. Where a period scores high that does not stand out so, the call is an error, and with a period (or 0) it is none. A call without a trend is an error: editions of the reference disagree on which it is. A series with elements that are no numbers is refused.",
};

/// `series_decompose_anomalies`
pub const ANOMALIES: FunctionSpec = FunctionSpec {
    name: "series_decompose_anomalies",
    summary: "Which values of a series are unusual beside what repeats and its trend: 1 above, -1 below, else 0; the score of each by `series_outliers` of the rest; and the baseline.",
    signatures: &[sig(
        &[
            SERIES,
            arg_of(
                "threshold",
                Class::Number,
                "The score from which a value is unusual; 1.5 unless given.",
            )
            .optional(),
            PERIOD.optional(),
            TREND.optional(),
            TEST_POINTS.optional(),
            arg("method", STRING, "ctukey (unless given) or tukey.").optional(),
            SEASONALITY.optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::Columns(&[
        ("ad_flag", DYNAMIC),
        ("ad_score", DYNAMIC),
        ("baseline", DYNAMIC),
    ]),
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(series_decompose_anomalies),
    examples: &[
        ex(
            "print y = dynamic([-3, 2.4, 15, 3.9, 5, 6, 4.5, 5.2, 3, 4, 5, 16, 7, 5, 5, 4]) | project (flag, score) = series_decompose_anomalies(y, 1.5, 0, 'none') | project strcat(flag, score)",
            "[-1,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0][-1.904078548360857,-0.10021466044004519,1.3361954725339347,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,1.6702443406674186,0.0,0.0,0.0,0.0]",
        ),
        ex(
            "print y = dynamic([1,2,3,30,4,5,6]) | project (flag, score, base) = series_decompose_anomalies(y, 1.5, -1, 'linefit') | project strcat(flag)",
            "[0,0,0,1,0,0,0]",
        ),
    ],
    differs: DIFFERS,
};

/// A series, taken apart.
struct Parts {
    seasonal: Vec<f64>,
    trend: Vec<f64>,
    baseline: Vec<f64>,
    residual: Vec<f64>,
    /// How many values were learnt from.
    learn: usize,
}

/// Where the arguments stand that the functions of this family share.
struct Places {
    name: &'static str,
    period: usize,
    trend: usize,
    test: usize,
    threshold: usize,
}

/// The arguments themselves.
struct Calls<'a> {
    name: &'static str,
    series: Dyns<'a>,
    period: Option<Box<dyn Fn(usize) -> Option<i64> + 'a>>,
    trend: Option<Strs<'a>>,
    test: Option<Box<dyn Fn(usize) -> Option<i64> + 'a>>,
    threshold: Option<Any<'a>>,
}

impl<'a> Calls<'a> {
    fn new(args: &Args<'a>, at: &Places) -> Result<Self> {
        let there = |i: usize| i < args.len();
        Ok(Calls {
            name: at.name,
            series: args.dynamic(0)?,
            period: there(at.period)
                .then(|| args.integer(at.period))
                .transpose()?,
            trend: there(at.trend).then(|| args.str(at.trend)).transpose()?,
            test: there(at.test).then(|| args.integer(at.test)).transpose()?,
            threshold: there(at.threshold)
                .then(|| args.any(at.threshold))
                .transpose()?,
        })
    }

    /// A row's series, taken apart; none for what is no array.
    fn parts(&self, row: usize) -> Result<Option<(Vec<f64>, Parts)>> {
        let Some(x) = reals(self.name, self.series.get(row))? else {
            return Ok(None);
        };
        let test = self.test.as_ref().and_then(|t| t(row));
        let learn = learnt(self.name, x.len(), test)?;
        let known = x.get(..learn).unwrap_or_default();
        let period = match self.period.as_ref().map_or(Some(-1), |p| p(row)) {
            None | Some(-1) => self.found(known, row)?,
            Some(period) => period,
        };
        let pattern = medians(known, period);
        let place = usize::try_from(period).unwrap_or(0).max(1);
        let seasonal: Vec<f64> = (0..x.len())
            .map(|i| pattern.get(i % place).copied().unwrap_or_default())
            .collect();
        let rest: Vec<f64> = known.iter().zip(&seasonal).map(|(x, s)| x - s).collect();
        let trend = self.trend(&rest, x.len(), self.trend.map_or("avg", |t| t.get(row)))?;
        let baseline: Vec<f64> = seasonal.iter().zip(&trend).map(|(s, t)| s + t).collect();
        let residual = x.iter().zip(&baseline).map(|(x, b)| x - b).collect();
        Ok(Some((
            x,
            Parts {
                seasonal,
                trend,
                baseline,
                residual,
                learn,
            },
        )))
    }

    fn trend(&self, rest: &[f64], all: usize, kind: &str) -> Result<Vec<f64>> {
        let short = || {
            KernelError::new(format!(
                "{} of a series without enough values to learn from is not supported",
                self.name
            ))
        };
        match kind {
            "none" => Ok(vec![0.0; all]),
            "avg" if rest.is_empty() && all > 0 => Err(short()),
            "avg" => Ok(vec![rest.iter().sum::<f64>() / count(rest.len()); all]),
            "linefit" if all == 0 => Ok(Vec::new()),
            "linefit" => {
                let fit = polynomial(&places(rest.len()), rest, 1).ok_or_else(short)?;
                let [slope, start] = *fit.coefficients else {
                    return Err(short());
                };
                Ok(places(all).iter().map(|x| start + slope * x).collect())
            }
            _ => Err(KernelError::new(format!(
                "{} knows the trends avg, linefit and none, not `{kind}`",
                self.name
            ))),
        }
    }

    fn found(&self, known: &[f64], row: usize) -> Result<i64> {
        let threshold = match self.threshold.as_ref().map(|t| t.get(row)) {
            Some(DynRef::Real(x)) => x,
            Some(DynRef::Long(n)) => super::numbers::Number::Long(n).real(),
            _ => 0.6,
        };
        match profile(known).map_or(Period::Unclear, |p| p.best(threshold)) {
            Period::None => Ok(0),
            Period::Of(period) => Ok(i64::try_from(period).unwrap_or_default()),
            Period::Unclear => Err(KernelError::new(format!(
                "{} cannot tell whether Kusto finds a period in this series; with a period, or 0 for none, it can",
                self.name
            ))),
        }
    }
}

fn write_parts(parts: &Parts, w: &mut DynWriter) {
    w.begin_array();
    for part in [
        &parts.baseline,
        &parts.seasonal,
        &parts.trend,
        &parts.residual,
    ] {
        write_reals(part, w);
    }
    w.end();
}

fn series_decompose(args: &Args<'_>) -> Result<ArrayRef> {
    let calls = Calls::new(
        args,
        &Places {
            name: "series_decompose",
            period: 1,
            trend: 2,
            test: 3,
            threshold: 4,
        },
    )?;
    try_dyn_result(args.rows, |row, w| {
        if let Some((_, parts)) = calls.parts(row)? {
            write_parts(&parts, w);
        }
        Ok(())
    })
}

fn series_decompose_forecast(args: &Args<'_>) -> Result<ArrayRef> {
    let calls = Calls::new(
        args,
        &Places {
            name: "series_decompose_forecast",
            test: 1,
            period: 2,
            trend: 3,
            threshold: 4,
        },
    )?;
    if calls.trend.is_none() {
        return Err(KernelError::new(
            "series_decompose_forecast requires a trend (linefit, avg or none): editions of the reference disagree on which it is when none is given",
        ));
    }
    try_dyn_result(args.rows, |row, w| {
        if let Some((_, parts)) = calls.parts(row)? {
            write_parts(&parts, w);
        }
        Ok(())
    })
}

fn series_decompose_anomalies(args: &Args<'_>) -> Result<ArrayRef> {
    let calls = Calls::new(
        args,
        &Places {
            name: "series_decompose_anomalies",
            period: 2,
            trend: 3,
            test: 4,
            threshold: 6,
        },
    )?;
    let threshold = (args.len() > 1).then(|| args.any(1)).transpose()?;
    let method = (args.len() > 5).then(|| args.str(5)).transpose()?;
    try_dyn_result(args.rows, |row, w| {
        let Some((x, parts)) = calls.parts(row)? else {
            return Ok(());
        };
        let threshold = match threshold.as_ref().map(|t| t.get(row)) {
            Some(v) => match super::numbers::number(v)? {
                Some(n) => n.real(),
                None => return Ok(()),
            },
            None => 1.5,
        };
        let kind = match method {
            Some(m) => Kind::named(calls.name, m.get(row))?,
            None => Kind::CUSTOM,
        };
        let rest: Vec<Option<f64>> = parts.residual.iter().copied().map(Some).collect();
        let largest = x.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
        let scores = if parts.residual.iter().all(|r| r.abs() <= 1e-12 * largest) {
            // Nothing is left but what rounding leaves.
            vec![0.0; x.len()]
        } else {
            kind.scores(calls.name, &rest, parts.learn)?
        };
        w.begin_array();
        w.begin_array();
        for score in &scores {
            w.long(i64::from(*score > threshold) - i64::from(*score < -threshold));
        }
        w.end();
        write_reals(&scores, w);
        write_reals(&parts.baseline, w);
        w.end();
        Ok(())
    })
}
