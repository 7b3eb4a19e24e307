//! `format_ipv4(ip, prefix)` and `format_ipv4_mask(ip, prefix)`.

use crate::prelude::*;

/// `format_ipv4`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "format_ipv4",
    summary: "Returns the leading bits of an address, given as text or number, as an address; nothing when it cannot be read.",
    signatures: &[sig(
        &[
            arg_of("ip", Class::Scalar, "The address, or its number."),
            arg("prefix", LONG, "How many leading bits count, 0 to 32.").optional(),
        ],
        STRING,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(format_ipv4),
    examples: &[
        ex("format_ipv4('192.168.1.1', 24)", "192.168.1.0"),
        ex("format_ipv4('192.168.1.1/24', 32)", "192.168.1.0"),
        ex("format_ipv4(3232235777)", "192.168.1.1"),
        ex("format_ipv4('192.168.1.1', -1)", ""),
    ],
    differs: "",
};

/// `format_ipv4_mask`
pub const MASK: FunctionSpec = FunctionSpec {
    name: "format_ipv4_mask",
    summary: "The same as `format_ipv4`, followed by `/` and the prefix.",
    signatures: &[sig(
        &[
            arg_of("ip", Class::Scalar, "The address, or its number."),
            arg("prefix", LONG, "How many leading bits count, 0 to 32.").optional(),
        ],
        STRING,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(format_ipv4_mask),
    examples: &[
        ex("format_ipv4_mask('192.168.1.1', 24)", "192.168.1.0/24"),
        ex("format_ipv4_mask('192.168.1.1/24', 32)", "192.168.1.0/24"),
        ex("format_ipv4_mask(3232235777)", "192.168.1.1/32"),
    ],
    differs: "",
};

use super::address::{V4, mask4, prefix};
use std::fmt::Write;
use std::net::Ipv4Addr;

fn format_ipv4(args: &Args<'_>) -> Result<ArrayRef> {
    format(args, |network, _, out| {
        let _ = write!(out, "{network}");
    })
}

fn format_ipv4_mask(args: &Args<'_>) -> Result<ArrayRef> {
    format(args, |network, prefix, out| {
        let _ = write!(out, "{network}/{prefix}");
    })
}

fn format(args: &Args<'_>, write: fn(Ipv4Addr, u32, &mut String)) -> Result<ArrayRef> {
    let ips = args.any(0)?;
    let prefixes = (args.len() > 1).then(|| args.integer(1)).transpose()?;
    str_result(args.rows, |row, out| {
        let ip = match ips.get(row) {
            DynRef::String(s) => V4::parse(s),
            DynRef::Long(n) => u32::try_from(n).ok().map(|address| V4 {
                address,
                prefix: 32,
            }),
            _ => None,
        };
        let most = match &prefixes {
            Some(p) => p(row).and_then(|n| prefix(n, 32)),
            None => Some(32),
        };
        if let (Some(ip), Some(most)) = (ip, most) {
            let prefix = ip.prefix.min(most);
            write(Ipv4Addr::from_bits(ip.address & mask4(prefix)), prefix, out);
        }
    })
}
