//! `weekofyear(date)`: the old name of `week_of_year`.

use crate::prelude::*;

/// `weekofyear`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "weekofyear",
    summary: "The old name of `week_of_year`.",
    examples: &[ex("weekofyear(datetime(2020-12-31))", "53")],
    ..super::week_of_year::SPEC
};
