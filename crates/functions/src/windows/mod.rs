//! The family `windows`. Written by `tests/generated.rs`.

pub mod rows;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &rows::PREV,
    &rows::NEXT,
    &rows::ROW_NUMBER,
    &rows::ROW_CUMSUM,
    &rows::ROW_RANK_DENSE,
    &rows::ROW_RANK_MIN,
    &rows::ROW_WINDOW_SESSION,
];
