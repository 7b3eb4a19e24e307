//! `hourofday(date)`.

use crate::prelude::*;
use kql_types::text::timespan::{DAY, HOUR};

/// `hourofday`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "hourofday",
    summary: "The hour, from 0.",
    signatures: &[sig(&[arg("date", DATETIME, "The datetime.")], INT)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(hourofday),
    examples: &[ex("hourofday(datetime(2015-12-14 18:54))", "18")],
    differs: "",
};

fn hourofday(args: &Args<'_>) -> Result<ArrayRef> {
    let date = args.long(0)?;
    int_result(args.rows, |row| {
        i32::try_from(date.value(row).rem_euclid(DAY) / HOUR).ok()
    })
}
