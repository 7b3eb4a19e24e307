//! The family `conversions`. Written by `tests/generated.rs`.

pub mod gettype;
pub mod numbers;
pub mod tobool;
pub mod todatetime;
pub mod todecimal;
pub mod toguid;
pub mod toint;
pub mod tolong;
pub mod toreal;
pub mod tostring;
pub mod totimespan;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &gettype::GETTYPE,
    &tobool::SPEC,
    &tobool::TOBOOLEAN,
    &todatetime::SPEC,
    &todecimal::SPEC,
    &toguid::SPEC,
    &toint::SPEC,
    &tolong::SPEC,
    &toreal::SPEC,
    &toreal::TODOUBLE,
    &tostring::SPEC,
    &totimespan::SPEC,
    &totimespan::TOTIME,
];
