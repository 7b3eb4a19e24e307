//! `range(start, stop, step)` as an array, `rand()`, `bin_at`.

use crate::prelude::*;

/// Most elements of an array that `range` makes.
const MOST: usize = 1_048_576;

/// `range`
pub const RANGE: FunctionSpec = FunctionSpec {
    name: "range",
    summary: "An array of values in steps, up to and with the stop.",
    signatures: &[
        sig(
            &[
                arg("start", LONG, "First value."),
                arg("stop", LONG, "Last value."),
                arg("step", LONG, "Step; 1 when left out.").optional(),
            ],
            DYNAMIC,
        ),
        sig(
            &[
                arg("start", REAL, "First value."),
                arg("stop", REAL, "Last value."),
                arg("step", REAL, "Step; 1 when left out.").optional(),
            ],
            DYNAMIC,
        ),
        sig(
            &[
                arg("start", DATETIME, "First value."),
                arg("stop", DATETIME, "Last value."),
                arg("step", TIMESPAN, "Step; an hour when left out.").optional(),
            ],
            DYNAMIC,
        ),
        sig(
            &[
                arg("start", TIMESPAN, "First value."),
                arg("stop", TIMESPAN, "Last value."),
                arg("step", TIMESPAN, "Step; an hour when left out.").optional(),
            ],
            DYNAMIC,
        ),
    ],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(range),
    examples: &[ex("range(1, 8, 3)", "[1,4,7]"), ex("range(3, 1)", "[]")],
    differs: "",
};

fn range(args: &Args<'_>) -> Result<ArrayRef> {
    if args.ty(0) == REAL {
        let (a, b) = (args.real(0)?, args.real(1)?);
        let step = if args.len() > 2 {
            Some(args.real(2)?)
        } else {
            None
        };
        return try_dyn_result(args.rows, |r, w| {
            let (a, b, s) = (
                a.value(r),
                b.value(r),
                step.as_ref().map_or(1.0, |s| s.value(r)),
            );
            w.begin_array();
            if s != 0.0 && s.is_finite() {
                let mut x = a;
                let mut n = 0;
                while if s > 0.0 { x <= b } else { x >= b } {
                    if n >= MOST {
                        return Err(too_many());
                    }
                    w.real(x);
                    n += 1;
                    #[allow(clippy::cast_precision_loss)]
                    let count = n as f64;
                    x = a + count * s;
                }
            }
            w.end();
            Ok(())
        });
    }
    let ty = args.ty(0);
    let (a, b) = (args.long(0)?, args.long(1)?);
    let step = if args.len() > 2 {
        Some(args.long(2)?)
    } else {
        None
    };
    let default = if ty == LONG {
        1
    } else {
        kql_types::text::timespan::HOUR
    };
    try_dyn_result(args.rows, |r, w| {
        let (mut x, b, s) = (
            a.value(r),
            b.value(r),
            step.as_ref().map_or(default, |s| s.value(r)),
        );
        w.begin_array();
        let mut n = 0;
        while s != 0 && if s > 0 { x <= b } else { x >= b } {
            if n >= MOST {
                return Err(too_many());
            }
            match ty {
                DATETIME => w.datetime(x),
                TIMESPAN => w.timespan(x),
                _ => w.long(x),
            }
            n += 1;
            match x.checked_add(s) {
                Some(next) => x = next,
                None => break,
            }
        }
        w.end();
        Ok(())
    })
}

fn too_many() -> KernelError {
    KernelError::new(format!("range gives more than {MOST} values"))
}

/// `rand`
pub const RAND: FunctionSpec = FunctionSpec {
    name: "rand",
    summary: "A random real from 0 to 1, or a random whole number below the argument.",
    signatures: &[sig(
        &[arg("range", LONG, "How many numbers to choose from.").optional()],
        REAL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Volatile,
    lower: Lower::Kernel(rand),
    examples: &[ex("rand() < 1", "True")],
    differs: "",
};

fn rand(args: &Args<'_>) -> Result<ArrayRef> {
    let range = if args.is_empty() {
        None
    } else {
        Some(args.long(0)?)
    };
    real_result(args.rows, |r| {
        let bits = uuid::Uuid::new_v4().as_u128();
        // 53 bits that are not among the fixed ones of a random guid.
        let low = u32::try_from(bits & 0xffff_ffff).unwrap_or(0);
        let high = u32::try_from((bits >> 96) & 0x1f_ffff).unwrap_or(0);
        let x = (f64::from(high) * 4_294_967_296.0 + f64::from(low)) / 9_007_199_254_740_992.0;
        #[allow(clippy::cast_precision_loss)]
        match &range {
            None => Some(x),
            Some(n) if n.value(r) >= 2 => Some((x * n.value(r) as f64).floor()),
            Some(_) => Some(x),
        }
    })
}

/// `bin_at`
pub const BIN_AT: FunctionSpec = FunctionSpec {
    name: "bin_at",
    summary: "The start of the bin that holds the value, where one bin starts at a fixed point.",
    signatures: &[
        sig_as(
            &[
                arg_of("value", Class::Number, "The value."),
                arg_of("bin_size", Class::Number, "The width."),
                arg_of("fixed_point", Class::Number, "Where a bin starts."),
            ],
            Returns::Widest,
        ),
        sig(
            &[
                arg("value", TIMESPAN, "The value."),
                arg("bin_size", TIMESPAN, "The width."),
                arg("fixed_point", TIMESPAN, "Where a bin starts."),
            ],
            TIMESPAN,
        ),
        sig(
            &[
                arg("value", DATETIME, "The value."),
                arg("bin_size", TIMESPAN, "The width."),
                arg("fixed_point", DATETIME, "Where a bin starts."),
            ],
            DATETIME,
        ),
    ],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(bin_at),
    examples: &[
        ex("bin_at(6.5, 2.5, 7.0)", "4.5"),
        ex(
            "bin_at(datetime(2017-05-17 10:20), 7d, datetime(2017-06-04))",
            "2017-05-14T00:00:00.0000000Z",
        ),
    ],
    differs: "",
};

fn bin_at(args: &Args<'_>) -> Result<ArrayRef> {
    match args.ty(0) {
        REAL => {
            let (a, b, p) = (args.real(0)?, args.real(1)?, args.real(2)?);
            real_result(args.rows, |r| {
                let (a, b, p) = (a.value(r), b.value(r), p.value(r));
                (b > 0.0).then(|| ((a - p) / b).floor() * b + p)
            })
        }
        INT => {
            let (a, b, p) = (args.int(0)?, args.int(1)?, args.int(2)?);
            int_result(args.rows, |r| {
                below(
                    i64::from(a.value(r)),
                    i64::from(b.value(r)),
                    i64::from(p.value(r)),
                )
                .and_then(|n| i32::try_from(n).ok())
            })
        }
        DECIMAL => Err(KernelError::new("bin_at of decimals is not supported")),
        _ => {
            let (a, b, p) = (args.long(0)?, args.long(1)?, args.long(2)?);
            long_result(args.rows, |r| below(a.value(r), b.value(r), p.value(r)))
        }
    }
}

fn below(value: i64, width: i64, point: i64) -> Option<i64> {
    if width <= 0 {
        return None;
    }
    value.checked_sub(value.checked_sub(point)?.rem_euclid(width))
}
