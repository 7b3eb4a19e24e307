//! `series_fit_poly(y_series, x_series, degree)`: the polynomial that fits a series best.

use super::fit::{places, polynomial};
use super::numbers::{reals, write_reals};
use crate::prelude::*;

/// `series_fit_poly`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "series_fit_poly",
    summary: "The polynomial that fits a series best by least squares: how well it fits, its coefficients from the highest power down, the variances of the values and of what is left, and the polynomial itself. Without places of its own the series stands at 1, 2, ...; without a degree it is a line.",
    signatures: &[sig(
        &[
            arg_of("y_series", Class::DynamicArray, "The series."),
            arg_of("x_series", Class::DynamicArray, "The places of its values.").optional(),
            arg("degree", INT, "The highest power.").optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::Columns(&[
        ("rsquare", REAL),
        ("coefficients", DYNAMIC),
        ("variance", REAL),
        ("rvariance", REAL),
        ("poly_fit", DYNAMIC),
    ]),
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(fit_poly),
    examples: &[
        ex(
            "print y = dynamic([1,4,9,16,25]) | extend (r, c) = series_fit_poly(y, range(1, 5, 1), 2) | project round(todouble(c[0]), 6)",
            "1.0",
        ),
        ex(
            "print y = dynamic([1,2,3]) | extend series_fit_poly(y) | project series_fit_poly_y_coefficients",
            "[1.0,0.0]",
        ),
    ],
    differs: "A series with elements that are no numbers is refused.",
};

fn fit_poly(args: &Args<'_>) -> Result<ArrayRef> {
    let ys = args.dynamic(0)?;
    let xs = (args.len() > 1 && args.ty(1) == Type::Dynamic)
        .then(|| args.dynamic(1))
        .transpose()?;
    let degrees = (args.len() > 2).then(|| args.integer(2)).transpose()?;
    try_dyn_result(args.rows, |row, w| {
        let Some(y) = reals("series_fit_poly", ys.get(row))? else {
            return Ok(());
        };
        let x = match &xs {
            Some(xs) => reals("series_fit_poly", xs.get(row))?,
            None => Some(places(y.len())),
        };
        let degree = match &degrees {
            Some(d) => d(row).and_then(|d| usize::try_from(d).ok()),
            None => Some(1),
        };
        let (Some(x), Some(degree)) = (x, degree) else {
            return Ok(());
        };
        if let Some(fit) = polynomial(&x, &y, degree) {
            w.begin_array();
            w.real(fit.rsquare);
            write_reals(&fit.coefficients, w);
            w.real(fit.variance);
            w.real(fit.rvariance);
            write_reals(&fit.values, w);
            w.end();
        }
        Ok(())
    })
}
