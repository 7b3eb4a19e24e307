//! The family `operators`. Written by `tests/generated.rs`.

pub mod arithmetic;
pub mod comparison;
pub mod constants;
pub mod contains;
pub mod endswith;
pub mod equals_any_case;
pub mod has;
pub mod has_list;
pub mod hasprefix;
pub mod hassuffix;
pub mod in_list;
pub mod like;
pub mod make_series;
pub mod matcher;
pub mod matches_regex;
pub mod startswith;
pub mod text_search;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &arithmetic::ADD,
    &arithmetic::SUBTRACT,
    &arithmetic::MULTIPLY,
    &arithmetic::DIVIDE,
    &arithmetic::MODULO,
    &arithmetic::NEGATE,
    &comparison::EQUAL,
    &comparison::NOT_EQUAL,
    &comparison::LESS,
    &comparison::LESS_EQUAL,
    &comparison::GREATER,
    &comparison::GREATER_EQUAL,
    &comparison::BETWEEN,
    &comparison::NOT_BETWEEN,
    &contains::CONTAINS,
    &contains::NOT_CONTAINS,
    &contains::CONTAINS_CS,
    &contains::NOT_CONTAINS_CS,
    &endswith::ENDSWITH,
    &endswith::NOT_ENDSWITH,
    &endswith::ENDSWITH_CS,
    &endswith::NOT_ENDSWITH_CS,
    &equals_any_case::SAME,
    &equals_any_case::NOT_SAME,
    &has::HAS,
    &has::NOT_HAS,
    &has::HAS_CS,
    &has::NOT_HAS_CS,
    &has_list::HAS_ANY,
    &has_list::HAS_ALL,
    &hasprefix::HASPREFIX,
    &hasprefix::NOT_HASPREFIX,
    &hasprefix::HASPREFIX_CS,
    &hasprefix::NOT_HASPREFIX_CS,
    &hassuffix::HASSUFFIX,
    &hassuffix::NOT_HASSUFFIX,
    &hassuffix::HASSUFFIX_CS,
    &hassuffix::NOT_HASSUFFIX_CS,
    &in_list::IN,
    &in_list::NOT_IN,
    &in_list::IN_ANY_CASE,
    &in_list::NOT_IN_ANY_CASE,
    &like::LIKE,
    &like::NOT_LIKE,
    &like::LIKE_CS,
    &like::NOT_LIKE_CS,
    &make_series::AXIS,
    &make_series::VALUES,
    &matches_regex::SPEC,
    &startswith::STARTSWITH,
    &startswith::NOT_STARTSWITH,
    &startswith::STARTSWITH_CS,
    &startswith::NOT_STARTSWITH_CS,
];
