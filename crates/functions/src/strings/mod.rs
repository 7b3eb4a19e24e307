//! The family `strings`. Written by `tests/generated.rs`.

pub mod json_text;
pub mod strlen;
pub mod texts;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &strlen::SPEC,
];
