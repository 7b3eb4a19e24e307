//! `binary_not(value)`: the bits of one number.

use crate::prelude::*;

/// `binary_not`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "binary_not",
    summary: "The number with each bit turned over.",
    signatures: &[sig(&[arg_of("value", Class::Integer, "The number.")], LONG)],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(|args| {
        let value = args.integer(0)?;
        long_result(args.rows, |r| value(r).map(|n| !n))
    }),
    examples: &[ex("binary_not(100)", "-101"), ex("binary_not(-1)", "0")],
    differs: "",
};
