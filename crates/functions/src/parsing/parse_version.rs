//! `parse_version(version)`.

use crate::prelude::*;

/// `parse_version`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "parse_version",
    summary: "Returns a version of up to four numbers as one number that sorts as versions do.",
    signatures: &[sig(&[arg("version", STRING, "The version.")], DECIMAL)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Refused("its results have 33 digits, more than a decimal holds here"),
    examples: &[],
    differs: "",
};
