//! `series_stats(series, ignore_nonfinite)` and `series_stats_dynamic`: the statistics of a series.

use super::numbers::{Number, count, read};
use crate::prelude::*;

const PARAMS: &[Param] = &[
    arg_of("series", Class::DynamicArray, "A series."),
    arg(
        "ignore_nonfinite",
        BOOL,
        "Whether values that are no finite numbers are left out; otherwise they make the statistics null.",
    )
    .constant()
    .optional(),
];

/// `series_stats`
pub const STATS: FunctionSpec = FunctionSpec {
    name: "series_stats",
    summary: "The least and the greatest value of a series with their places, the average, and the standard deviation and variance of a sample.",
    signatures: &[sig(PARAMS, DYNAMIC)],
    result_name: ResultName::Columns(&[
        ("min", REAL),
        ("min_idx", LONG),
        ("max", REAL),
        ("max_idx", LONG),
        ("avg", REAL),
        ("stdev", REAL),
        ("variance", REAL),
    ]),
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(stats),
    examples: &[
        ex(
            "print x = dynamic([23,46,23,87,4,8,3,75,2,56,13,75,32,16,29]) | project (a, b, c, d, e) = series_stats(x) | project strcat_array(pack_array(a, b, c, d, e), ' ')",
            "2.0 8 87.0 3 32.8",
        ),
        ex(
            "print x = dynamic([1,null,3]) | extend series_stats(x, true) | project series_stats_x_max_idx",
            "2",
        ),
        ex(
            "print x = dynamic([1,null,3]) | extend series_stats(x) | project series_stats_x_max_idx",
            "null",
        ),
    ],
    differs: "",
};

/// `series_stats_dynamic`
pub const DYNAMIC_STATS: FunctionSpec = FunctionSpec {
    name: "series_stats_dynamic",
    summary: "The statistics of `series_stats`, the sum and the length of a series as a bag.",
    signatures: &[sig(PARAMS, DYNAMIC)],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(stats_dynamic),
    examples: &[
        ex(
            "series_stats_dynamic(dynamic([1,2,3]))",
            r#"{"min":1.0,"min_idx":0,"max":3.0,"max_idx":2,"avg":2.0,"stdev":1.0,"variance":1.0,"sum":6.0,"len":3}"#,
        ),
        ex("series_stats_dynamic(dynamic([1,null])).avg", "null"),
    ],
    differs: "",
};

struct Stats {
    min: (f64, i64),
    max: (f64, i64),
    avg: f64,
    stdev: f64,
    variance: f64,
    sum: f64,
    len: i64,
}

impl Stats {
    fn of(items: &[Option<Number>], ignore: bool) -> Option<Stats> {
        let mut values = Vec::with_capacity(items.len());
        for (i, item) in items.iter().enumerate() {
            match item.map(Number::real).filter(|x| x.is_finite()) {
                Some(x) => values.push((x, i64::try_from(i).unwrap_or(i64::MAX))),
                None if ignore => {}
                None => return None,
            }
        }
        let mut min = *values.first()?;
        let mut max = min;
        for v in &values {
            if v.0 < min.0 {
                min = *v;
            }
            if v.0 > max.0 {
                max = *v;
            }
        }
        let sum: f64 = values.iter().map(|v| v.0).sum();
        let avg = sum / count(values.len());
        // The sums of squares as they grow value by value: this agrees with the printed digits of the reference.
        let (mut mean, mut squares) = (0.0, 0.0);
        for (i, (x, _)) in values.iter().enumerate() {
            let step = x - mean;
            mean += step / count(i + 1);
            squares += step * (x - mean);
        }
        let variance = if values.len() > 1 {
            squares / count(values.len() - 1)
        } else {
            0.0
        };
        Some(Stats {
            min,
            max,
            avg,
            stdev: variance.sqrt(),
            variance,
            sum,
            len: i64::try_from(items.len()).unwrap_or(i64::MAX),
        })
    }
}

fn each(args: &Args<'_>, mut write: impl FnMut(&Stats, &mut DynWriter)) -> Result<ArrayRef> {
    let series = args.dynamic(0)?;
    let ignore = (args.len() > 1).then(|| args.bool(1)).transpose()?;
    let mut items = Vec::new();
    try_dyn_result(args.rows, |row, w| {
        let ignore = ignore.is_some_and(|i| i.value(row));
        if read(series.get(row), &mut items)?
            && let Some(stats) = Stats::of(&items, ignore)
        {
            write(&stats, w);
        }
        Ok(())
    })
}

fn stats(args: &Args<'_>) -> Result<ArrayRef> {
    each(args, |s, w| {
        w.begin_array();
        w.real(s.min.0);
        w.long(s.min.1);
        w.real(s.max.0);
        w.long(s.max.1);
        w.real(s.avg);
        w.real(s.stdev);
        w.real(s.variance);
        w.end();
    })
}

fn stats_dynamic(args: &Args<'_>) -> Result<ArrayRef> {
    each(args, |s, w| {
        w.begin_bag();
        w.key("min");
        w.real(s.min.0);
        w.key("min_idx");
        w.long(s.min.1);
        w.key("max");
        w.real(s.max.0);
        w.key("max_idx");
        w.long(s.max.1);
        for (key, value) in [
            ("avg", s.avg),
            ("stdev", s.stdev),
            ("variance", s.variance),
            ("sum", s.sum),
        ] {
            w.key(key);
            w.real(value);
        }
        w.key("len");
        w.long(s.len);
        w.end();
    })
}
