//! `geo_info_from_ip_address(ip)`.

use crate::prelude::*;

/// `geo_info_from_ip_address`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "geo_info_from_ip_address",
    summary: "Returns what is known of the place of an address.",
    signatures: &[sig(
        &[arg(
            "ip",
            STRING,
            "The address, with or without a prefix (`10.1.2.3/24`).",
        )],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Refused(
        "it needs a table of addresses and places, which is not part of this program",
    ),
    examples: &[],
    differs: "",
};
