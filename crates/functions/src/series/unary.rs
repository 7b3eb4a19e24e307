//! `series_abs(series)`, `series_exp(series)` and their like: a function of each element.

use super::numbers::{Number, read};
use crate::prelude::*;

const SIGNATURES: &[Signature] = &[sig(
    &[arg_of("series", Class::DynamicArray, "A series.")],
    DYNAMIC,
)];

const fn spec(
    name: &'static str,
    summary: &'static str,
    kernel: Kernel,
    examples: &'static [Example],
) -> FunctionSpec {
    FunctionSpec {
        name,
        summary,
        signatures: SIGNATURES,
        result_name: ResultName::None,
        nulls: Nulls::Seen,
        volatility: Volatility::Immutable,
        lower: Lower::Kernel(kernel),
        examples,
        differs: "",
    }
}

/// `series_abs`
pub const ABS: FunctionSpec = spec(
    "series_abs",
    "The absolute values of the elements; null where one is no number.",
    abs,
    &[
        ex("series_abs(dynamic([-6,0,8]))", "[6,0,8]"),
        ex("series_abs(dynamic([-6.5,0,8.2]))", "[6.5,0.0,8.2]"),
        ex("series_abs(dynamic([-1,'a',null]))", "[1,null,null]"),
    ],
);

/// `series_sign`
pub const SIGN: FunctionSpec = spec(
    "series_sign",
    "-1, 0 or 1 for each element; null where one is no number.",
    sign,
    &[ex("series_sign(dynamic([-6,0,8]))", "[-1,0,1]")],
);

/// `series_ceiling`
pub const CEILING: FunctionSpec = spec(
    "series_ceiling",
    "The elements rounded up, as reals; null where one is no number.",
    |args| each(args, f64::ceil),
    &[ex(
        "series_ceiling(dynamic([-1.5,1,2.5]))",
        "[-1.0,1.0,3.0]",
    )],
);

/// `series_floor`
pub const FLOOR: FunctionSpec = spec(
    "series_floor",
    "The elements rounded down, as reals; null where one is no number.",
    |args| each(args, f64::floor),
    &[ex("series_floor(dynamic([-1.5,1,2.5]))", "[-2.0,1.0,2.0]")],
);

/// `series_exp`
pub const EXP: FunctionSpec = spec(
    "series_exp",
    "e to the power of each element; null where one is no number.",
    |args| each(args, f64::exp),
    &[ex("series_exp(dynamic([0,'x']))", "[1.0,null]")],
);

/// `series_log`
pub const LOG: FunctionSpec = spec(
    "series_log",
    "The natural logarithm of each element; null where one is no number.",
    |args| each(args, f64::ln),
    &[ex("series_log(dynamic([1,'x']))", "[0.0,null]")],
);

/// `series_sin`
pub const SIN: FunctionSpec = spec(
    "series_sin",
    "The sine of each element; null where one is no number.",
    |args| each(args, f64::sin),
    &[ex(
        "series_sin(dynamic([-1,0,1]))",
        "[-0.8414709848078965,0.0,0.8414709848078965]",
    )],
);

/// `series_asin`
pub const ASIN: FunctionSpec = spec(
    "series_asin",
    "The angle of each element's sine; null where one is no number.",
    |args| each(args, f64::asin),
    &[ex(
        "series_asin(dynamic([-1,0,1]))",
        "[-1.5707963267948966,0.0,1.5707963267948966]",
    )],
);

/// `series_cos`
pub const COS: FunctionSpec = spec(
    "series_cos",
    "The cosine of each element; null where one is no number.",
    |args| each(args, f64::cos),
    &[ex(
        "series_cos(dynamic([-1,0,1]))",
        "[0.5403023058681398,1.0,0.5403023058681398]",
    )],
);

/// `series_acos`
pub const ACOS: FunctionSpec = spec(
    "series_acos",
    "The angle of each element's cosine; null where one is no number.",
    |args| each(args, f64::acos),
    &[ex(
        "series_acos(dynamic([-1,0,1]))",
        "[3.141592653589793,1.5707963267948966,0.0]",
    )],
);

/// `series_tan`
pub const TAN: FunctionSpec = spec(
    "series_tan",
    "The tangent of each element; null where one is no number.",
    |args| each(args, f64::tan),
    &[ex("series_tan(dynamic([0,null]))", "[0.0,null]")],
);

/// `series_atan`
pub const ATAN: FunctionSpec = spec(
    "series_atan",
    "The angle of each element's tangent; null where one is no number.",
    |args| each(args, f64::atan),
    &[ex(
        "series_atan(dynamic([-1,0,1]))",
        "[-0.7853981633974483,0.0,0.7853981633974483]",
    )],
);

fn abs(args: &Args<'_>) -> Result<ArrayRef> {
    elements(args, Some(i64::wrapping_abs), f64::abs)
}

fn sign(args: &Args<'_>) -> Result<ArrayRef> {
    elements(args, Some(i64::signum), |x| {
        if x == 0.0 || x.is_nan() {
            x
        } else {
            x.signum()
        }
    })
}

fn each(args: &Args<'_>, f: fn(f64) -> f64) -> Result<ArrayRef> {
    elements(args, None, f)
}

/// Whole numbers stay whole where there is a function for them and all elements are whole.
fn elements(
    args: &Args<'_>,
    whole: Option<fn(i64) -> i64>,
    real: fn(f64) -> f64,
) -> Result<ArrayRef> {
    let series = args.dynamic(0)?;
    let mut items = Vec::new();
    try_dyn_result(args.rows, |row, w| {
        if !read(series.get(row), &mut items)? {
            return Ok(());
        }
        let all_whole = items.iter().flatten().all(|n| matches!(n, Number::Long(_)));
        let whole = whole.filter(|_| all_whole);
        w.begin_array();
        for item in &items {
            match (item, whole) {
                (Some(Number::Long(n)), Some(f)) => w.long(f(*n)),
                (Some(n), _) => w.real(real(n.real())),
                (None, _) => w.null(),
            }
        }
        w.end();
        Ok(())
    })
}
