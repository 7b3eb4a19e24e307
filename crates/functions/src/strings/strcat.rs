//! `strcat(arg, ...)`, `strcat_delim(delimiter, arg, ...)`: texts one after another.

use super::function::function;
use super::texts::{self, Texts};
use crate::prelude::*;

const ARG: Param = arg_of("arg", Class::Scalar, "A value; it is added as its text.");

/// `strcat`
pub const STRCAT: FunctionSpec = function(
    "strcat",
    "Joins the texts of 1 to 64 values.",
    &[sig(&[ARG.repeated(1, 64)], STRING)],
    strcat,
    &[
        ex("strcat('hello', ' ', 'world')", "hello world"),
        ex("strcat('x', int(null), 1.0, true)", "x1.0True"),
        ex(
            "strcat('a', dynamic('x'), dynamic([1, 'b']))",
            "ax[1,\"b\"]",
        ),
    ],
);

/// `strcat_delim`
pub const STRCAT_DELIM: FunctionSpec = function(
    "strcat_delim",
    "Joins the texts of 2 to 64 values with a delimiter between each two.",
    &[sig(
        &[
            arg_of("delimiter", Class::Scalar, "What stands between them."),
            ARG.repeated(2, 64),
        ],
        STRING,
    )],
    strcat_delim,
    &[
        ex("strcat_delim('-', 1, '2', 'A', 1s)", "1-2-A-00:00:01"),
        ex("strcat_delim('-', 'a', int(null), 'b')", "a--b"),
    ],
);

fn strcat(args: &Args<'_>) -> Result<ArrayRef> {
    join(args, "", 0)
}

fn strcat_delim(args: &Args<'_>) -> Result<ArrayRef> {
    let delimiter = Texts::of(args, 0)?;
    let delimiter = delimiter.strs()?;
    if let Some(d) = delimiter.constant() {
        return join(args, d, 1);
    }
    let parts = texts::all(args, 1)?;
    let parts = parts.iter().map(Texts::strs).collect::<Result<Vec<_>>>()?;
    str_result(args.rows, |row, out| {
        for (i, p) in parts.iter().enumerate() {
            if i > 0 {
                out.push_str(delimiter.get(row));
            }
            out.push_str(p.get(row));
        }
    })
}

fn join(args: &Args<'_>, delimiter: &str, first: usize) -> Result<ArrayRef> {
    // Strings are copied from where they stand, other values are written straight into the result.
    let parts = (first..args.len())
        .map(|i| args.any(i))
        .collect::<Result<Vec<_>>>()?;
    str_result(args.rows, |row, out| {
        for (i, p) in parts.iter().enumerate() {
            if i > 0 {
                out.push_str(delimiter);
            }
            texts::write(p, row, out);
        }
    })
}
