//! `dayofyear(date)`.

use super::calendar::day_of_year;
use crate::prelude::*;

/// `dayofyear`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "dayofyear",
    summary: "The day of the year, from 1.",
    signatures: &[sig(&[arg("date", DATETIME, "The datetime.")], INT)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(dayofyear),
    examples: &[
        ex("dayofyear(datetime(2015-12-14))", "348"),
        ex("dayofyear(datetime(2016-12-31))", "366"),
    ],
    differs: "",
};

fn dayofyear(args: &Args<'_>) -> Result<ArrayRef> {
    let date = args.long(0)?;
    int_result(args.rows, |row| {
        i32::try_from(day_of_year(date.value(row))).ok()
    })
}
