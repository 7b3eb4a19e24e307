//! The family `conversions`. Written by `tests/generated.rs`.

pub mod convert_angle;
pub mod convert_energy;
pub mod convert_force;
pub mod convert_length;
pub mod convert_mass;
pub mod convert_speed;
pub mod convert_temperature;
pub mod convert_volume;
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
pub mod units;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &convert_angle::SPEC,
    &convert_energy::SPEC,
    &convert_force::SPEC,
    &convert_length::SPEC,
    &convert_mass::SPEC,
    &convert_speed::SPEC,
    &convert_temperature::SPEC,
    &convert_volume::SPEC,
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
