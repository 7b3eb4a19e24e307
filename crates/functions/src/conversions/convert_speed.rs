//! `convert_speed(value, from, to)`.

use super::units::{
    Named,
    Unit::{By, Per, Times},
    convert, prefixed, unit,
};
use crate::prelude::*;

/// `convert_speed`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "convert_speed",
    summary: "Makes a speed in one unit a speed in another. A unit that is not known gives null.",
    signatures: &[sig(
        &[
            arg("value", REAL, "The number."),
            arg("from", STRING, "Its unit."),
            arg("to", STRING, "The unit of the result."),
        ],
        REAL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(|args| convert(args, UNITS)),
    examples: &[ex(
        "convert_speed(1.2, 'MeterPerSecond', 'CentimeterPerHour')",
        "432000.0",
    )],
    differs: "A unit in other letters (`meter` for `Meter`) is an error: whether Kusto knows it is not documented.",
};

const UNITS: &[Named] = &[
    prefixed("CentimeterPerHour", 1e-2, Per(3600.0)),
    prefixed("CentimeterPerMinute", 1e-2, Per(60.0)),
    prefixed("CentimeterPerSecond", 1e-2, Times(1.0)),
    prefixed("DecimeterPerMinute", 1e-1, Per(60.0)),
    prefixed("DecimeterPerSecond", 1e-1, Times(1.0)),
    unit(
        "FootPerHour",
        By(|x| x * 0.3048 / 3600.0, |x| x / 0.3048 * 3600.0),
    ),
    unit(
        "FootPerMinute",
        By(|x| x * 0.3048 / 60.0, |x| x / 0.3048 * 60.0),
    ),
    unit("FootPerSecond", Times(0.3048)),
    unit(
        "InchPerHour",
        By(|x| (x / 3600.0) * 0.0254, |x| (x / 0.0254) * 3600.0),
    ),
    unit(
        "InchPerMinute",
        By(|x| (x / 60.0) * 0.0254, |x| (x / 0.0254) * 60.0),
    ),
    unit("InchPerSecond", Times(0.0254)),
    prefixed("KilometerPerHour", 1e3, Per(3600.0)),
    prefixed("KilometerPerMinute", 1e3, Per(60.0)),
    prefixed("KilometerPerSecond", 1e3, Times(1.0)),
    unit("Knot", Times(0.514444)),
    unit("MeterPerHour", Per(3600.0)),
    unit("MeterPerMinute", Per(60.0)),
    unit("MeterPerSecond", Times(1.0)),
    prefixed("MicrometerPerMinute", 1e-6, Per(60.0)),
    prefixed("MicrometerPerSecond", 1e-6, Times(1.0)),
    unit("MilePerHour", Times(0.44704)),
    prefixed("MillimeterPerHour", 1e-3, Per(3600.0)),
    prefixed("MillimeterPerMinute", 1e-3, Per(60.0)),
    prefixed("MillimeterPerSecond", 1e-3, Times(1.0)),
    prefixed("NanometerPerMinute", 1e-9, Per(60.0)),
    prefixed("NanometerPerSecond", 1e-9, Times(1.0)),
    unit(
        "UsSurveyFootPerHour",
        By(
            |x| (x * 1200.0 / 3937.0) / 3600.0,
            |x| (x * 3937.0 / 1200.0) * 3600.0,
        ),
    ),
    unit(
        "UsSurveyFootPerMinute",
        By(
            |x| (x * 1200.0 / 3937.0) / 60.0,
            |x| (x * 3937.0 / 1200.0) * 60.0,
        ),
    ),
    unit(
        "UsSurveyFootPerSecond",
        By(|x| x * 1200.0 / 3937.0, |x| x * 3937.0 / 1200.0),
    ),
    unit(
        "YardPerHour",
        By(|x| x * 0.9144 / 3600.0, |x| x / 0.9144 * 3600.0),
    ),
    unit(
        "YardPerMinute",
        By(|x| x * 0.9144 / 60.0, |x| x / 0.9144 * 60.0),
    ),
    unit("YardPerSecond", Times(0.9144)),
];
