//! `atan2(y, x)`: the angle of a point.

use super::reals::real;
use crate::prelude::*;

/// `atan2`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "atan2",
    summary: "The angle between the positive x axis and the ray to the point (x, y), in radians.",
    signatures: &[sig(
        &[
            arg_of("y", Class::Number, "The y coordinate."),
            arg_of("x", Class::Number, "The x coordinate."),
        ],
        REAL,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(atan2),
    examples: &[
        ex("atan2(0, 1)", "0.0"),
        ex("round(atan2(1, 0), 6)", "1.570796"),
        ex("atan2(0, 0)", "0.0"),
    ],
    differs: "",
};

fn atan2(args: &Args<'_>) -> Result<ArrayRef> {
    let (a, b) = (real(args, 0)?, real(args, 1)?);
    real_result(args.rows, |row| Some(a(row)?.atan2(b(row)?)))
}
