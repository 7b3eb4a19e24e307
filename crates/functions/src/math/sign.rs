//! `sign(number)`: on which side of 0 a number is.

use super::reals::{NUMBER, real};
use crate::prelude::*;

/// `sign`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "sign",
    summary: "-1, 0 or 1 by the sign of the number; 0 for null.",
    signatures: NUMBER,
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(sign),
    examples: &[
        ex("sign(-42.1)", "-1.0"),
        ex("sign(0)", "0.0"),
        ex("sign(true)", "1.0"),
        ex("sign(long(null))", "0.0"),
        ex("sign(real(nan))", "NaN"),
    ],
    differs: "",
};

fn sign(args: &Args<'_>) -> Result<ArrayRef> {
    let number = real(args, 0)?;
    real_result(args.rows, |row| {
        let x = number(row).unwrap_or(0.0);
        Some(if x == 0.0 { 0.0 } else { x.signum() })
    })
}
