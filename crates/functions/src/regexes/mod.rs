//! The family `regexes`. Written by `tests/generated.rs`.

pub mod countof;
pub mod extract;
pub mod extract_all;
pub mod indexof_regex;
pub mod pattern;
pub mod regex_quote;
pub mod replace_regex;
pub mod trim;
pub mod typed;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &countof::SPEC,
    &extract::SPEC,
    &extract_all::EXTRACT_ALL,
    &extract_all::EXTRACTALL,
    &indexof_regex::SPEC,
    &regex_quote::SPEC,
    &replace_regex::REPLACE_REGEX,
    &replace_regex::REPLACE,
    &trim::TRIM,
    &trim::TRIM_START,
    &trim::TRIM_END,
];
