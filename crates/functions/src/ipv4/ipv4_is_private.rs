//! `ipv4_is_private(ip)`.

use crate::prelude::*;

/// `ipv4_is_private`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "ipv4_is_private",
    summary: "Whether an address is in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16; null for what is no address.",
    signatures: &[sig(
        &[arg(
            "ip",
            STRING,
            "The address, with or without a prefix (`10.1.2.3/24`).",
        )],
        BOOL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(ipv4_is_private),
    examples: &[
        ex("ipv4_is_private('10.1.2.3')", "True"),
        ex("ipv4_is_private('192.168.1.1/24')", "True"),
        ex("ipv4_is_private('127.0.0.1')", "False"),
        ex("ipv4_is_private('bad')", "null"),
    ],
    differs: "",
};

use super::address::V4;

fn ipv4_is_private(args: &Args<'_>) -> Result<ArrayRef> {
    let ips = args.str(0)?;
    bool_result(args.rows, |row| {
        V4::parse(ips.get(row)).map(|ip| is_private(ip.network()))
    })
}

fn is_private(ip: u32) -> bool {
    ip >> 24 == 10 || ip >> 20 == 0xac1 || ip >> 16 == 0xc0a8
}
