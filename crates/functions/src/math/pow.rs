//! `pow(base, exponent)`: a number to a power.

use super::reals::real;
use crate::prelude::*;

/// `pow`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "pow",
    summary: "A number to a power.",
    signatures: &[sig(
        &[
            arg_of("base", Class::Number, "The base."),
            arg_of("exponent", Class::Number, "The power."),
        ],
        REAL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(pow),
    examples: &[
        ex("pow(2, 3)", "8.0"),
        ex("pow(4, 0.5)", "2.0"),
        ex("pow(2, -1)", "0.5"),
        ex("pow(10, 400)", "inf"),
    ],
    differs: "",
};

fn pow(args: &Args<'_>) -> Result<ArrayRef> {
    let (a, b) = (real(args, 0)?, real(args, 1)?);
    real_result(args.rows, |row| Some(a(row)?.powf(b(row)?)))
}
