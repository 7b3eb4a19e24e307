//! The family `statistics`. Written by `tests/generated.rs`.

pub mod hll;
pub mod tdigest;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &hll::DCOUNT,
    &hll::MERGE,
    &tdigest::PERCENTILE,
    &tdigest::PERCENTILES,
    &tdigest::PERCENTRANK,
    &tdigest::RANK,
    &tdigest::MERGE,
    &tdigest::MERGE_TDIGEST,
];
