//! `regex_quote(string)`: a text as a regular expression that matches it.

use crate::prelude::*;
use crate::strings::function::{differing, function};
use crate::strings::texts::Texts;

/// `regex_quote`
pub const SPEC: FunctionSpec = differing(
    "Which signs get a backslash besides those of the reference's example is not documented; here it is each that can mean something.",
    function(
        "regex_quote",
        "Returns the text with a backslash before each sign that means something in a regular expression.",
        &[sig(&[arg_of("string", Class::Scalar, "The text.")], STRING)],
        |args| {
            let source = Texts::of(args, 0)?;
            let source = source.strs()?;
            str_result(args.rows, |row, out| {
                out.push_str(&regex::escape(source.get(row)));
            })
        },
        &[ex(
            "regex_quote('(so$me.Te^xt)')",
            "\\(so\\$me\\.Te\\^xt\\)",
        )],
    ),
);
