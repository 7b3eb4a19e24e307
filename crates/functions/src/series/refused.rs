//! Functions of series whose results depend on what Kusto does not publish.

use crate::prelude::*;

const SERIES: Param = arg_of("series", Class::DynamicArray, "A series.");

const fn spec(
    name: &'static str,
    summary: &'static str,
    signatures: &'static [Signature],
    result_name: ResultName,
    why: &'static str,
) -> FunctionSpec {
    FunctionSpec {
        name,
        summary,
        signatures,
        result_name,
        nulls: Nulls::Seen,
        volatility: Volatility::Immutable,
        lower: Lower::Refused(why),
        examples: &[],
        differs: "",
    }
}

const PERIODS: &str = "how Kusto finds and scores periods is not published";
const LINES: &str = "how Kusto splits the series, and where each line begins, is not published";
const PERIODS_AND_SCORES: ResultName =
    ResultName::Columns(&[("periods", DYNAMIC), ("scores", DYNAMIC)]);
/// `series_periods_detect`
pub const DETECT: FunctionSpec = spec(
    "series_periods_detect",
    "The periods in which a series repeats.",
    &[sig(
        &[
            SERIES,
            arg_of("min_period", Class::Number, "The shortest."),
            arg_of("max_period", Class::Number, "The longest."),
            arg("num_periods", LONG, "How many."),
        ],
        DYNAMIC,
    )],
    PERIODS_AND_SCORES,
    PERIODS,
);

/// `series_periods_validate`
pub const VALIDATE: FunctionSpec = spec(
    "series_periods_validate",
    "Whether a series repeats in the given periods.",
    &[sig(
        &[
            SERIES,
            arg_of("period", Class::Number, "A period.").repeated(1, 16),
        ],
        DYNAMIC,
    )],
    PERIODS_AND_SCORES,
    PERIODS,
);

/// `series_fit_2lines`
pub const LINES_SPEC: FunctionSpec = spec(
    "series_fit_2lines",
    "The two lines, one after the other, that fit a series best.",
    &[sig(&[SERIES], DYNAMIC)],
    ResultName::Columns(&[
        ("rsquare", REAL),
        ("split_idx", LONG),
        ("variance", REAL),
        ("rvariance", REAL),
        ("line_fit", DYNAMIC),
        ("right_rsquare", REAL),
        ("right_slope", REAL),
        ("right_interception", REAL),
        ("right_variance", REAL),
        ("right_rvariance", REAL),
        ("left_rsquare", REAL),
        ("left_slope", REAL),
        ("left_interception", REAL),
        ("left_variance", REAL),
        ("left_rvariance", REAL),
    ]),
    LINES,
);

/// `series_fit_2lines_dynamic`
pub const LINES_DYNAMIC: FunctionSpec = spec(
    "series_fit_2lines_dynamic",
    "What `series_fit_2lines` finds as a bag.",
    &[sig(&[SERIES], DYNAMIC)],
    ResultName::None,
    LINES,
);
