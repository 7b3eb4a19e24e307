//! `strlen(source)`: how many characters a string has.

use super::texts::Texts;
use crate::prelude::*;

/// `strlen`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "strlen",
    summary: "Returns the number of characters in `source` (not bytes).",
    signatures: &[sig(
        &[arg_of(
            "source",
            Class::StringOrDynamic,
            "The string to measure.",
        )],
        LONG,
    )],
    result_name: ResultName::Prefix("strlen"),
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(strlen),
    examples: &[ex("strlen('héllo')", "5"), ex("strlen('')", "0")],
    differs: "",
};

fn strlen(args: &Args<'_>) -> Result<ArrayRef> {
    let source = Texts::of(args, 0)?;
    let source = source.strs()?;
    long_result(args.rows, |row| {
        i64::try_from(source.get(row).chars().count()).ok()
    })
}
