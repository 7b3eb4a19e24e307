//! `endswith` and its kind: the end of the text.

use super::matcher::Place;
use super::text_search::{TEXT, operator, search};
use crate::prelude::*;

/// `endswith`
pub const ENDSWITH: FunctionSpec = operator(
    "endswith",
    "True when the left text ends with the right one. Case does not count.",
    TEXT,
    |args| search(args, Place::End, false, false),
    &[
        ex("'Fabrikam' endswith 'Kam'", "true"),
        ex("'axb' endswith '_b'", "false"),
    ],
);

/// `!endswith`
pub const NOT_ENDSWITH: FunctionSpec = operator(
    "!endswith",
    "True when the left text does not end with the right one. Case does not count.",
    TEXT,
    |args| search(args, Place::End, false, true),
    &[ex("'Fabrikam' !endswith 'brik'", "true")],
);

/// `endswith_cs`
pub const ENDSWITH_CS: FunctionSpec = operator(
    "endswith_cs",
    "True when the left text ends with the right one. Case counts.",
    TEXT,
    |args| search(args, Place::End, true, false),
    &[
        ex("'Fabrikam' endswith_cs 'kam'", "true"),
        ex("'Fabrikam' endswith_cs 'Kam'", "false"),
    ],
);

/// `!endswith_cs`
pub const NOT_ENDSWITH_CS: FunctionSpec = operator(
    "!endswith_cs",
    "True when the left text does not end with the right one. Case counts.",
    TEXT,
    |args| search(args, Place::End, true, true),
    &[ex("'Fabrikam' !endswith_cs 'Kam'", "true")],
);
