//! The family `strings`. Written by `tests/generated.rs`.

pub mod strlen;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &strlen::SPEC,
];
