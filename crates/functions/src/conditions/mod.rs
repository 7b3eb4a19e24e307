//! The family `conditions`. Written by `tests/generated.rs`.

pub mod nulls;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &nulls::ISNULL,
    &nulls::ISNOTNULL,
    &nulls::NOTNULL,
    &nulls::ISNAN,
    &nulls::ISINF,
    &nulls::ISFINITE,
    &nulls::COALESCE,
    &nulls::MAX_OF,
    &nulls::MIN_OF,
    &nulls::IFF_SPEC,
    &nulls::IIF,
    &nulls::CASE,
    &nulls::NOT,
];
