//! `ceiling(number)`: up to a whole number.

use crate::prelude::*;

/// `ceiling`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "ceiling",
    summary: "The least whole number that is not less.",
    signatures: &[sig_as(
        &[arg_of("number", Class::Number, "The number.")],
        Returns::Param(0),
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(ceiling),
    examples: &[
        ex("ceiling(1.1)", "2.0"),
        ex("ceiling(-1.1)", "-1.0"),
        ex("ceiling(7)", "7"),
        ex("ceiling(decimal(1.2))", "2"),
        ex("ceiling(decimal(-1.2))", "-1"),
    ],
    differs: "",
};

fn ceiling(args: &Args<'_>) -> Result<ArrayRef> {
    match args.ty(0) {
        REAL => {
            let a = args.real(0)?;
            // Adding 0 makes 0 of -0.
            real_result(args.rows, |row| Some(a.value(row).ceil() + 0.0))
        }
        INT => {
            let a = args.int(0)?;
            int_result(args.rows, |row| Some(a.value(row)))
        }
        DECIMAL => {
            let a = args.decimal(0)?;
            let one = 10i128.pow(kql_types::DECIMAL_SCALE);
            decimal_result(args.rows, |row| {
                let number = a.value(row);
                match number.rem_euclid(one) {
                    0 => Some(number),
                    over => number.checked_add(one - over),
                }
            })
        }
        _ => {
            let a = args.long(0)?;
            long_result(args.rows, |row| Some(a.value(row)))
        }
    }
}
