//! `assert(predicate, message)`.

use crate::prelude::*;

/// `assert`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "assert",
    summary: "True when a condition holds; else the query fails with the message. The condition reads no column: it is known before the rows are.",
    signatures: &[sig(
        &[
            arg("predicate", BOOL, "The condition."),
            arg("message", STRING, "What the error says."),
        ],
        BOOL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(assert),
    examples: &[
        ex("assert(1 < 2, 'numbers are out of order')", "True"),
        ex(
            "let f = (len:long, s:string) { assert(len > 0, 'len must be positive') and strlen(s) > len }; datatable(s:string)['123', '4567'] | where f(3, s)",
            "4567",
        ),
    ],
    differs: "A condition with a toscalar is looked at with the rows, and not where there are none.",
};

fn assert(args: &Args<'_>) -> Result<ArrayRef> {
    let (predicate, message) = (args.bool(0)?, args.str(1)?);
    try_bool_result(args.rows, |row| {
        if predicate.get(row) == Some(true) {
            Ok(Some(true))
        } else {
            Err(KernelError::new(format!(
                "assert() has failed with message: '{}'",
                message.get(row)
            )))
        }
    })
}
