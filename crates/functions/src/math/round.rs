//! `bin` and its like, `round`, `abs`, `sign`, roots, powers and logarithms.

use crate::prelude::*;

const fn function(
    name: &'static str,
    summary: &'static str,
    signatures: &'static [Signature],
    result_name: ResultName,
    kernel: Kernel,
    examples: &'static [Example],
) -> FunctionSpec {
    FunctionSpec {
        name,
        summary,
        signatures,
        result_name,
        nulls: Nulls::Strict,
        volatility: Volatility::Immutable,
        lower: Lower::Kernel(kernel),
        examples,
        differs: "",
    }
}

const BIN: &[Signature] = &[
    sig_as(
        &[
            arg_of("value", Class::Number, "The value."),
            arg_of("roundTo", Class::Number, "The width of a bin."),
        ],
        Returns::Widest,
    ),
    sig(
        &[
            arg("value", TIMESPAN, "The value."),
            arg("roundTo", TIMESPAN, "The width of a bin."),
        ],
        TIMESPAN,
    ),
    sig(
        &[
            arg("value", DATETIME, "The value."),
            arg("roundTo", TIMESPAN, "The width of a bin."),
        ],
        DATETIME,
    ),
];

/// `bin`
pub const BIN_SPEC: FunctionSpec = function(
    "bin",
    "The start of the bin that holds the value: the greatest multiple of the width that is not greater.",
    BIN,
    ResultName::FirstArgument,
    bin,
    &[
        ex("bin(7, 5)", "5"),
        ex("bin(-7, 5)", "-10"),
        ex(
            "bin(datetime(2007-03-05 12:34), 1d)",
            "2007-03-05T00:00:00.0000000Z",
        ),
    ],
);
/// `floor`
pub const FLOOR: FunctionSpec = function(
    "floor",
    "The same as bin.",
    BIN,
    ResultName::FirstArgument,
    bin,
    &[ex("floor(-7, 5)", "-10")],
);

fn bin(args: &Args<'_>) -> Result<ArrayRef> {
    match args.ty(0) {
        REAL => {
            let (a, b) = (args.real(0)?, args.real(1)?);
            real_result(args.rows, |r| {
                Some((a.value(r) / b.value(r)).floor() * b.value(r))
            })
        }
        INT => {
            let (a, b) = (args.int(0)?, args.int(1)?);
            int_result(args.rows, |r| {
                let (a, b) = (i64::from(a.value(r)), i64::from(b.value(r)));
                down(a, b).and_then(|n| i32::try_from(n).ok())
            })
        }
        DECIMAL => {
            let (a, b) = (args.decimal(0)?, args.decimal(1)?);
            decimal_result(args.rows, |r| {
                let (a, b) = (a.value(r), b.value(r));
                (b > 0).then(|| a - a.rem_euclid(b))
            })
        }
        _ => {
            let (a, b) = (args.long(0)?, args.long(1)?);
            if let (true, Some(width)) = (b.is_constant(), b.get(0)) {
                return long_result(args.rows, |r| down(a.value(r), width));
            }
            long_result(args.rows, |r| down(a.value(r), b.value(r)))
        }
    }
}

/// The multiple of `width` below; none for a width of nothing. A negative width counts from the other side.
fn down(value: i64, width: i64) -> Option<i64> {
    if width == 0 {
        return None;
    }
    if width > 0 {
        value.checked_sub(value.rem_euclid(width))
    } else {
        None
    }
}

const NUMBER: Param = arg_of("number", Class::Number, "The number.");

/// `abs`
pub const ABS: FunctionSpec = function(
    "abs",
    "The number without its sign.",
    &[
        sig(&[arg_of("number", Class::Integer, "The number.")], LONG),
        sig_as(&[NUMBER], Returns::Param(0)),
        sig(&[arg("number", TIMESPAN, "The timespan.")], TIMESPAN),
    ],
    ResultName::FirstArgument,
    |args| match args.ty(0) {
        INT => {
            let a = args.int(0)?;
            long_result(args.rows, |r| Some(i64::from(a.value(r)).wrapping_abs()))
        }
        REAL => {
            let a = args.real(0)?;
            real_result(args.rows, |r| Some(a.value(r).abs()))
        }
        DECIMAL => {
            let a = args.decimal(0)?;
            decimal_result(args.rows, |r| a.value(r).checked_abs())
        }
        _ => {
            let a = args.long(0)?;
            long_result(args.rows, |r| Some(a.value(r).wrapping_abs()))
        }
    },
    &[ex("abs(-5)", "5")],
);

