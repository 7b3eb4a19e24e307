//! `=~`, `!~`: equal in any case.

use super::matcher::Place;
use super::text_search::{TEXT, operator, search};
use crate::prelude::*;

/// `=~`
pub const SAME: FunctionSpec = operator(
    "=~",
    "True when two texts are equal. Case does not count.",
    TEXT,
    |args| search(args, Place::Whole, false, false),
    &[
        ex("'abc' =~ 'ABC'", "True"),
        ex("'Ünal' =~ 'üNAL'", "True"),
        ex("'ß' =~ 'ss'", "False"),
    ],
);

/// `!~`
pub const NOT_SAME: FunctionSpec = operator(
    "!~",
    "True when two texts are not equal. Case does not count.",
    TEXT,
    |args| search(args, Place::Whole, false, true),
    &[ex("'aBc' !~ 'xyz'", "True"), ex("'aBc' !~ 'ABC'", "False")],
);
