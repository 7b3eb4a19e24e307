//! The family `math`. Written by `tests/generated.rs`.

pub mod abs;
pub mod acos;
pub mod asin;
pub mod atan;
pub mod atan2;
pub mod bin;
pub mod bin_at;
pub mod bin_auto;
pub mod binary_and;
pub mod binary_not;
pub mod binary_or;
pub mod binary_shift_left;
pub mod binary_shift_right;
pub mod binary_xor;
pub mod bits;
pub mod bitset_count_ones;
pub mod ceiling;
pub mod cos;
pub mod cot;
pub mod degrees;
pub mod exp;
pub mod exp10;
pub mod exp2;
pub mod log;
pub mod log10;
pub mod log2;
pub mod pi;
pub mod pow;
pub mod radians;
pub mod rand;
pub mod range;
pub mod reals;
pub mod round;
pub mod sign;
pub mod sin;
pub mod special;
pub mod sqrt;
pub mod tan;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &abs::SPEC,
    &acos::SPEC,
    &asin::SPEC,
    &atan::SPEC,
    &atan2::SPEC,
    &bin::SPEC,
    &bin::FLOOR,
    &bin_at::SPEC,
    &bin_auto::SPEC,
    &binary_and::SPEC,
    &binary_not::SPEC,
    &binary_or::SPEC,
    &binary_shift_left::SPEC,
    &binary_shift_right::SPEC,
    &binary_xor::SPEC,
    &bitset_count_ones::SPEC,
    &ceiling::SPEC,
    &cos::SPEC,
    &cot::SPEC,
    &degrees::SPEC,
    &exp::SPEC,
    &exp10::SPEC,
    &exp2::SPEC,
    &log::SPEC,
    &log10::SPEC,
    &log2::SPEC,
    &pi::SPEC,
    &pow::SPEC,
    &radians::SPEC,
    &rand::SPEC,
    &range::SPEC,
    &round::SPEC,
    &sign::SPEC,
    &sin::SPEC,
    &special::GAMMA,
    &special::LOGGAMMA,
    &special::ERF,
    &special::ERFC,
    &special::BETA_CDF,
    &special::BETA_PDF,
    &special::BETA_INV,
    &special::WELCH_TEST,
    &sqrt::SPEC,
    &tan::SPEC,
];
