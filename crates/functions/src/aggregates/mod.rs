//! The family `aggregates`. Written by `tests/generated.rs`.

/// The aggregates of this family.
#[rustfmt::skip]
pub const AGGREGATES: &[&crate::spec::AggregateSpec] = &[];
