//! `ipv6_is_in_range(ip, ip_range)` and `ipv6_is_in_any_range(ip, ranges)`.

use crate::prelude::*;

/// `ipv6_is_in_range`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "ipv6_is_in_range",
    summary: "Whether an address is in a range; null when one of them cannot be read.",
    signatures: &[sig(
        &[
            arg("ip", STRING, "The address."),
            arg("ip_range", STRING, "A range (`fe80::/10`)."),
        ],
        BOOL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(ipv6_is_in_range),
    examples: &[
        ex(
            "ipv6_is_in_range('a5e:f127:8a9d:146d:e102:b5d3:c755:abcd', 'a5e:f127:8a9d:146d:e102:b5d3:c755:0000/112')",
            "True",
        ),
        ex(
            "ipv6_is_in_range('a5e:f127:8a9d:146d:e102:b5d3:c755:abcd', '0:0:0:0:0:ffff:c0a8:ac/60')",
            "False",
        ),
    ],
    differs: "",
};

/// `ipv6_is_in_any_range`
pub const ANY: FunctionSpec = FunctionSpec {
    name: "ipv6_is_in_any_range",
    summary: "Whether an address is in one of several ranges, given one by one or as an array; null when the address cannot be read.",
    signatures: &[
        sig(
            &[
                arg_of("ip", Class::StringOrDynamic, "The address."),
                arg("ranges", STRING, "A range (`fe80::/10`).").repeated(1, 32767),
            ],
            BOOL,
        ),
        sig(
            &[
                arg_of("ip", Class::StringOrDynamic, "The address."),
                arg_of("ranges", Class::DynamicArray, "Ranges."),
            ],
            BOOL,
        ),
    ],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(ipv6_is_in_any_range),
    examples: &[ex(
        "ipv6_is_in_any_range('a5e:f127:8a9d:146d:e102:b5d3:c755:abcd', dynamic(['a5e:f127:8a9d:146d:e102:b5d3:c755:f6cd/112', '0:0:0:0:0:ffff:c0a8:ac/60']))",
        "True",
    )],
    differs: "A range that cannot be read makes the result null unless the address is in another one; Kusto does not document it.",
};

use super::address::V6;
use super::ranges::Ranges;
use crate::text_arguments::{constant_from, each_text, text_of};

fn ipv6_is_in_range(args: &Args<'_>) -> Result<ArrayRef> {
    in_any(args)
}

fn ipv6_is_in_any_range(args: &Args<'_>) -> Result<ArrayRef> {
    in_any(args)
}

fn in_any(args: &Args<'_>) -> Result<ArrayRef> {
    let ips = args.any(0)?;
    let lists = (1..args.len())
        .map(|i| args.any(i))
        .collect::<Result<Vec<_>>>()?;
    let fill = |row: usize, ranges: &mut Ranges<u128>| {
        ranges.clear();
        each_text(&lists, row, |text| ranges.add_v6(text));
        ranges.finish();
    };
    let constant = constant_from(args, 1);
    let mut ranges = Ranges::default();
    if constant {
        fill(0, &mut ranges);
    }
    let mut scratch = String::new();
    bool_result(args.rows, |row| {
        let ip = V6::parse_mapping(text_of(&ips, row, &mut scratch))?.network();
        if !constant {
            fill(row, &mut ranges);
        }
        ranges.has(ip)
    })
}
