//! `parse_ipv6(ip)` and `parse_ipv6_mask(ip, prefix)`.

use crate::prelude::*;

/// `parse_ipv6`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "parse_ipv6",
    summary: "Returns an IPv6 or IPv4 address with all eight groups of four digits, without the bits that its prefix leaves out; nothing for what is no address.",
    signatures: &[sig(
        &[arg(
            "ip",
            STRING,
            "The address, with or without a prefix (`10.1.2.3/24`).",
        )],
        STRING,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(parse_ipv6),
    examples: &[
        ex(
            "parse_ipv6('fe80::85d:e82c:9446:7994')",
            "fe80:0000:0000:0000:085d:e82c:9446:7994",
        ),
        ex(
            "parse_ipv6('192.168.255.255/24')",
            "0000:0000:0000:0000:0000:ffff:c0a8:ff00",
        ),
        ex(
            "parse_ipv6('2001:db8::10/17')",
            "2001:0000:0000:0000:0000:0000:0000:0000",
        ),
        ex("parse_ipv6('nope')", ""),
    ],
    differs: "",
};

/// `parse_ipv6_mask`
pub const MASK: FunctionSpec = FunctionSpec {
    name: "parse_ipv6_mask",
    summary: "Returns the leading bits of an IPv6 or IPv4 address with all eight groups of four digits; nothing for what is no address or no prefix.",
    signatures: &[sig(
        &[
            arg(
                "ip",
                STRING,
                "The address, with or without a prefix (`10.1.2.3/24`).",
            ),
            arg("prefix", LONG, "How many leading bits count, 0 to 128."),
        ],
        STRING,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(parse_ipv6_mask),
    examples: &[
        ex(
            "parse_ipv6_mask('fe80::85d:e82c:9446:7994/120', 124)",
            "fe80:0000:0000:0000:085d:e82c:9446:7900",
        ),
        ex(
            "parse_ipv6_mask('192.168.255.255', 120)",
            "0000:0000:0000:0000:0000:ffff:c0a8:ff00",
        ),
        ex(
            "parse_ipv6_mask('::192.168.255.255', 128)",
            "0000:0000:0000:0000:0000:ffff:c0a8:ffff",
        ),
    ],
    differs: "",
};

use super::address::{V6, mask6, prefix, write_v6};

fn parse_ipv6(args: &Args<'_>) -> Result<ArrayRef> {
    let ips = args.str(0)?;
    str_result(args.rows, |row, out| {
        if let Some(ip) = V6::parse(ips.get(row)) {
            write_v6(ip.network(), out);
        }
    })
}

fn parse_ipv6_mask(args: &Args<'_>) -> Result<ArrayRef> {
    let (ips, prefixes) = (args.str(0)?, args.integer(1)?);
    str_result(args.rows, |row, out| {
        let prefix = prefixes(row).and_then(|n| prefix(n, 128));
        if let (Some(ip), Some(prefix)) = (V6::parse_mapping(ips.get(row)), prefix) {
            write_v6(ip.network() & mask6(prefix), out);
        }
    })
}
