//! `series_fit_line(series)` and `series_fit_line_dynamic`: the line that fits a series best.

use super::fit::{Fit, places, polynomial};
use super::numbers::{reals, write_reals};
use crate::prelude::*;

const PARAMS: &[Param] = &[arg_of("series", Class::DynamicArray, "A series.")];
const DIFFERS: &str = "A series with elements that are no numbers is refused.";

/// `series_fit_line`
pub const LINE: FunctionSpec = FunctionSpec {
    name: "series_fit_line",
    summary: "The line that fits a series best by least squares, its places counted from 1: how well it fits, its slope, the variances of the values and of what is left, its value at 0 and the line itself.",
    signatures: &[sig(PARAMS, DYNAMIC)],
    result_name: ResultName::Columns(&[
        ("rsquare", REAL),
        ("slope", REAL),
        ("variance", REAL),
        ("rvariance", REAL),
        ("interception", REAL),
        ("line_fit", DYNAMIC),
    ]),
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(fit_line),
    examples: &[
        ex(
            "print y = dynamic([2,5,6,8,11,15,17,18,25,26,30,30]) | extend (r, a, v, rv, b) = series_fit_line(y) | project strcat_array(pack_array(round(r, 3), round(a, 3), round(v, 3), round(rv, 3), round(b, 3)), ' ')",
            "0.983 2.731 98.629 1.686 -1.667",
        ),
        ex(
            "print y = dynamic([1,2,3]) | project series_fit_line(y) | project series_fit_line_y_line_fit",
            "[1.0,2.0,3.0]",
        ),
    ],
    differs: DIFFERS,
};

/// `series_fit_line_dynamic`
pub const LINE_DYNAMIC: FunctionSpec = FunctionSpec {
    name: "series_fit_line_dynamic",
    summary: "What `series_fit_line` finds as a bag.",
    signatures: &[sig(PARAMS, DYNAMIC)],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(fit_line_dynamic),
    examples: &[
        ex("series_fit_line_dynamic(dynamic([1,3,5])).slope", "2.0"),
        ex(
            "series_fit_line_dynamic(dynamic([1,3,5])).interception",
            "-1.0",
        ),
        ex("series_fit_line_dynamic(dynamic({}))", "null"),
    ],
    differs: DIFFERS,
};

fn each(
    function: &str,
    args: &Args<'_>,
    mut write: impl FnMut(&Fit, &[f64; 5], &mut DynWriter),
) -> Result<ArrayRef> {
    let series = args.dynamic(0)?;
    try_dyn_result(args.rows, |row, w| {
        let Some(y) = reals(function, series.get(row))? else {
            return Ok(());
        };
        if let Some(fit) = polynomial(&places(y.len()), &y, 1)
            && let [slope, interception] = *fit.coefficients
        {
            let parts = [
                fit.rsquare,
                slope,
                fit.variance,
                fit.rvariance,
                interception,
            ];
            write(&fit, &parts, w);
        }
        Ok(())
    })
}

fn fit_line(args: &Args<'_>) -> Result<ArrayRef> {
    each("series_fit_line", args, |fit, parts, w| {
        w.begin_array();
        parts.iter().for_each(|x| w.real(*x));
        write_reals(&fit.values, w);
        w.end();
    })
}

fn fit_line_dynamic(args: &Args<'_>) -> Result<ArrayRef> {
    const KEYS: [&str; 5] = ["rsquare", "slope", "variance", "rvariance", "interception"];
    each("series_fit_line_dynamic", args, |fit, parts, w| {
        w.begin_bag();
        for (key, x) in KEYS.iter().zip(parts) {
            w.key(key);
            w.real(*x);
        }
        w.key("line_fit");
        write_reals(&fit.values, w);
        w.end();
    })
}
