//! The family `conditions`. Written by `tests/generated.rs`.

pub mod around;
pub mod assert;
pub mod case;
pub mod coalesce;
pub mod iff;
pub mod isfinite;
pub mod isinf;
pub mod isnan;
pub mod isnull;
pub mod max_of;
pub mod min_of;
pub mod not;
pub mod pick;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &around::SPEC,
    &assert::SPEC,
    &case::SPEC,
    &coalesce::SPEC,
    &iff::SPEC,
    &iff::IIF,
    &isfinite::SPEC,
    &isinf::SPEC,
    &isnan::SPEC,
    &isnull::SPEC,
    &isnull::ISNOTNULL,
    &isnull::NOTNULL,
    &max_of::SPEC,
    &min_of::SPEC,
    &not::SPEC,
];
