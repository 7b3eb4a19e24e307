//! `parse_ipv4(ip)` and `parse_ipv4_mask(ip, prefix)`.

use crate::prelude::*;

/// `parse_ipv4`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "parse_ipv4",
    summary: "Returns an address as a number, without the bits that its prefix leaves out; null for what is no address.",
    signatures: &[sig(
        &[arg(
            "ip",
            STRING,
            "The address, with or without a prefix (`10.1.2.3/24`).",
        )],
        LONG,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(parse_ipv4),
    examples: &[
        ex("parse_ipv4('192.168.1.1')", "3232235777"),
        ex("parse_ipv4('192.168.1.1/24')", "3232235776"),
        ex("parse_ipv4('255.255.255.255/31')", "4294967294"),
        ex("parse_ipv4('1.1.1.256')", "null"),
    ],
    differs: "",
};

/// `parse_ipv4_mask`
pub const MASK: FunctionSpec = FunctionSpec {
    name: "parse_ipv4_mask",
    summary: "Returns the leading bits of an address as a number; null for what is no address or no prefix.",
    signatures: &[sig(
        &[
            arg(
                "ip",
                STRING,
                "The address, with or without a prefix (`10.1.2.3/24`).",
            ),
            arg("prefix", LONG, "How many leading bits count, 0 to 32."),
        ],
        LONG,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(parse_ipv4_mask),
    examples: &[
        ex("parse_ipv4_mask('127.0.0.1', 24)", "2130706432"),
        ex("parse_ipv4_mask('127.0.0.1', 33)", "null"),
    ],
    differs: "",
};

use super::address::{V4, mask4, prefix};

fn parse_ipv4(args: &Args<'_>) -> Result<ArrayRef> {
    let ips = args.str(0)?;
    long_result(args.rows, |row| {
        V4::parse(ips.get(row)).map(|ip| i64::from(ip.network()))
    })
}

fn parse_ipv4_mask(args: &Args<'_>) -> Result<ArrayRef> {
    let (ips, prefixes) = (args.str(0)?, args.integer(1)?);
    long_result(args.rows, |row| {
        let ip = V4::parse(ips.get(row))?;
        let prefix = prefix(prefixes(row)?, 32)?;
        Some(i64::from(ip.network() & mask4(prefix)))
    })
}
