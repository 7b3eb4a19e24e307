//! The family `math`. Written by `tests/generated.rs`.

pub mod round;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &round::BIN_SPEC,
    &round::FLOOR,
    &round::ABS,
    &round::ROUND,
    &round::CEILING,
    &round::SIGN,
    &round::POW,
    &round::ATAN2,
    &round::PI,
];
