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
        ex("'abc' =~ 'ABC'", "true"),
        ex("'Ünal' =~ 'üNAL'", "true"),
        ex("'ß' =~ 'ss'", "false"),
    ],
);

/// `!~`
pub const NOT_SAME: FunctionSpec = operator(
    "!~",
    "True when two texts are not equal. Case does not count.",
    TEXT,
    |args| search(args, Place::Whole, false, true),
    &[ex("'aBc' !~ 'xyz'", "true"), ex("'aBc' !~ 'ABC'", "false")],
);
