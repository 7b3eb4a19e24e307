//! `like` and its kind. The parser knows them; no reference says what their patterns mean.

use super::text_search::TEXT;
use crate::prelude::*;

const WHY: &str =
    "what its pattern means is not documented; `contains`, `startswith` and `matches regex` are";

const fn refused(name: &'static str) -> FunctionSpec {
    FunctionSpec {
        name,
        summary: "Matches a text with a pattern; not supported.",
        signatures: TEXT,
        result_name: ResultName::None,
        nulls: Nulls::Seen,
        volatility: Volatility::Immutable,
        lower: Lower::Refused(WHY),
        examples: &[],
        differs: "",
    }
}

/// `like`
pub const LIKE: FunctionSpec = refused("like");

/// `notlike`
pub const NOT_LIKE: FunctionSpec = refused("notlike");

/// `likecs`
pub const LIKE_CS: FunctionSpec = refused("likecs");

/// `notlikecs`
pub const NOT_LIKE_CS: FunctionSpec = refused("notlikecs");
