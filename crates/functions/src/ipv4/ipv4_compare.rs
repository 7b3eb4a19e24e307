//! `ipv4_compare(ip1, ip2, prefix)` and `ipv4_is_match(ip1, ip2, prefix)`.

use crate::prelude::*;

/// `ipv4_compare`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "ipv4_compare",
    summary: "Compares two addresses by the bits that all prefixes let count: -1, 0 or 1; null when one cannot be read.",
    signatures: &[sig(
        &[
            arg(
                "ip1",
                STRING,
                "The address, with or without a prefix (`10.1.2.3/24`).",
            ),
            arg(
                "ip2",
                STRING,
                "The address, with or without a prefix (`10.1.2.3/24`).",
            ),
            arg("prefix", LONG, "How many leading bits count, 0 to 32.").optional(),
        ],
        LONG,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(ipv4_compare),
    examples: &[
        ex("ipv4_compare('192.168.1.1/24', '192.168.1.255')", "0"),
        ex("ipv4_compare('192.168.1.1', '192.168.1.0', 31)", "0"),
        ex("ipv4_compare('10.0.0.2', '10.0.0.1')", "1"),
        ex("ipv4_compare('bad', '1.1.1.1')", "null"),
    ],
    differs: "",
};

/// `ipv4_is_match`
pub const MATCH: FunctionSpec = FunctionSpec {
    name: "ipv4_is_match",
    summary: "Whether two addresses are equal in the bits that all prefixes let count; null when one cannot be read.",
    signatures: &[sig(
        &[
            arg(
                "ip1",
                STRING,
                "The address, with or without a prefix (`10.1.2.3/24`).",
            ),
            arg(
                "ip2",
                STRING,
                "The address, with or without a prefix (`10.1.2.3/24`).",
            ),
            arg("prefix", LONG, "How many leading bits count, 0 to 32.").optional(),
        ],
        BOOL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(ipv4_is_match),
    examples: &[
        ex("ipv4_is_match('192.168.1.1/24', '192.168.1.255')", "True"),
        ex("ipv4_is_match('192.168.1.1', '192.168.1.255', 24)", "True"),
        ex("ipv4_is_match('192.168.1.1', '192.168.2.1')", "False"),
    ],
    differs: "",
};

use super::address::{V4, mask4, prefix};
use std::cmp::Ordering;

/// Compares the two addresses of each row.
fn compare<T>(args: &Args<'_>, mut f: impl FnMut(Ordering) -> T) -> Result<Vec<Option<T>>> {
    let (left, right) = (args.str(0)?, args.str(1)?);
    let prefixes = (args.len() > 2).then(|| args.integer(2)).transpose()?;
    let constant = right.constant().map(V4::parse);
    Ok((0..args.rows)
        .map(|row| {
            let a = V4::parse(left.get(row))?;
            let b = constant.unwrap_or_else(|| V4::parse(right.get(row)))?;
            let third = match &prefixes {
                Some(p) => prefix(p(row)?, 32)?,
                None => 32,
            };
            let mask = mask4(a.prefix.min(b.prefix).min(third));
            Some(f((a.address & mask).cmp(&(b.address & mask))))
        })
        .collect())
}

fn ipv4_compare(args: &Args<'_>) -> Result<ArrayRef> {
    let all = compare(args, |o| o as i64)?;
    long_result(args.rows, |row| all.get(row).copied().flatten())
}

fn ipv4_is_match(args: &Args<'_>) -> Result<ArrayRef> {
    let all = compare(args, Ordering::is_eq)?;
    bool_result(args.rows, |row| all.get(row).copied().flatten())
}
