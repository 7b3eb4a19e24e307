//! The family `series`. Written by `tests/generated.rs`.

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[];
