//! `+`, `-`, `*`, `/`, `%` and the sign.
//!
//! The binder has converted numbers to one type. Integers divide toward zero, a modulo is never negative, and an integer
//! divided by zero is null; overflow wraps, as in .NET's unchecked arithmetic. A datetime outside of the years 0001 to
//! 9999 is null.

use crate::prelude::*;
use kql_types::DECIMAL_SCALE;

const NUMBERS: &[Param] = &[
    arg_of("left", Class::Summable, "Left operand."),
    arg_of("right", Class::Summable, "Right operand."),
];

const PAIR: &[Signature] = &[sig_as(NUMBERS, Returns::Widest)];

const fn operator(
    name: &'static str,
    summary: &'static str,
    kernel: Kernel,
    examples: &'static [Example],
) -> FunctionSpec {
    FunctionSpec {
        name,
        summary,
        signatures: PAIR,
        result_name: ResultName::None,
        nulls: Nulls::Strict,
        volatility: Volatility::Immutable,
        lower: Lower::Kernel(kernel),
        examples,
        differs: "",
    }
}

/// `+`
pub const ADD: FunctionSpec = operator(
    "+",
    "Adds numbers, timespans, or a timespan to a datetime.",
    |args| run(args, Op::Add),
    &[
        ex("1 + 2", "3"),
        ex("datetime(2024-01-01) + 1d", "2024-01-02T00:00:00.0000000Z"),
    ],
);

/// `-`
pub const SUBTRACT: FunctionSpec = operator(
    "-",
    "Subtracts numbers, timespans, datetimes, or a timespan from a datetime.",
    |args| run(args, Op::Subtract),
    &[
        ex("1 - 2", "-1"),
        ex("datetime(2024-01-02) - datetime(2024-01-01)", "1.00:00:00"),
    ],
);

/// `*`
pub const MULTIPLY: FunctionSpec = operator(
    "*",
    "Multiplies numbers, or a timespan with a number.",
    |args| run(args, Op::Multiply),
    &[ex("3 * 4", "12"), ex("2 * 1d", "2.00:00:00")],
);

/// `/`
pub const DIVIDE: FunctionSpec = operator(
    "/",
    "Divides: integers toward zero, timespans to a real.",
    |args| run(args, Op::Divide),
    &[
        ex("7 / 2", "3"),
        ex("-7 / 2", "-3"),
        ex("1 / 0", "null"),
        ex("1.0 / 0", "inf"),
        ex("10d / 4d", "2.5"),
    ],
);

/// `%`
pub const MODULO: FunctionSpec = operator(
    "%",
    "The remainder, never negative.",
    |args| run(args, Op::Modulo),
    &[
        ex("-10 % 3", "2"),
        ex("10 % -3", "1"),
        ex("10d % 3d", "1.00:00:00"),
    ],
);

