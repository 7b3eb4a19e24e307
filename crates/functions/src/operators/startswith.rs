//! `startswith` and its kind: the beginning of the text.

use super::matcher::Place;
use super::text_search::{TEXT, operator, search};
use crate::prelude::*;

/// `startswith`
pub const STARTSWITH: FunctionSpec = operator(
    "startswith",
    "True when the left text begins with the right one. Case does not count.",
    TEXT,
    |args| search(args, Place::Start, false, false),
    &[
        ex("'Fabrikam' startswith 'fab'", "True"),
        ex("'Élan' startswith 'él'", "True"),
        ex("'ab' startswith 'abc'", "False"),
    ],
);

/// `!startswith`
pub const NOT_STARTSWITH: FunctionSpec = operator(
    "!startswith",
    "True when the left text does not begin with the right one. Case does not count.",
    TEXT,
    |args| search(args, Place::Start, false, true),
    &[ex("'Fabrikam' !startswith 'kam'", "True")],
);

/// `startswith_cs`
pub const STARTSWITH_CS: FunctionSpec = operator(
    "startswith_cs",
    "True when the left text begins with the right one. Case counts.",
    TEXT,
    |args| search(args, Place::Start, true, false),
    &[
        ex("'Fabrikam' startswith_cs 'Fab'", "True"),
        ex("'Fabrikam' startswith_cs 'fab'", "False"),
    ],
);

/// `!startswith_cs`
pub const NOT_STARTSWITH_CS: FunctionSpec = operator(
    "!startswith_cs",
    "True when the left text does not begin with the right one. Case counts.",
    TEXT,
    |args| search(args, Place::Start, true, true),
    &[ex("'Fabrikam' !startswith_cs 'fab'", "True")],
);
