//! `repeat(value, count)`.

use crate::prelude::*;

/// `repeat`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "repeat",
    summary: "Returns an array of `count` times a value; null when `count` is negative.",
    signatures: &[sig(
        &[
            arg_of("value", Class::Scalar, "The value."),
            arg("count", LONG, "How often."),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::Prefix("repeat"),
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(repeat),
    examples: &[
        ex("repeat(1, 3)", "[1,1,1]"),
        ex("repeat('ab', 2)", r#"["ab","ab"]"#),
        ex("repeat(1, 0)", "[]"),
        ex("repeat(1, -1)", "null"),
    ],
    differs: "",
};

/// An array cannot have more elements than this: they would be no value that could be shown.
const MOST: i64 = 16 << 20;

fn repeat(args: &Args<'_>) -> Result<ArrayRef> {
    let (values, count) = (args.any(0)?, args.integer(1)?);
    try_dyn_result(args.rows, |row, w| {
        let Some(n) = count(row).filter(|n| *n >= 0) else {
            return Ok(());
        };
        if n > MOST {
            return Err(KernelError::new(format!(
                "repeat makes at most {MOST} elements, not {n}"
            )));
        }
        w.begin_array();
        for _ in 0..n {
            w.value(values.get(row));
        }
        w.end();
        Ok(())
    })
}
