//! `bitset_count_ones(value)`: the bits of one number.

use crate::prelude::*;

/// `bitset_count_ones`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "bitset_count_ones",
    summary: "How many bits of the number are set.",
    signatures: &[sig(&[arg_of("value", Class::Integer, "The number.")], LONG)],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(|args| {
        let value = args.integer(0)?;
        long_result(args.rows, |r| value(r).map(|n| i64::from(n.count_ones())))
    }),
    examples: &[
        ex("bitset_count_ones(42)", "3"),
        ex("bitset_count_ones(-1)", "64"),
    ],
    differs: "",
};