/// `round`
pub const ROUND: FunctionSpec = function(
    "round",
    "The number with so many digits after the point.",
    &[sig(
        &[
            arg("number", REAL, "The number."),
            arg("precision", LONG, "How many digits; 0 when left out.").optional(),
        ],
        REAL,
    )],
    ResultName::FirstArgument,
    |args| {
        let a = args.real(0)?;
        if args.len() == 1 {
            return real_result(args.rows, |r| Some(a.value(r).round()));
        }
        let digits = args.long(1)?;
        real_result(args.rows, |r| Some(rounded(a.value(r), digits.value(r))))
    },
    &[
        ex("round(2.98765)", "3.0"),
        ex("round(2.15, 1)", "2.2"),
        ex("round(127.0, -1)", "130.0"),
    ],
);

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
    if digits >= 0 {
        whole / factor
    } else {
        whole * factor
    }
}

const REAL_ONLY: &[Signature] = &[sig(&[arg("number", REAL, "The number.")], REAL)];

macro_rules! real_function {
    ($name:literal, $summary:literal, $f:expr, $example:literal, $result:literal) => {
        real_function!($name, $summary, $f, $example, $result, FirstArgument)
    };
    ($name:literal, $summary:literal, $f:expr, $example:literal, $result:literal, $named:ident) => {
        function(
            $name,
            $summary,
            REAL_ONLY,
            ResultName::$named,
            |args| {
                let a = args.real(0)?;
                let f: fn(f64) -> f64 = $f;
                // What has no result is null, but NaN stays NaN.
                real_result(args.rows, |r| {
                    let x = a.value(r);
                    Some(f(x)).filter(|y| !y.is_nan() || x.is_nan())
                })
            },
            &[ex($example, $result)],
        )
    };
}

/// `sqrt`
pub const SQRT: FunctionSpec = real_function!(
    "sqrt",
    "The square root; null for a negative number.",
    f64::sqrt,
    "sqrt(9)",
    "3.0"
);
/// `exp`
pub const EXP: FunctionSpec = real_function!("exp", "e to this power.", f64::exp, "exp(0)", "1.0");
/// `exp2`
pub const EXP2: FunctionSpec =
    real_function!("exp2", "2 to this power.", f64::exp2, "exp2(3)", "8.0");
/// `exp10`
pub const EXP10: FunctionSpec = real_function!(
    "exp10",
    "10 to this power.",
    |x| 10f64.powf(x),
    "exp10(2)",
    "100.0",
    None
);
/// `log`
pub const LOG: FunctionSpec = real_function!(
    "log",
    "The natural logarithm.",
    |x| if x <= 0.0 { f64::NAN } else { x.ln() },
    "log(1)",
    "0.0"
);
/// `log2`
pub const LOG2: FunctionSpec = real_function!(
    "log2",
    "The logarithm to base 2.",
    |x| if x <= 0.0 { f64::NAN } else { x.log2() },
    "log2(8)",
    "3.0"
);
/// `log10`
pub const LOG10: FunctionSpec = real_function!(
    "log10",
    "The logarithm to base 10.",
    |x| if x <= 0.0 { f64::NAN } else { x.log10() },
    "log10(1000)",
    "3.0"
);
/// `sin`
pub const SIN: FunctionSpec = real_function!("sin", "The sine.", f64::sin, "sin(0)", "0.0");
/// `cos`
pub const COS: FunctionSpec = real_function!("cos", "The cosine.", f64::cos, "cos(0)", "1.0");
/// `tan`
pub const TAN: FunctionSpec = real_function!("tan", "The tangent.", f64::tan, "tan(0)", "0.0");
/// `cot`
pub const COT: FunctionSpec = real_function!(
    "cot",
    "The cotangent.",
    |x| 1.0 / x.tan(),
    "round(cot(1), 3)",
    "0.642",
    None
);
/// `asin`
pub const ASIN: FunctionSpec = real_function!("asin", "The arc sine.", f64::asin, "asin(0)", "0.0");
/// `acos`
pub const ACOS: FunctionSpec =
    real_function!("acos", "The arc cosine.", f64::acos, "acos(1)", "0.0");
/// `atan`
pub const ATAN: FunctionSpec =
    real_function!("atan", "The arc tangent.", f64::atan, "atan(0)", "0.0");
/// `degrees`
pub const DEGREES: FunctionSpec = real_function!(
    "degrees",
    "Radians as degrees.",
    f64::to_degrees,
    "degrees(pi())",
    "180.0",
    None
);
/// `radians`
pub const RADIANS: FunctionSpec = real_function!(
    "radians",
    "Degrees as radians.",
    f64::to_radians,
    "round(radians(180), 3)",
    "3.142",
    None
);

