//! `tohex(value [, minLength])`: an integer's hexadecimal digits.

use crate::prelude::*;
use std::fmt::Write;

/// `tohex`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "tohex",
    summary: "Returns the hexadecimal digits of an integer; a negative one as its two's complement.",
    signatures: &[sig(
        &[
            arg_of("value", Class::Integer, "The number."),
            arg_of(
                "minLength",
                Class::Integer,
                "The digits to fill up to with zeros, at most 16.",
            )
            .optional(),
        ],
        STRING,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(tohex),
    examples: &[
        ex("tohex(256)", "100"),
        ex("tohex(-256)", "ffffffffffffff00"),
        ex("tohex(int(-256), 8)", "ffffff00"),
        ex("tohex(256, 8)", "00000100"),
        ex("tohex(256, 2)", "100"),
        ex("tohex(1, 40)", "0000000000000001"),
    ],
    differs: "",
};

fn tohex(args: &Args<'_>) -> Result<ArrayRef> {
    let length = match args.len() {
        0 | 1 => None,
        _ => Some(args.integer(1)?),
    };
    let width = |row: usize| {
        let n = length.as_ref().and_then(|l| l(row)).unwrap_or(0);
        usize::try_from(n.clamp(0, 16)).unwrap_or(0)
    };
    if args.ty(0) == INT {
        let value = args.int(0)?;
        return str_result(args.rows, |row, out| {
            let _ = write!(out, "{:0w$x}", value.value(row), w = width(row));
        });
    }
    let value = args.long(0)?;
    str_result(args.rows, |row, out| {
        let _ = write!(out, "{:0w$x}", value.value(row), w = width(row));
    })
}
