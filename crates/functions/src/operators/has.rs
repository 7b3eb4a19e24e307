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
        ex("'North America' has 'america'", "True"),
        ex("'helloworld' has 'hello'", "False"),
        ex("'a_b' has 'a'", "True"),
        ex("'x a-b y' has ' a'", "True"),
        ex("'x ab y' has ' a'", "False"),
        ex("'é1 x' has 'É1'", "True"),
        ex("'' has ''", "True"),
    ],
);

/// `!has`
pub const NOT_HAS: FunctionSpec = operator(
    "!has",
    "True when the right text is not in the left one as whole terms. Case does not count.",
    TERM,
    |args| search(args, Place::Term, false, true),
    &[
        ex("'North America' !has 'amer'", "True"),
        ex("dynamic(null) !has 'x'", "True"),
    ],
);

/// `has_cs`
pub const HAS_CS: FunctionSpec = operator(
    "has_cs",
    "True when the right text is in the left one as whole terms. Case counts.",
    TERM,
    |args| search(args, Place::Term, true, false),
    &[
        ex("'North America' has_cs 'America'", "True"),
        ex("'North America' has_cs 'america'", "False"),
    ],
);

/// `!has_cs`
pub const NOT_HAS_CS: FunctionSpec = operator(
    "!has_cs",
    "True when the right text is not in the left one as whole terms. Case counts.",
    TERM,
    |args| search(args, Place::Term, true, true),
    &[ex("'North America' !has_cs 'america'", "True")],
);
