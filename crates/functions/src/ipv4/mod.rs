//! The family `ipv4`. Written by `tests/generated.rs`.

pub mod address;
pub mod format_ipv4;
pub mod geo_info_from_ip_address;
pub mod has_ipv4;
pub mod ipv4_compare;
pub mod ipv4_is_in_range;
pub mod ipv4_is_private;
pub mod ipv4_netmask_suffix;
pub mod ipv4_range_to_cidr_list;
pub mod ipv6_compare;
pub mod ipv6_is_in_range;
pub mod parse_ipv4;
pub mod parse_ipv6;
pub mod ranges;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &format_ipv4::SPEC,
    &format_ipv4::MASK,
    &geo_info_from_ip_address::SPEC,
    &has_ipv4::SPEC,
    &has_ipv4::ANY,
    &has_ipv4::PREFIX,
    &has_ipv4::ANY_PREFIX,
    &ipv4_compare::SPEC,
    &ipv4_compare::MATCH,
    &ipv4_is_in_range::SPEC,
    &ipv4_is_in_range::ANY,
    &ipv4_is_private::SPEC,
    &ipv4_netmask_suffix::SPEC,
    &ipv4_range_to_cidr_list::SPEC,
    &ipv6_compare::SPEC,
    &ipv6_compare::MATCH,
    &ipv6_is_in_range::SPEC,
    &ipv6_is_in_range::ANY,
    &parse_ipv4::SPEC,
    &parse_ipv4::MASK,
    &parse_ipv6::SPEC,
    &parse_ipv6::MASK,
];
