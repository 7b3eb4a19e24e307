//! `convert_angle(value, from, to)`.

use super::units::{
    Named,
    Unit::{By, Per, Times},
    convert, prefixed, unit,
};
use crate::prelude::*;
use std::f64::consts::PI;

/// `convert_angle`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "convert_angle",
    summary: "Makes an angle in one unit an angle in another. A unit that is not known gives null.",
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
        ex("convert_angle(1.2, 'Degree', 'Arcminute')", "72.0"),
        ex(
            "convert_angle(180, 'Degree', 'Radian')",
            "3.141592653589793",
        ),
        ex("convert_angle(1, 'Degree', 'Furlong')", "null"),
    ],
    differs: "A unit in other letters (`meter` for `Meter`) is an error: whether Kusto knows it is not documented.",
};

const UNITS: &[Named] = &[
    unit("Arcminute", Per(60.0)),
    unit("Arcsecond", Per(3600.0)),
    prefixed(
        "Centiradian",
        1e-2,
        By(|x| x * 180.0 / PI, |x| x / 180.0 * PI),
    ),
    prefixed(
        "Deciradian",
        1e-1,
        By(|x| x * 180.0 / PI, |x| x / 180.0 * PI),
    ),
    unit("Degree", Times(1.0)),
    unit("Gradian", Times(0.9)),
    prefixed("Microdegree", 1e-6, Times(1.0)),
    prefixed(
        "Microradian",
        1e-6,
        By(|x| x * 180.0 / PI, |x| x / 180.0 * PI),
    ),
    prefixed("Millidegree", 1e-3, Times(1.0)),
    prefixed(
        "Milliradian",
        1e-3,
        By(|x| x * 180.0 / PI, |x| x / 180.0 * PI),
    ),
    prefixed("Nanodegree", 1e-9, Times(1.0)),
    prefixed(
        "Nanoradian",
        1e-9,
        By(|x| x * 180.0 / PI, |x| x / 180.0 * PI),
    ),
    unit("NatoMil", By(|x| x * 9.0 / 160.0, |x| x * 160.0 / 9.0)),
    unit("Radian", By(|x| x * 180.0 / PI, |x| x / 180.0 * PI)),
    unit("Revolution", Times(360.0)),
    unit(
        "Tilt",
        By(|x| x.asin() * 180.0 / PI, |x| (x / 180.0 * PI).sin()),
    ),
];