/// The sign.
pub const NEGATE: FunctionSpec = FunctionSpec {
    name: "unary-",
    summary: "The number or timespan with the other sign.",
    signatures: &[sig_as(
        &[arg_of("value", Class::Summable, "A number or timespan.")],
        Returns::Param(0),
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(negate),
    examples: &[ex("-(2)", "-2"), ex("-(1d)", "-1.00:00:00")],
    differs: "",
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Op {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

fn negate(args: &Args<'_>) -> Result<ArrayRef> {
    match args.ty(0) {
        INT => {
            let a = args.int(0)?;
            int_result(args.rows, |r| a.get(r).map(i32::wrapping_neg))
        }
        REAL => {
            let a = args.real(0)?;
            real_result(args.rows, |r| a.get(r).map(|x| -x))
        }
        DECIMAL => {
            let a = args.decimal(0)?;
            decimal_result(args.rows, |r| a.get(r).and_then(i128::checked_neg))
        }
        _ => {
            let a = args.long(0)?;
            long_result(args.rows, |r| a.get(r).map(i64::wrapping_neg))
        }
    }
}

fn long(op: Op, a: i64, b: i64) -> Option<i64> {
    Some(match op {
        Op::Add => a.wrapping_add(b),
        Op::Subtract => a.wrapping_sub(b),
        Op::Multiply => a.wrapping_mul(b),
        Op::Divide if b == 0 => return None,
        Op::Divide => a.wrapping_div(b),
        Op::Modulo if b == 0 => return None,
        Op::Modulo => a.wrapping_rem_euclid(b),
    })
}

fn real(op: Op, a: f64, b: f64) -> f64 {
    match op {
        Op::Add => a + b,
        Op::Subtract => a - b,
        Op::Multiply => a * b,
        Op::Divide => a / b,
        Op::Modulo => {
            let m = a % b;
            if m < 0.0 { m + b.abs() } else { m }
        }
    }
}

fn decimal(op: Op, a: i128, b: i128) -> Option<i128> {
    let scale = 10i128.pow(DECIMAL_SCALE);
    match op {
        Op::Add => a.checked_add(b),
        Op::Subtract => a.checked_sub(b),
        Op::Multiply => {
            // The whole parts apart, so that the product of two scaled numbers fits.
            let (whole, part) = (a / scale, a % scale);
            whole.checked_mul(b)?.checked_add(
                part.checked_mul(b)
                    .map_or_else(|| part / 1_000_000_000 * (b / 1_000_000_000), |p| p / scale),
            )
        }
        Op::Divide if b == 0 => None,
        Op::Divide => match a.checked_mul(scale) {
            Some(n) => Some(n / b),
            None => (a / b)
                .checked_mul(scale)?
                .checked_add((a % b) / (b / scale).max(1)),
        },
        Op::Modulo if b == 0 => None,
        Op::Modulo => Some(a.wrapping_rem_euclid(b)),
    }
}

#[allow(clippy::cast_possible_truncation)]
fn ticks(x: f64) -> Option<i64> {
    (x.is_finite() && x.abs() < 9.2e18).then_some(x as i64)
}

fn date(ticks: i64) -> Option<i64> {
    (0..=kql_types::text::datetime::MAX)
        .contains(&ticks)
        .then_some(ticks)
}

#[allow(clippy::cast_precision_loss)]
fn run(args: &Args<'_>, op: Op) -> Result<ArrayRef> {
    let rows = args.rows;
    match (args.ty(0), args.ty(1), args.returns) {
        (REAL, REAL, _) => {
            let (a, b) = (args.real(0)?, args.real(1)?);
            real_result(rows, |r| Some(real(op, a.value(r), b.value(r))))
        }
        (DECIMAL, DECIMAL, _) => {
            let (a, b) = (args.decimal(0)?, args.decimal(1)?);
            decimal_result(rows, |r| decimal(op, a.value(r), b.value(r)))
        }
        (LONG, LONG, _) => {
            let (a, b) = (args.long(0)?, args.long(1)?);
            long_result(rows, |r| long(op, a.value(r), b.value(r)))
        }
        // Spans by a real number.
        (TIMESPAN | DATETIME, REAL, _) => {
            let (a, b) = (args.long(0)?, args.real(1)?);
            long_result(rows, |r| ticks(real(op, a.value(r) as f64, b.value(r))))
        }
        (REAL, TIMESPAN | DATETIME, _) => {
            let (a, b) = (args.real(0)?, args.long(1)?);
            long_result(rows, |r| ticks(real(op, a.value(r), b.value(r) as f64)))
        }
        (DYNAMIC, DYNAMIC, _) => {
            let (a, b) = (args.dynamic(0)?, args.dynamic(1)?);
            dyn_result(rows, |r, w| dynamic(op, a.get(r), b.get(r), w))
        }
        // A ratio of spans.
        (TIMESPAN | DATETIME, TIMESPAN | DATETIME, REAL) => {
            let (a, b) = (args.long(0)?, args.long(1)?);
            real_result(rows, |r| Some(a.value(r) as f64 / b.value(r) as f64))
        }
        (_, _, DATETIME) => {
            let (a, b) = (args.long(0)?, args.long(1)?);
            long_result(rows, |r| match op {
                Op::Add => a.value(r).checked_add(b.value(r)).and_then(date),
                _ => a.value(r).checked_sub(b.value(r)).and_then(date),
            })
        }
        (TIMESPAN | DATETIME | LONG, TIMESPAN | DATETIME | LONG, _) => {
            let (a, b) = (args.long(0)?, args.long(1)?);
            long_result(rows, |r| long(op, a.value(r), b.value(r)))
        }
        (a, b, _) => Err(KernelError::new(format!(
            "internal: no arithmetic of {a} and {b}"
        ))),
    }
}

#[allow(clippy::cast_precision_loss)]
fn dynamic(op: Op, a: DynRef<'_>, b: DynRef<'_>, w: &mut DynWriter) {
    let number = |d: DynRef<'_>| match d {
        DynRef::Long(n) => Some(n as f64),
        DynRef::Real(x) => Some(x),
        _ => None,
    };
    match (a, b) {
        (DynRef::Long(a), DynRef::Long(b)) => {
            if let Some(n) = long(op, a, b) {
                w.long(n);
            }
        }
        (a, b) => {
            if let (Some(a), Some(b)) = (number(a), number(b)) {
                w.real(real(op, a, b));
            }
        }
    }
}
