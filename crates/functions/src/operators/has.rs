//! `has`, `!has`, `has_cs`, `!has_cs`: whole terms. A term is a run of letters and digits; `_` is neither.

use super::matcher::Place;
use super::text_search::{TERM, operator, search};
use crate::prelude::*;

/// `has`
pub const HAS: FunctionSpec = operator(
    "has",
    "True when the right text is in the left one as whole terms. Case does not count.",
    TERM,
    |args| search(args, Place::Term, false, false),
    &[
        ex("'North America' has 'america'", "true"),
        ex("'helloworld' has 'hello'", "false"),
        ex("'a_b' has 'a'", "true"),
        ex("'x a-b y' has ' a'", "true"),
        ex("'x ab y' has ' a'", "false"),
        ex("'é1 x' has 'É1'", "true"),
        ex("'' has ''", "true"),
    ],
);

/// `!has`
pub const NOT_HAS: FunctionSpec = operator(
    "!has",
    "True when the right text is not in the left one as whole terms. Case does not count.",
    TERM,
    |args| search(args, Place::Term, false, true),
    &[
        ex("'North America' !has 'amer'", "true"),
        ex("dynamic(null) !has 'x'", "true"),
    ],
);

/// `has_cs`
pub const HAS_CS: FunctionSpec = operator(
    "has_cs",
    "True when the right text is in the left one as whole terms. Case counts.",
    TERM,
    |args| search(args, Place::Term, true, false),
    &[
        ex("'North America' has_cs 'America'", "true"),
        ex("'North America' has_cs 'america'", "false"),
    ],
);

/// `!has_cs`
pub const NOT_HAS_CS: FunctionSpec = operator(
    "!has_cs",
    "True when the right text is not in the left one as whole terms. Case counts.",
    TERM,
    |args| search(args, Place::Term, true, true),
    &[ex("'North America' !has_cs 'america'", "true")],
);
