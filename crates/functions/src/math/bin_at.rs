//! `bin_at(value, bin_size, fixed_point)`: down to a multiple, counted from a point.

use super::bin::Bins;
use crate::prelude::*;

/// `bin_at`
pub const SPEC: FunctionSpec = FunctionSpec {
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
            let known = (b.is_constant() && p.is_constant()).then(|| (b.get(0), p.get(0)));
            if let Some((Some(width), Some(point))) = known
                && width > 0
            {
                let mut bins = Bins::new(width, point);
                return long_result(args.rows, |r| bins.of(a.value(r)));
            }
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
