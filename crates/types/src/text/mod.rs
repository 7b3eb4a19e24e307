//! Texts of single values: reading and writing as `tostring`, `todatetime` and the like do.

pub mod datetime;
pub mod duration;
pub mod guid;
pub mod number;
pub mod timespan;
pub mod write;

pub use datetime::{format_datetime_iso, parse_datetime, parse_time_of_day};
pub use duration::parse_iso_duration;
pub use guid::{format_guid, parse_guid};
pub use number::{format_decimal, format_real, parse_decimal};
pub use timespan::{format_timespan, parse_timespan};
