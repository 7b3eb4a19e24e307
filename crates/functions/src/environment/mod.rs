//! The family `environment`. Written by `tests/generated.rs`.

pub mod cluster;
pub mod column_names_of;
pub mod estimate_data_size;
pub mod extents;
pub mod ingestion_time;
pub mod iscolumnexists;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &cluster::ENDPOINT,
    &cluster::DATABASE,
    &cluster::NODE,
    &cluster::PRINCIPAL,
    &cluster::DETAILS,
    &cluster::MEMBER,
    &cluster::CURSOR_CURRENT,
    &cluster::CURRENT_CURSOR,
    &cluster::CURSOR_BEFORE,
    &cluster::ROW_ID,
    &cluster::ROWSTORE,
    &cluster::CURSOR_AFTER,
    &column_names_of::SPEC,
    &estimate_data_size::SPEC,
    &extents::ID,
    &extents::OLD_ID,
    &extents::TAGS,
    &ingestion_time::SPEC,
    &iscolumnexists::SPEC,
];
