//! `ipv4_range_to_cidr_list(start_ip, end_ip)`.

use crate::prelude::*;

/// `ipv4_range_to_cidr_list`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "ipv4_range_to_cidr_list",
    summary: "Returns the fewest ranges with a prefix that cover all addresses from one to another, and no other.",
    signatures: &[sig(
        &[
            arg("start_ip", STRING, "The first address."),
            arg("end_ip", STRING, "The last address."),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(ipv4_range_to_cidr_list),
    examples: &[
        ex(
            "ipv4_range_to_cidr_list('1.1.128.0', '1.1.140.255')",
            r#"["1.1.128.0/21","1.1.136.0/22","1.1.140.0/24"]"#,
        ),
        ex("ipv4_range_to_cidr_list('bad', '1.1.1.1')", "null"),
    ],
    differs: "",
};

use super::address::V4;
use ipnet::Ipv4Subnets;
use std::fmt::Write;

fn ipv4_range_to_cidr_list(args: &Args<'_>) -> Result<ArrayRef> {
    let (starts, ends) = (args.str(0)?, args.str(1)?);
    let mut text = String::new();
    dyn_result(args.rows, |row, w| {
        let (Some(start), Some(end)) = (V4::parse(starts.get(row)), V4::parse(ends.get(row)))
        else {
            return;
        };
        if start.network() > end.network() {
            return;
        }
        w.begin_array();
        for net in Ipv4Subnets::new(start.network().into(), end.network().into(), 0) {
            text.clear();
            let _ = write!(text, "{net}");
            w.string(&text);
        }
        w.end();
    })
}