/// `ceiling`
pub const CEILING: FunctionSpec = function(
    "ceiling",
    "The least whole number that is not less.",
    &[sig_as(&[NUMBER], Returns::Param(0))],
    ResultName::FirstArgument,
    |args| match args.ty(0) {
        REAL => {
            let a = args.real(0)?;
            real_result(args.rows, |r| Some(a.value(r).ceil()))
        }
        INT => {
            let a = args.int(0)?;
            int_result(args.rows, |r| Some(a.value(r)))
        }
        LONG => {
            let a = args.long(0)?;
            long_result(args.rows, |r| Some(a.value(r)))
        }
        _ => {
            let a = args.decimal(0)?;
            let one = 10i128.pow(kql_types::DECIMAL_SCALE);
            decimal_result(args.rows, |r| {
                let d = a.value(r);
                let up = d.rem_euclid(one);
                if up == 0 {
                    Some(d)
                } else {
                    d.checked_add(one - up)
                }
            })
        }
    },
    &[ex("ceiling(1.1)", "2.0")],
);
/// `sign`
pub const SIGN: FunctionSpec = function(
    "sign",
    "-1, 0 or 1 by the sign of the number.",
    REAL_ONLY,
    ResultName::None,
    |args| {
        let a = args.real(0)?;
        real_result(args.rows, |r| {
            let x = a.value(r);
            Some(if x == 0.0 { 0.0 } else { x.signum() })
        })
    },
    &[ex("sign(-42.1)", "-1.0")],
);
/// `pow`
pub const POW: FunctionSpec = function(
    "pow",
    "A number to a power.",
    &[sig(
        &[
            arg("base", REAL, "The base."),
            arg("exponent", REAL, "The power."),
        ],
        REAL,
    )],
    ResultName::None,
    |args| {
        let (a, b) = (args.real(0)?, args.real(1)?);
        real_result(args.rows, |r| Some(a.value(r).powf(b.value(r))))
    },
    &[ex("pow(2, 3)", "8.0")],
);
/// `atan2`
pub const ATAN2: FunctionSpec = function(
    "atan2",
    "The angle of the point (x, y).",
    &[sig(
        &[
            arg("y", REAL, "The y coordinate."),
            arg("x", REAL, "The x coordinate."),
        ],
        REAL,
    )],
    ResultName::None,
    |args| {
        let (a, b) = (args.real(0)?, args.real(1)?);
        real_result(args.rows, |r| Some(a.value(r).atan2(b.value(r))))
    },
    &[ex("atan2(0, 1)", "0.0")],
);
/// `pi`
pub const PI: FunctionSpec = function(
    "pi",
    "The number π.",
    &[sig(&[], REAL)],
    ResultName::None,
    |args| real_result(args.rows, |_| Some(std::f64::consts::PI)),
    &[ex("round(pi(), 3)", "3.142")],
);

macro_rules! bit_function {
    ($name:literal, $summary:literal, $f:expr, $example:literal, $result:literal) => {
        function(
            $name,
            $summary,
            &[sig(
                &[
                    arg("value1", LONG, "The left value."),
                    arg("value2", LONG, "The right value."),
                ],
                LONG,
            )],
            ResultName::FirstArgument,
            |args| {
                let (a, b) = (args.long(0)?, args.long(1)?);
                let f: fn(i64, i64) -> i64 = $f;
                long_result(args.rows, |r| Some(f(a.value(r), b.value(r))))
            },
            &[ex($example, $result)],
        )
    };
}

/// The shift of a 64-bit number: only the low six bits of the count matter.
fn shift(n: i64) -> u32 {
    u32::try_from(n.rem_euclid(64)).unwrap_or(0)
}

/// `binary_and`
pub const BINARY_AND: FunctionSpec = bit_function!(
    "binary_and",
    "The bits that both have.",
    |a, b| a & b,
    "binary_and(6, 3)",
    "2"
);
/// `binary_or`
pub const BINARY_OR: FunctionSpec = bit_function!(
    "binary_or",
    "The bits that either has.",
    |a, b| a | b,
    "binary_or(6, 3)",
    "7"
);
/// `binary_xor`
pub const BINARY_XOR: FunctionSpec = bit_function!(
    "binary_xor",
    "The bits that exactly one has.",
    |a, b| a ^ b,
    "binary_xor(6, 3)",
    "5"
);
/// `binary_shift_left`
pub const BINARY_SHIFT_LEFT: FunctionSpec = bit_function!(
    "binary_shift_left",
    "The bits moved up.",
    |a, b| a.wrapping_shl(shift(b)),
    "binary_shift_left(1, 4)",
    "16"
);
/// `binary_shift_right`
pub const BINARY_SHIFT_RIGHT: FunctionSpec = bit_function!(
    "binary_shift_right",
    "The bits moved down.",
    |a, b| a.wrapping_shr(shift(b)),
    "binary_shift_right(16, 4)",
    "1"
);
