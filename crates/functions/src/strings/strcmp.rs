//! `strcmp(string1, string2)`: which text comes first.

use super::function::function;
use super::texts::Texts;
use crate::prelude::*;

/// `strcmp`
pub const SPEC: FunctionSpec = function(
    "strcmp",
    "Compares two texts character by character: -1, 0 or 1.",
    &[sig(
        &[
            arg_of("string1", Class::Scalar, "The one text."),
            arg_of("string2", Class::Scalar, "The other text."),
        ],
        LONG,
    )],
    |args| {
        let (a, b) = (Texts::of(args, 0)?, Texts::of(args, 1)?);
        let (a, b) = (a.strs()?, b.strs()?);
        // UTF-8 sorts as its characters do.
        long_result(args.rows, |row| {
            Some(i64::from(a.get(row).cmp(b.get(row)) as i8))
        })
    },
    &[
        ex("strcmp('ABC', 'ABC')", "0"),
        ex("strcmp('abc', 'ABC')", "1"),
        ex("strcmp('ABC', 'abc')", "-1"),
        ex("strcmp('abcde', 'abc')", "1"),
    ],
);
