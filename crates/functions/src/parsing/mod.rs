//! The family `parsing`. Written by `tests/generated.rs`.

pub mod parse_command_line;
pub mod parse_csv;
pub mod parse_path;
pub mod parse_url;
pub mod parse_user_agent;
pub mod parse_version;
pub mod parse_xml;
pub mod user_agents;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &parse_command_line::SPEC,
    &parse_csv::SPEC,
    &parse_path::SPEC,
    &parse_url::SPEC,
    &parse_url::OLD,
    &parse_url::QUERY,
    &parse_url::QUERY_OLD,
    &parse_user_agent::SPEC,
    &parse_version::SPEC,
    &parse_xml::SPEC,
];
