//! `parse_user_agent(user_agent, look_for)`.

use crate::prelude::*;

/// `parse_user_agent`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "parse_user_agent",
    summary: "Returns the browser, operating system and device that a user agent names.",
    signatures: &[sig(
        &[
            arg("user_agent", STRING, "The user agent."),
            arg_of(
                "look_for",
                Class::StringOrDynamic,
                "browser, os, device, or an array of them.",
            )
            .optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Refused("it needs a large table of patterns, which is not part of this program"),
    examples: &[],
    differs: "",
};
