//! `ipv4_is_in_range(ip, ip_range)` and `ipv4_is_in_any_range(ip, ranges)`.

use crate::prelude::*;

/// `ipv4_is_in_range`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "ipv4_is_in_range",
    summary: "Whether an address is in a range; null when one of them cannot be read.",
    signatures: &[sig(
        &[
            arg("ip", STRING, "The address."),
            arg("ip_range", STRING, "A range (`10.0.0.0/8`)."),
        ],
        BOOL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(ipv4_is_in_range),
    examples: &[
        ex("ipv4_is_in_range('192.168.1.1', '192.168.1.1')", "True"),
        ex(
            "ipv4_is_in_range('192.168.1.1', '192.168.1.255/24')",
            "True",
        ),
        ex(
            "ipv4_is_in_range('192.168.2.1', '192.168.1.255/24')",
            "False",
        ),
        ex("ipv4_is_in_range('bad', '10.0.0.0/8')", "null"),
    ],
    differs: "",
};

/// `ipv4_is_in_any_range`
pub const ANY: FunctionSpec = FunctionSpec {
    name: "ipv4_is_in_any_range",
    summary: "Whether an address is in one of several ranges, given one by one or as an array; null when the address cannot be read.",
    signatures: &[
        sig(
            &[
                arg_of("ip", Class::StringOrDynamic, "The address."),
                arg("ranges", STRING, "A range (`10.0.0.0/8`).").repeated(1, 32767),
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
    lower: Lower::Kernel(ipv4_is_in_any_range),
    examples: &[
        ex(
            "ipv4_is_in_any_range('192.168.1.6', '192.168.1.1/24', '10.0.0.1/8', '127.1.0.1/16')",
            "True",
        ),
        ex(
            "ipv4_is_in_any_range('127.0.0.1', dynamic(['127.0.0.1', '192.168.1.1']))",
            "True",
        ),
        ex(
            "ipv4_is_in_any_range('1.1.1.1', dynamic(['10.0.0.1/8']))",
            "False",
        ),
    ],
    differs: "A range that cannot be read makes the result null unless the address is in another one; Kusto does not document it.",
};

use super::address::V4;
use super::ranges::Ranges;
use crate::text_arguments::{constant_from, each_text, text_of};

fn ipv4_is_in_range(args: &Args<'_>) -> Result<ArrayRef> {
    in_any(args)
}

fn ipv4_is_in_any_range(args: &Args<'_>) -> Result<ArrayRef> {
    in_any(args)
}

fn in_any(args: &Args<'_>) -> Result<ArrayRef> {
    let ips = args.any(0)?;
    let lists = (1..args.len())
        .map(|i| args.any(i))
        .collect::<Result<Vec<_>>>()?;
    let fill = |row: usize, ranges: &mut Ranges<u32>| {
        ranges.clear();
        each_text(&lists, row, |text| ranges.add_v4(text));
        ranges.finish();
    };
    let constant = constant_from(args, 1);
    let mut ranges = Ranges::default();
    if constant {
        fill(0, &mut ranges);
    }
    let mut scratch = String::new();
    bool_result(args.rows, |row| {
        let ip = V4::parse(text_of(&ips, row, &mut scratch))?.network();
        if !constant {
            fill(row, &mut ranges);
        }
        ranges.has(ip)
    })
}
