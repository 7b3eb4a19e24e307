//! `abs(number)`: a number without its sign.

use crate::prelude::*;

/// `abs`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "abs",
    summary: "The number without its sign; an int gives a long.",
    signatures: &[
        sig(&[arg_of("number", Class::Integer, "The number.")], LONG),
        sig_as(
            &[arg_of("number", Class::Number, "The number.")],
            Returns::Param(0),
        ),
        sig(&[arg("number", TIMESPAN, "The timespan.")], TIMESPAN),
    ],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(abs),
    examples: &[
        ex("abs(-5)", "5"),
        ex("abs(int(-2147483648))", "2147483648"),
        ex("abs(-1.5)", "1.5"),
        ex("abs(decimal(-1.5))", "1.5"),
        ex("abs(-1h)", "01:00:00"),
        ex("abs(long(-9223372036854775808))", "-9223372036854775808"),
    ],
    differs: "The least long has no positive counterpart and stays as it is; what a real cluster makes of it is not known.",
};

fn abs(args: &Args<'_>) -> Result<ArrayRef> {
    match args.ty(0) {
        INT => {
            let a = args.int(0)?;
            long_result(args.rows, |row| {
                Some(i64::from(a.value(row)).wrapping_abs())
            })
        }
        REAL => {
            let a = args.real(0)?;
            real_result(args.rows, |row| Some(a.value(row).abs()))
        }
        DECIMAL => {
            let a = args.decimal(0)?;
            decimal_result(args.rows, |row| a.value(row).checked_abs())
        }
        _ => {
            let a = args.long(0)?;
            long_result(args.rows, |row| Some(a.value(row).wrapping_abs()))
        }
    }
}
