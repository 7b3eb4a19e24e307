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
const OUTLIERS: &str = "how Kusto makes the scores of outliers is not published";
const LINES: &str = "how Kusto splits the series, and where each line begins, is not published";
const PARTS: ResultName = ResultName::Columns(&[
    ("baseline", DYNAMIC),
    ("seasonal", DYNAMIC),
    ("trend", DYNAMIC),
    ("residual", DYNAMIC),
]);
const PERIODS_AND_SCORES: ResultName =
    ResultName::Columns(&[("periods", DYNAMIC), ("scores", DYNAMIC)]);
const PERIOD: Param = arg_of(
    "period",
    Class::Integer,
    "How many values a period has; -1 to find it, 0 for none.",
);
const TREND: Param = arg("trend", STRING, "avg, linefit or none.");
const TEST_POINTS: Param = arg_of(
    "test_points",
    Class::Integer,
    "How many values at the end are not learnt from.",
);
const SEASONALITY: Param = arg_of(
    "seasonality_threshold",
    Class::Number,
    "The score that a period needs.",
);

/// `series_outliers`
pub const OUTLIERS_SPEC: FunctionSpec = spec(
    "series_outliers",
    "How far each value of a series lies outside of what is usual.",
    &[sig(
        &[
            SERIES,
            arg("kind", STRING, "ctukey or tukey.").optional(),
            arg_of(
                "ignore_val",
                Class::Number,
                "The number that stands for a missing value.",
            )
            .optional(),
            arg(
                "min_percentile",
                REAL,
                "The lower percentile of what is usual.",
            )
            .optional(),
            arg(
                "max_percentile",
                REAL,
                "The upper percentile of what is usual.",
            )
            .optional(),
            TEST_POINTS.optional(),
        ],
        DYNAMIC,
    )],
    ResultName::FirstArgument,
    OUTLIERS,
);

/// `series_decompose`
pub const DECOMPOSE: FunctionSpec = spec(
    "series_decompose",
    "Takes a series apart into what repeats, its trend and what is left.",
    &[sig(
        &[
            SERIES,
            PERIOD.optional(),
            TREND.optional(),
            TEST_POINTS.optional(),
            SEASONALITY.optional(),
        ],
        DYNAMIC,
    )],
    PARTS,
    PERIODS,
);

/// `series_decompose_forecast`
pub const FORECAST: FunctionSpec = spec(
    "series_decompose_forecast",
    "Continues a series by what repeats and its trend.",
    &[sig(
        &[
            SERIES,
            TEST_POINTS,
            PERIOD.optional(),
            TREND.optional(),
            SEASONALITY.optional(),
        ],
        DYNAMIC,
    )],
    PARTS,
    PERIODS,
);

/// `series_decompose_anomalies`
pub const ANOMALIES: FunctionSpec = spec(
    "series_decompose_anomalies",
    "Which values of a series are unusual beside what repeats and its trend.",
    &[sig(
        &[
            SERIES,
            arg_of(
                "threshold",
                Class::Number,
                "The score from which a value is unusual.",
            )
            .optional(),
            PERIOD.optional(),
            TREND.optional(),
            TEST_POINTS.optional(),
            arg("method", STRING, "ctukey or tukey.").optional(),
            SEASONALITY.optional(),
        ],
        DYNAMIC,
    )],
    ResultName::Columns(&[
        ("ad_flag", DYNAMIC),
        ("ad_score", DYNAMIC),
        ("baseline", DYNAMIC),
    ]),
    "how Kusto finds periods and makes the scores of anomalies is not published",
);

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
