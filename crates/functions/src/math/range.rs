//! `range(start, stop [, step])`: an array of values in steps.

use crate::prelude::*;

/// Most elements of an array that `range` makes.
const MOST: usize = 1_048_576;

/// `range`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "range",
    summary: "An array of values in steps, up to and with the stop, or the first 1,048,576 of them.",
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
                while n < MOST && if s > 0.0 { x <= b } else { x >= b } {
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
        while s != 0 && n < MOST && if s > 0 { x <= b } else { x >= b } {
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
