//! `strrep(value, multiplier [, delimiter])`: a text several times.

use super::function::{differing, function};
use super::texts::Texts;
use crate::prelude::*;

/// The reference names two limits; below this one they agree.
const MOST: i64 = 1_024;

/// `strrep`
pub const SPEC: FunctionSpec = differing(
    "More than 1024 repetitions are refused: the reference says both that they are cut and that they are allowed.",
    function(
        "strrep",
        "Repeats a text, with a delimiter between each two.",
        &[sig(
            &[
                arg_of("value", Class::Scalar, "The text."),
                arg("multiplier", LONG, "How often, up to 1024."),
                arg_of("delimiter", Class::Scalar, "What stands between.").optional(),
            ],
            STRING,
        )],
        strrep,
        &[
            ex("strrep('ABC', 2)", "ABCABC"),
            ex("strrep(123, 3, '.')", "123.123.123"),
            ex("strrep(3s, 2, ' ')", "00:00:03 00:00:03"),
        ],
    ),
);

fn strrep(args: &Args<'_>) -> Result<ArrayRef> {
    let value = Texts::of(args, 0)?;
    let value = value.strs()?;
    let times = args.integer(1)?;
    let delimiter = (args.len() > 2).then(|| Texts::of(args, 2)).transpose()?;
    let delimiter = delimiter.as_ref().map(Texts::strs).transpose()?;
    try_str_result(args.rows, |row, out| {
        let n = times(row).unwrap_or(0);
        if n > MOST {
            return Err(KernelError::new(format!(
                "`strrep` with more than {MOST} repetitions ({n}) is not supported"
            )));
        }
        for i in 0..n {
            if i > 0
                && let Some(d) = &delimiter
            {
                out.push_str(d.get(row));
            }
            out.push_str(value.get(row));
        }
        Ok(())
    })
}
