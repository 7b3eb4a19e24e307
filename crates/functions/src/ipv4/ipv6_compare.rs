//! `ipv6_compare(ip1, ip2, prefix)` and `ipv6_is_match(ip1, ip2, prefix)`.

use crate::prelude::*;

/// `ipv6_compare`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "ipv6_compare",
    summary: "Compares two addresses, IPv6 or IPv4, by the bits that all prefixes let count: -1, 0 or 1; null when one cannot be read.",
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
            arg("prefix", LONG, "How many leading bits count, 0 to 128.").optional(),
        ],
        LONG,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(ipv6_compare),
    examples: &[
        ex(
            "ipv6_compare('fe80::85d:e82c:9446:7994/120', 'fe80::85d:e82c:9446:7998')",
            "0",
        ),
        ex("ipv6_compare('192.168.1.1', '::ffff:c0a8:0101')", "0"),
        ex("ipv6_compare('fe80::2', 'fe80::1')", "1"),
    ],
    differs: "For two IPv4 addresses it is not documented whether a third prefix counts from the first octet; where that matters the call is refused.",
};

/// `ipv6_is_match`
pub const MATCH: FunctionSpec = FunctionSpec {
    name: "ipv6_is_match",
    summary: "Whether two addresses, IPv6 or IPv4, are equal in the bits that all prefixes let count; null when one cannot be read.",
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
            arg("prefix", LONG, "How many leading bits count, 0 to 128.").optional(),
        ],
        BOOL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(ipv6_is_match),
    examples: &[
        ex(
            "ipv6_is_match('fe80::85d:e82c:9446:7994', 'fe80::85d:e82c:9446:7995', 127)",
            "True",
        ),
        ex(
            "ipv6_is_match('192.168.1.1/24', '::ffff:c0a8:01ff', 127)",
            "True",
        ),
    ],
    differs: "As `ipv6_compare`.",
};

use super::address::{V6, mask6, prefix};
use std::cmp::Ordering;

/// Compares the two addresses of each row.
fn compare<T>(args: &Args<'_>, f: impl Fn(Ordering) -> T) -> Result<Vec<Option<T>>> {
    let (left, right) = (args.str(0)?, args.str(1)?);
    let prefixes = (args.len() > 2).then(|| args.integer(2)).transpose()?;
    (0..args.rows)
        .map(|row| {
            let pair = V6::parse_mapping(left.get(row)).zip(V6::parse_mapping(right.get(row)));
            let Some((a, b)) = pair else {
                return Ok(None);
            };
            let under = |third: u32| {
                let mask = mask6(a.prefix.min(b.prefix).min(third));
                (a.address & mask).cmp(&(b.address & mask))
            };
            let Some(prefixes) = &prefixes else {
                return Ok(Some(f(under(128))));
            };
            let Some(third) = prefixes(row).and_then(|n| prefix(n, 128)) else {
                return Ok(None);
            };
            let order = under(third);
            if a.v4 && b.v4 && third <= 32 && under(third + 96) != order {
                return Err(KernelError::new(format!(
                    "a prefix of {third} bits of two IPv4 addresses is not supported in an IPv6 function: \
                     compare them with ipv4_compare or ipv4_is_match"
                )));
            }
            Ok(Some(f(order)))
        })
        .collect()
}

fn ipv6_compare(args: &Args<'_>) -> Result<ArrayRef> {
    let all = compare(args, |o| o as i64)?;
    long_result(args.rows, |row| all.get(row).copied().flatten())
}

fn ipv6_is_match(args: &Args<'_>) -> Result<ArrayRef> {
    let all = compare(args, Ordering::is_eq)?;
    bool_result(args.rows, |row| all.get(row).copied().flatten())
}
