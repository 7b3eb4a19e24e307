//! `extent_id()` and `extent_tags()`: rows of files lie in no extent.

use crate::prelude::*;

const GUIDS: &[Signature] = &[sig(&[], GUID)];

const fn extent(
    name: &'static str,
    summary: &'static str,
    example: &'static [Example],
) -> FunctionSpec {
    FunctionSpec {
        name,
        summary,
        signatures: GUIDS,
        result_name: ResultName::None,
        nulls: Nulls::Seen,
        volatility: Volatility::Immutable,
        lower: Lower::Kql("guid(00000000-0000-0000-0000-000000000000)"),
        examples: example,
        differs: "",
    }
}

/// `extent_id`
pub const ID: FunctionSpec = extent(
    "extent_id",
    "The shard of a cluster that a row lies in; zeros for rows that lie in none, as those of files.",
    &[ex("extent_id()", "00000000-0000-0000-0000-000000000000")],
);

/// `extentid`
pub const OLD_ID: FunctionSpec = extent(
    "extentid",
    "The old name of `extent_id`.",
    &[ex("extentid()", "00000000-0000-0000-0000-000000000000")],
);

/// `extent_tags`
pub const TAGS: FunctionSpec = FunctionSpec {
    name: "extent_tags",
    summary: "The tags of the shard that a row lies in; null for rows that lie in none, as those of files.",
    signatures: &[sig(&[], DYNAMIC)],
    result_name: ResultName::None,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kql("dynamic(null)"),
    examples: &[ex("isempty(extent_tags())", "True")],
    differs: "",
};
