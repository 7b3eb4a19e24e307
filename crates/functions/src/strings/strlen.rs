//! `strlen(source)`: how many characters a string has.

use crate::prelude::*;

/// `strlen`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "strlen",
    summary: "Returns the number of characters in `source` (not bytes).",
    signatures: &[sig(
        &[arg("source", STRING, "The string to measure.")],
        LONG,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(strlen),
    examples: &[ex("strlen('héllo')", "5"), ex("strlen('')", "0")],
    differs: "",
};

fn strlen(args: &Args<'_>) -> Result<ArrayRef> {
    let source = args.str(0)?;
    long_result(args.rows, |row| {
        i64::try_from(source.get(row).chars().count()).ok()
    })
}
