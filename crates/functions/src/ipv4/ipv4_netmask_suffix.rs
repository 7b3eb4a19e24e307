//! `ipv4_netmask_suffix(ip)`.

use crate::prelude::*;

/// `ipv4_netmask_suffix`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "ipv4_netmask_suffix",
    summary: "Returns the prefix of an address, 32 when it has none; null for what is no address.",
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
    lower: Lower::Kernel(ipv4_netmask_suffix),
    examples: &[
        ex("ipv4_netmask_suffix('192.168.1.1/24')", "24"),
        ex("ipv4_netmask_suffix('10.1.2.3')", "32"),
        ex("ipv4_netmask_suffix('')", "null"),
    ],
    differs: "",
};

use super::address::V4;

fn ipv4_netmask_suffix(args: &Args<'_>) -> Result<ArrayRef> {
    let ips = args.str(0)?;
    long_result(args.rows, |row| {
        V4::parse(ips.get(row)).map(|ip| i64::from(ip.prefix))
    })
}
