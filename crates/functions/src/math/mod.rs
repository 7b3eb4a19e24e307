//! The family `math`. Written by `tests/generated.rs`.

pub mod bits;
pub mod round;
pub mod sequence;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &bits::BINARY_NOT,
    &bits::BITSET_COUNT_ONES,
    &round::BIN_SPEC,
    &round::FLOOR,
    &round::ABS,
    &round::ROUND,
    &round::SQRT,
    &round::EXP,
    &round::EXP2,
    &round::EXP10,
    &round::LOG,
    &round::LOG2,
    &round::LOG10,
    &round::SIN,
    &round::COS,
    &round::TAN,
    &round::COT,
    &round::ASIN,
    &round::ACOS,
    &round::ATAN,
    &round::DEGREES,
    &round::RADIANS,
    &round::CEILING,
    &round::SIGN,
    &round::POW,
    &round::ATAN2,
    &round::PI,
    &round::BINARY_AND,
    &round::BINARY_OR,
    &round::BINARY_XOR,
    &round::BINARY_SHIFT_LEFT,
    &round::BINARY_SHIFT_RIGHT,
    &sequence::RANGE,
    &sequence::RAND,
    &sequence::BIN_AT,
];
