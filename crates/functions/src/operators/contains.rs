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
        ex("'FabriKam' contains 'BRik'", "true"),
        ex("'userXid' contains 'user_id'", "false"),
        ex("'ÀÉÎ' contains 'é'", "true"),
        ex("dynamic({'a':'x'}) contains '\\\"a\\\":'", "true"),
    ],
);

/// `!contains`
pub const NOT_CONTAINS: FunctionSpec = operator(
    "!contains",
    "True when the right text is nowhere in the left one. Case does not count.",
    TEXT,
    |args| search(args, Place::Anywhere, false, true),
    &[
        ex("'Fabrikam' !contains 'xyz'", "true"),
        ex("'' !contains 'x'", "true"),
    ],
);

/// `contains_cs`
pub const CONTAINS_CS: FunctionSpec = operator(
    "contains_cs",
    "True when the right text is anywhere in the left one. Case counts.",
    TEXT,
    |args| search(args, Place::Anywhere, true, false),
    &[
        ex("'FabriKam' contains_cs 'Kam'", "true"),
        ex("'FabriKam' contains_cs 'kam'", "false"),
    ],
);

/// `!contains_cs`
pub const NOT_CONTAINS_CS: FunctionSpec = operator(
    "!contains_cs",
    "True when the right text is nowhere in the left one. Case counts.",
    TEXT,
    |args| search(args, Place::Anywhere, true, true),
    &[ex("'Fabrikam' !contains_cs 'Kam'", "true")],
);
