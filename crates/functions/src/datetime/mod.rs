//! The family `datetime`. Written by `tests/generated.rs`.

pub mod calendar;
pub mod clock;
pub mod datepart;
pub mod datetime_add;
pub mod datetime_diff;
pub mod datetime_part;
pub mod dayofmonth;
pub mod dayofweek;
pub mod dayofyear;
pub mod endofday;
pub mod endofmonth;
pub mod endofweek;
pub mod endofyear;
pub mod format_datetime;
pub mod format_timespan;
pub mod getyear;
pub mod hourofday;
pub mod make_datetime;
pub mod make_timespan;
pub mod monthofyear;
pub mod part;
pub mod periods;
pub mod startofday;
pub mod startofmonth;
pub mod startofweek;
pub mod startofyear;
pub mod timezones;
pub mod tokens;
pub mod unix;
pub mod unixtime_microseconds_todatetime;
pub mod unixtime_milliseconds_todatetime;
pub mod unixtime_nanoseconds_todatetime;
pub mod unixtime_seconds_todatetime;
pub mod week_of_year;
pub mod weekofyear;

/// The functions of this family.
#[rustfmt::skip]
pub const ALL: &[&crate::spec::FunctionSpec] = &[
    &datepart::SPEC,
    &datetime_add::SPEC,
    &datetime_diff::SPEC,
    &datetime_part::SPEC,
    &dayofmonth::SPEC,
    &dayofweek::SPEC,
    &dayofyear::SPEC,
    &endofday::SPEC,
    &endofmonth::SPEC,
    &endofweek::SPEC,
    &endofyear::SPEC,
    &format_datetime::SPEC,
    &format_timespan::SPEC,
    &getyear::SPEC,
    &hourofday::SPEC,
    &make_datetime::SPEC,
    &make_timespan::SPEC,
    &monthofyear::SPEC,
    &monthofyear::GETMONTH,
    &startofday::SPEC,
    &startofmonth::SPEC,
    &startofweek::SPEC,
    &startofyear::SPEC,
    &timezones::TO_LOCAL,
    &timezones::TO_UTC,
    &timezones::LIST,
    &unixtime_microseconds_todatetime::SPEC,
    &unixtime_milliseconds_todatetime::SPEC,
    &unixtime_nanoseconds_todatetime::SPEC,
    &unixtime_seconds_todatetime::SPEC,
    &week_of_year::SPEC,
    &weekofyear::SPEC,
];
