//! `dayofmonth(date)`.

use crate::prelude::*;
use kql_types::text::datetime::date_of;

/// `dayofmonth`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "dayofmonth",
    summary: "The day of the month, from 1.",
    signatures: &[sig(&[arg("date", DATETIME, "The datetime.")], INT)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(dayofmonth),
    examples: &[ex("dayofmonth(datetime(2015-12-14))", "14")],
    differs: "",
};

fn dayofmonth(args: &Args<'_>) -> Result<ArrayRef> {
    let date = args.long(0)?;
    int_result(args.rows, |row| {
        i32::try_from(date_of(date.value(row)).2).ok()
    })
}
