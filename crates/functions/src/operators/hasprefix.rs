//! `hasprefix` and its kind: the beginning of a term.

use super::matcher::Place;
use super::text_search::{TERM, operator, search};
use crate::prelude::*;

/// `hasprefix`
pub const HASPREFIX: FunctionSpec = operator(
    "hasprefix",
    "True when a term of the left text begins with the right one. Case does not count.",
    TERM,
    |args| search(args, Place::TermStart, false, false),
    &[
        ex("'an errorlog' hasprefix 'err'", "True"),
        ex("'xa b' hasprefix 'a '", "False"),
        ex("'x-error' hasprefix '-err'", "True"),
        ex("'abc' hasprefix ''", "True"),
    ],
);

/// `!hasprefix`
pub const NOT_HASPREFIX: FunctionSpec = operator(
    "!hasprefix",
    "True when no term of the left text begins with the right one. Case does not count.",
    TERM,
    |args| search(args, Place::TermStart, false, true),
    &[ex("'North America' !hasprefix 'mer'", "True")],
);

/// `hasprefix_cs`
pub const HASPREFIX_CS: FunctionSpec = operator(
    "hasprefix_cs",
    "True when a term of the left text begins with the right one. Case counts.",
    TERM,
    |args| search(args, Place::TermStart, true, false),
    &[
        ex("'North America' hasprefix_cs 'Ame'", "True"),
        ex("'North America' hasprefix_cs 'ame'", "False"),
    ],
);

/// `!hasprefix_cs`
pub const NOT_HASPREFIX_CS: FunctionSpec = operator(
    "!hasprefix_cs",
    "True when no term of the left text begins with the right one. Case counts.",
    TERM,
    |args| search(args, Place::TermStart, true, true),
    &[ex("'North America' !hasprefix_cs 'CA'", "True")],
);
