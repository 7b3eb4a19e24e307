//! `datepart(part, date)`: the old name of `datetime_part`.

use crate::prelude::*;

/// `datepart`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "datepart",
    summary: "The old name of `datetime_part`.",
    examples: &[ex("datepart('hour', datetime(2017-10-30 01:02:03))", "1")],
    ..super::datetime_part::SPEC
};
