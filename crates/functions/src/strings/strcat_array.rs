//! `strcat_array(array, delimiter)`: the elements of an array as one text.

use super::function::function;
use super::texts::{Texts, write_dynamic};
use crate::prelude::*;

const SIGNATURES: &[Signature] = &[sig(
    &[
        arg_of("array", Class::DynamicArray, "The elements."),
        arg_of("delimiter", Class::Scalar, "What stands between them."),
    ],
    STRING,
)];

/// `strcat_array`
pub const STRCAT_ARRAY: FunctionSpec = function(
    "strcat_array",
    "Joins the texts of the elements of an array with a delimiter between each two.",
    SIGNATURES,
    join,
    &[
        ex("strcat_array(dynamic([1, 2, 3]), '->')", "1->2->3"),
        ex(
            "strcat_array(dynamic([1, null, true, 'x']), ',')",
            "1,,true,x",
        ),
        ex("strcat_array(dynamic('abc'), '-')", "abc"),
        ex("strcat_array(dynamic(['a', 'b']), 5)", "a5b"),
    ],
);

/// `array_strcat`
pub const ARRAY_STRCAT: FunctionSpec = function(
    "array_strcat",
    "The same as `strcat_array`.",
    SIGNATURES,
    join,
    &[ex("array_strcat(dynamic([1, 2, 3]), ', ')", "1, 2, 3")],
);

fn join(args: &Args<'_>) -> Result<ArrayRef> {
    let array = args.dynamic(0)?;
    let delimiter = Texts::of(args, 1)?;
    let delimiter = delimiter.strs()?;
    str_result(args.rows, |row, out| match array.get(row) {
        DynRef::Array(a) => {
            for (i, v) in a.iter().enumerate() {
                if i > 0 {
                    out.push_str(delimiter.get(row));
                }
                write_dynamic(v, out);
            }
        }
        other => write_dynamic(other, out),
    })
}
