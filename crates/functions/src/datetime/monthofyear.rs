//! `monthofyear(date)`, `getmonth(date)`.

use crate::prelude::*;
use kql_types::text::datetime::date_of;

/// `monthofyear`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "monthofyear",
    summary: "The month, from 1.",
    signatures: &[sig(&[arg("date", DATETIME, "The datetime.")], INT)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(monthofyear),
    examples: &[ex("monthofyear(datetime(2015-12-14))", "12")],
    differs: "",
};

/// `getmonth`
pub const GETMONTH: FunctionSpec = FunctionSpec {
    name: "getmonth",
    summary: "The month, from 1.",
    signatures: &[sig(&[arg("date", DATETIME, "The datetime.")], INT)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(monthofyear),
    examples: &[ex("getmonth(datetime(2015-10-12))", "10")],
    differs: "",
};

fn monthofyear(args: &Args<'_>) -> Result<ArrayRef> {
    let date = args.long(0)?;
    int_result(args.rows, |row| {
        i32::try_from(date_of(date.value(row)).1).ok()
    })
}
