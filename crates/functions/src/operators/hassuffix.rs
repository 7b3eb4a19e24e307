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
        ex("'a_error b' hassuffix 'OR'", "True"),
        ex("'x-error' hassuffix 'err'", "False"),
        ex("'b .b-' hassuffix ' '", "True"),
    ],
);

/// `!hassuffix`
pub const NOT_HASSUFFIX: FunctionSpec = operator(
    "!hassuffix",
    "True when no term of the left text ends with the right one. Case does not count.",
    TERM,
    |args| search(args, Place::TermEnd, false, true),
    &[ex("'North America' !hassuffix 'americ'", "True")],
);

/// `hassuffix_cs`
pub const HASSUFFIX_CS: FunctionSpec = operator(
    "hassuffix_cs",
    "True when a term of the left text ends with the right one. Case counts.",
    TERM,
    |args| search(args, Place::TermEnd, true, false),
    &[
        ex("'North America' hassuffix_cs 'ica'", "True"),
        ex("'North America' hassuffix_cs 'iCa'", "False"),
    ],
);

/// `!hassuffix_cs`
pub const NOT_HASSUFFIX_CS: FunctionSpec = operator(
    "!hassuffix_cs",
    "True when no term of the left text ends with the right one. Case counts.",
    TERM,
    |args| search(args, Place::TermEnd, true, true),
    &[ex("'North America' !hassuffix_cs 'icA'", "True")],
);
