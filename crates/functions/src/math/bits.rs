//! `binary_not`, `bitset_count_ones`: the bits of one number.

use crate::prelude::*;

const VALUE: Param = arg_of("value", Class::Integer, "The number.");

/// `binary_not`
pub const BINARY_NOT: FunctionSpec = FunctionSpec {
    name: "binary_not",
    summary: "The number with each bit turned over.",
    signatures: &[sig(&[VALUE], LONG)],
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
/// `bitset_count_ones`
pub const BITSET_COUNT_ONES: FunctionSpec = FunctionSpec {
    name: "bitset_count_ones",
    summary: "How many bits of the number are set.",
    signatures: &[sig(&[VALUE], LONG)],
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
