//! `contains` and its kind: anywhere in the text.

use super::matcher::Place;
use super::text_search::{TEXT, operator, search};
use crate::prelude::*;

/// `contains`
pub const CONTAINS: FunctionSpec = operator(
    "contains",
    "True when the right text is anywhere in the left one. Case does not count.",
    TEXT,
    |args| search(args, Place::Anywhere, false, false),
    &[
        ex("'FabriKam' contains 'BRik'", "True"),
        ex("'userXid' contains 'user_id'", "False"),
        ex("'ÀÉÎ' contains 'é'", "True"),
        ex("dynamic({'a':'x'}) contains '\\\"a\\\":'", "True"),
    ],
);

/// `!contains`
pub const NOT_CONTAINS: FunctionSpec = operator(
    "!contains",
    "True when the right text is nowhere in the left one. Case does not count.",
    TEXT,
    |args| search(args, Place::Anywhere, false, true),
    &[
        ex("'Fabrikam' !contains 'xyz'", "True"),
        ex("'' !contains 'x'", "True"),
    ],
);

/// `contains_cs`
pub const CONTAINS_CS: FunctionSpec = operator(
    "contains_cs",
    "True when the right text is anywhere in the left one. Case counts.",
    TEXT,
    |args| search(args, Place::Anywhere, true, false),
    &[
        ex("'FabriKam' contains_cs 'Kam'", "True"),
        ex("'FabriKam' contains_cs 'kam'", "False"),
    ],
);

/// `!contains_cs`
pub const NOT_CONTAINS_CS: FunctionSpec = operator(
    "!contains_cs",
    "True when the right text is nowhere in the left one. Case counts.",
    TEXT,
    |args| search(args, Place::Anywhere, true, true),
    &[ex("'Fabrikam' !contains_cs 'Kam'", "True")],
);
