//! `convert_temperature(value, from, to)`.

use super::units::{
    Named,
    Unit::{By, Times},
    convert, unit,
};
use crate::prelude::*;

/// `convert_temperature`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "convert_temperature",
    summary: "Makes a temperature in one unit a temperature in another. A unit that is not known gives null.",
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
    examples: &[
        ex(
            "convert_temperature(1.2, 'Kelvin', 'DegreeCelsius')",
            "-271.95",
        ),
        ex(
            "round(convert_temperature(32, 'DegreeFahrenheit', 'DegreeCelsius'), 9)",
            "0.0",
        ),
    ],
    differs: "A unit in other letters (`meter` for `Meter`) is an error: whether Kusto knows it is not documented.",
};

const UNITS: &[Named] = &[
    unit("DegreeCelsius", By(|x| x + 273.15, |x| x - 273.15)),
    unit(
        "DegreeDelisle",
        By(|x| x * -2.0 / 3.0 + 373.15, |x| (x - 373.15) * -3.0 / 2.0),
    ),
    unit(
        "DegreeFahrenheit",
        By(
            |x| x * 5.0 / 9.0 + 459.67 * 5.0 / 9.0,
            |x| (x - 459.67 * 5.0 / 9.0) * 9.0 / 5.0,
        ),
    ),
    unit(
        "DegreeNewton",
        By(
            |x| x * 100.0 / 33.0 + 273.15,
            |x| (x - 273.15) * 33.0 / 100.0,
        ),
    ),
    unit("DegreeRankine", By(|x| x * 5.0 / 9.0, |x| x * 9.0 / 5.0)),
    unit(
        "DegreeReaumur",
        By(|x| x * 5.0 / 4.0 + 273.15, |x| (x - 273.15) * 4.0 / 5.0),
    ),
    unit(
        "DegreeRoemer",
        By(
            |x| x * 40.0 / 21.0 + 273.15 - 7.5 * 40.0 / 21.0,
            |x| (x - (273.15 - 7.5 * 40.0 / 21.0)) * 21.0 / 40.0,
        ),
    ),
    unit("Kelvin", Times(1.0)),
    unit(
        "MillidegreeCelsius",
        By(|x| x / 1000.0 + 273.15, |x| (x - 273.15) * 1000.0),
    ),
    unit("SolarTemperature", Times(5778.0)),
];
