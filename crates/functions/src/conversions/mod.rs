//! The family `conversions`. Written by `tests/generated.rs`.

pub mod convert;
pub mod gettype;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &convert::TOSTRING,
    &convert::TOINT,
    &convert::TOLONG,
    &convert::TOREAL,
    &convert::TODOUBLE,
    &convert::TODECIMAL,
    &convert::TOBOOL,
    &convert::TOBOOLEAN,
    &convert::TODATETIME,
    &convert::TOTIMESPAN,
    &convert::TOTIME,
    &convert::TOGUID,
    &gettype::GETTYPE,
];
