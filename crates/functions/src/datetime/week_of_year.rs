//! `week_of_year(date)`.

use super::calendar;
use crate::prelude::*;

/// `week_of_year`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "week_of_year",
    summary: "The week of the year by ISO 8601: the first one has the first Thursday.",
    signatures: &[sig(&[arg("date", DATETIME, "The datetime.")], INT)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(week_of_year),
    examples: &[
        ex("week_of_year(datetime(2020-12-31))", "53"),
        ex("week_of_year(datetime(2020-06-15))", "25"),
        ex("week_of_year(datetime(1970-01-01))", "1"),
        ex("week_of_year(datetime(2000-01-01))", "52"),
    ],
    differs: "",
};

fn week_of_year(args: &Args<'_>) -> Result<ArrayRef> {
    let date = args.long(0)?;
    int_result(args.rows, |row| {
        i32::try_from(calendar::week_of_year(date.value(row))).ok()
    })
}
