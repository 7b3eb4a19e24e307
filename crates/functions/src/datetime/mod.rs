//! The family `datetime`. Written by `tests/generated.rs`.

pub mod format;
pub mod parts;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &format::FORMAT_DATETIME,
    &format::FORMAT_TIMESPAN,
    &parts::STARTOFDAY,
    &parts::STARTOFWEEK,
    &parts::STARTOFMONTH,
    &parts::STARTOFYEAR,
    &parts::ENDOFDAY,
    &parts::ENDOFWEEK,
    &parts::ENDOFMONTH,
    &parts::ENDOFYEAR,
    &parts::DAYOFMONTH,
    &parts::DAYOFYEAR,
    &parts::MONTHOFYEAR,
    &parts::GETMONTH,
    &parts::GETYEAR,
    &parts::HOUROFDAY,
    &parts::WEEK_OF_YEAR,
    &parts::DAYOFWEEK,
    &parts::DATETIME_DIFF,
    &parts::DATETIME_ADD,
    &parts::DATETIME_PART,
    &parts::MAKE_DATETIME,
    &parts::MAKE_TIMESPAN,
    &parts::UNIX_SECONDS,
    &parts::UNIX_MILLISECONDS,
    &parts::UNIX_MICROSECONDS,
    &parts::UNIX_NANOSECONDS,
];
