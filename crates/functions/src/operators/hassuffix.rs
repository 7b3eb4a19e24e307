//! `hassuffix` and its kind: the end of a term.

use super::matcher::Place;
use super::text_search::{TERM, operator, search};
use crate::prelude::*;

/// `hassuffix`
pub const HASSUFFIX: FunctionSpec = operator(
    "hassuffix",
    "True when a term of the left text ends with the right one. Case does not count.",
    TERM,
    |args| search(args, Place::TermEnd, false, false),
    &[
        ex("'a_error b' hassuffix 'OR'", "true"),
        ex("'x-error' hassuffix 'err'", "false"),
        ex("'b .b-' hassuffix ' '", "true"),
    ],
);

/// `!hassuffix`
pub const NOT_HASSUFFIX: FunctionSpec = operator(
    "!hassuffix",
    "True when no term of the left text ends with the right one. Case does not count.",
    TERM,
    |args| search(args, Place::TermEnd, false, true),
    &[ex("'North America' !hassuffix 'americ'", "true")],
);

/// `hassuffix_cs`
pub const HASSUFFIX_CS: FunctionSpec = operator(
    "hassuffix_cs",
    "True when a term of the left text ends with the right one. Case counts.",
    TERM,
    |args| search(args, Place::TermEnd, true, false),
    &[
        ex("'North America' hassuffix_cs 'ica'", "true"),
        ex("'North America' hassuffix_cs 'iCa'", "false"),
    ],
);

/// `!hassuffix_cs`
pub const NOT_HASSUFFIX_CS: FunctionSpec = operator(
    "!hassuffix_cs",
    "True when no term of the left text ends with the right one. Case counts.",
    TERM,
    |args| search(args, Place::TermEnd, true, true),
    &[ex("'North America' !hassuffix_cs 'icA'", "true")],
);
