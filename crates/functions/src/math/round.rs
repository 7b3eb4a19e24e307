//! `round(number [, precision])`: a number with so many digits after the point.

use crate::prelude::*;

/// `round`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "round",
    summary: "The number with so many digits after the point, or with zeros before it where that is negative.",
    signatures: &[sig_as(
        &[
            arg_of("number", Class::Number, "The number."),
            arg("precision", LONG, "How many digits; 0 when left out.")
                .optional()
                .constant(),
        ],
        Returns::Param(0),
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(round),
    examples: &[
        ex("round(2.98765)", "3.0"),
        ex("round(2.98765, 3)", "2.988"),
        ex("round(2.15, 1)", "2.2"),
        ex("round(-50.55, -2)", "-100.0"),
        ex("round(21.5, -1)", "20.0"),
        ex("round(127, -1)", "130"),
        ex("round(-2.5)", "-3.0"),
        ex("round(decimal(3.14159), 2)", "3.14"),
        ex("round(real(+inf), 2)", "inf"),
        ex("round(1.5, long(null))", "null"),
    ],
    differs: "",
};

fn round(args: &Args<'_>) -> Result<ArrayRef> {
    let digits = if args.len() > 1 {
        args.integer(1)?
    } else {
        Box::new(|_| Some(0))
    };
    match args.ty(0) {
        REAL => {
            let a = args.real(0)?;
            real_result(args.rows, |row| Some(rounded(a.value(row), digits(row)?)))
        }
        INT => {
            let a = args.int(0)?;
            int_result(args.rows, |row| {
                let n = whole(i128::from(a.value(row)), digits(row)?.checked_neg()?)?;
                i32::try_from(n).ok()
            })
        }
        DECIMAL => {
            let a = args.decimal(0)?;
            let scale = i64::from(kql_types::DECIMAL_SCALE);
            decimal_result(args.rows, |row| {
                whole(a.value(row), scale.checked_sub(digits(row)?)?)
            })
        }
        _ => {
            let a = args.long(0)?;
            long_result(args.rows, |row| {
                let n = whole(i128::from(a.value(row)), digits(row)?.checked_neg()?)?;
                i64::try_from(n).ok()
            })
        }
    }
}

/// A whole number with its last `places` digits made zeros, halves away from zero.
fn whole(n: i128, places: i64) -> Option<i128> {
    if places <= 0 {
        return Some(n);
    }
    let Some(unit) = u32::try_from(places)
        .ok()
        .and_then(|p| 10i128.checked_pow(p))
    else {
        return Some(0);
    };
    let rest = n % unit;
    let down = n - rest;
    if rest.abs() >= unit - rest.abs() {
        down.checked_add(unit * rest.signum())
    } else {
        Some(down)
    }
}

/// Rounds by the decimal text of the number, so that 2.15 with one digit is 2.2 as people read it.
fn rounded(x: f64, digits: i64) -> f64 {
    if !x.is_finite() {
        return x;
    }
    let digits = i32::try_from(digits.clamp(-300, 300)).unwrap_or(0);
    if digits >= 16 {
        return x;
    }
    let factor = 10f64.powi(digits.abs());
    let scaled = if digits >= 0 { x * factor } else { x / factor };
    if !scaled.is_finite() {
        return x;
    }
    // What binary fractions lose is less than a billionth of a unit here.
    let nudged = scaled + scaled.signum() * (scaled.abs() * 1e-14).min(1e-9);
    let whole = nudged.round();
    let result = if digits >= 0 {
        whole / factor
    } else {
        whole * factor
    };
    // Adding 0 makes 0 of -0.
    result + 0.0
}
