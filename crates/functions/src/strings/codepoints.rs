//! Texts from code points and back.

use super::function::{SCALAR, function};
use super::texts::Texts;
use crate::prelude::*;

const FROM: &[Signature] = &[sig(&[SCALAR], DYNAMIC)];
const TO: &[Signature] = &[sig(
    &[arg_of(
        "value",
        Class::OneOf(&[LONG, INT, DYNAMIC]),
        "A code point, or an array of them.",
    )
    .repeated(1, 32_767)],
    STRING,
)];

/// `unicode_codepoints_from_string`
pub const FROM_STRING: FunctionSpec = function(
    "unicode_codepoints_from_string",
    "Returns the code points of the characters as an array.",
    FROM,
    from_string,
    &[ex("unicode_codepoints_from_string('⒦a')", "[9382,97]")],
);

/// `to_utf8`
pub const TO_UTF8: FunctionSpec = function(
    "to_utf8",
    "The same as `unicode_codepoints_from_string`.",
    FROM,
    from_string,
    &[ex("to_utf8('Ku')", "[75,117]")],
);

/// `unicode_codepoints_to_string`
pub const TO_STRING: FunctionSpec = function(
    "unicode_codepoints_to_string",
    "Returns the text of the code points; nothing when one of them is no character.",
    TO,
    to_string,
    &[
        ex(
            "unicode_codepoints_to_string(75, dynamic([117, 115]))",
            "Kus",
        ),
        ex("unicode_codepoints_to_string(75, 55296)", ""),
    ],
);

/// `make_string`
pub const MAKE_STRING: FunctionSpec = function(
    "make_string",
    "The same as `unicode_codepoints_to_string`.",
    TO,
    to_string,
    &[ex("make_string(75, 117)", "Ku")],
);

fn from_string(args: &Args<'_>) -> Result<ArrayRef> {
    let source = Texts::of(args, 0)?;
    let source = source.strs()?;
    dyn_result(args.rows, |row, w| {
        w.begin_array();
        for c in source.get(row).chars() {
            w.long(i64::from(u32::from(c)));
        }
        w.end();
    })
}

fn push(value: DynRef<'_>, out: &mut String) -> bool {
    match value {
        DynRef::Array(a) => a.iter().all(|v| push(v, out)),
        DynRef::Long(n) => match u32::try_from(n).ok().and_then(char::from_u32) {
            Some(c) => {
                out.push(c);
                true
            }
            None => false,
        },
        _ => false,
    }
}

fn to_string(args: &Args<'_>) -> Result<ArrayRef> {
    let values = (0..args.len())
        .map(|i| args.any(i))
        .collect::<Result<Vec<_>>>()?;
    str_result(args.rows, |row, out| {
        if !values.iter().all(|v| push(v.get(row), out)) {
            out.clear();
        }
    })
}
