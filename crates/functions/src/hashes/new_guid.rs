//! `new_guid()`.

use crate::prelude::*;

/// `new_guid`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "new_guid",
    summary: "Returns a random guid, another one for each row.",
    signatures: &[sig(&[], GUID)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Volatile,
    lower: Lower::Kernel(new_guid),
    examples: &[ex("strlen(tostring(new_guid()))", "36")],
    differs: "",
};

fn new_guid(args: &Args<'_>) -> Result<ArrayRef> {
    guid_result(args.rows, |_| Some(uuid::Uuid::new_v4().into_bytes()))
}
