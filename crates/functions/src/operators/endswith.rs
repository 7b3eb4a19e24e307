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
        ex("'Fabrikam' endswith 'Kam'", "True"),
        ex("'axb' endswith '_b'", "False"),
    ],
);

/// `!endswith`
pub const NOT_ENDSWITH: FunctionSpec = operator(
    "!endswith",
    "True when the left text does not end with the right one. Case does not count.",
    TEXT,
    |args| search(args, Place::End, false, true),
    &[ex("'Fabrikam' !endswith 'brik'", "True")],
);

/// `endswith_cs`
pub const ENDSWITH_CS: FunctionSpec = operator(
    "endswith_cs",
    "True when the left text ends with the right one. Case counts.",
    TEXT,
    |args| search(args, Place::End, true, false),
    &[
        ex("'Fabrikam' endswith_cs 'kam'", "True"),
        ex("'Fabrikam' endswith_cs 'Kam'", "False"),
    ],
);

/// `!endswith_cs`
pub const NOT_ENDSWITH_CS: FunctionSpec = operator(
    "!endswith_cs",
    "True when the left text does not end with the right one. Case counts.",
    TEXT,
    |args| search(args, Place::End, true, true),
    &[ex("'Fabrikam' !endswith_cs 'Kam'", "True")],
);
