//! The family `datetime`. Written by `tests/generated.rs`.

pub mod parts;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &parts::WEEK_OF_YEAR,
    &parts::DAYOFWEEK,
    &parts::DATETIME_DIFF,
    &parts::DATETIME_ADD,
    &parts::DATETIME_PART,
    &parts::MAKE_DATETIME,
    &parts::MAKE_TIMESPAN,
];
