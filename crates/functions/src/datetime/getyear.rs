//! `getyear(date)`.

use crate::prelude::*;
use kql_types::text::datetime::date_of;

/// `getyear`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "getyear",
    summary: "The year.",
    signatures: &[sig(&[arg("date", DATETIME, "The datetime.")], INT)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(getyear),
    examples: &[
        ex("getyear(datetime(2015-10-12))", "2015"),
        ex("getyear(datetime(null))", "null"),
    ],
    differs: "",
};

fn getyear(args: &Args<'_>) -> Result<ArrayRef> {
    let date = args.long(0)?;
    int_result(args.rows, |row| {
        i32::try_from(date_of(date.value(row)).0).ok()
    })
}
