//! The family `hashes`. Written by `tests/generated.rs`.

pub mod digests;
pub mod hash;
pub mod new_guid;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &digests::MD5,
    &digests::SHA1,
    &digests::SPEC,
    &hash::SPEC,
    &hash::XX,
    &hash::COMBINE,
    &hash::MANY,
    &new_guid::SPEC,
];
