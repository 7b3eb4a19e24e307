//! Distances, lengths and directions between places.

use crate::prelude::*;

/// `geo_distance_2points`
pub const DISTANCE: FunctionSpec = FunctionSpec {
    name: "geo_distance_2points",
    summary: "Returns the distance of two places in meters, on a sphere.",
    signatures: &[sig(
        &[
            arg_of("p1_longitude", Class::Number, "Degrees, -180 to 180."),
            arg_of("p1_latitude", Class::Number, "Degrees, -90 to 90."),
            arg_of("p2_longitude", Class::Number, "Degrees, -180 to 180."),
            arg_of("p2_latitude", Class::Number, "Degrees, -90 to 90."),
            arg_of(
                "use_spheroid",
                Class::NumberOrBool,
                "Only false is supported.",
            )
            .optional(),
        ],
        REAL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_distance_2points),
    examples: &[
        ex(
            "round(geo_distance_2points(-122.407628, 47.578557, -118.275287, 34.019056), 3)",
            "1546754.352",
        ),
        ex("geo_distance_2points(300,1,1,1)", "null"),
    ],
    differs: "use_spheroid = true is refused.",
};

/// `geo_azimuth`
pub const AZIMUTH: FunctionSpec = FunctionSpec {
    name: "geo_azimuth",
    summary: "Returns the direction from one place to another in radians, clockwise from north; null for one place twice.",
    signatures: &[sig(
        &[
            arg_of("p1_longitude", Class::Number, "Degrees, -180 to 180."),
            arg_of("p1_latitude", Class::Number, "Degrees, -90 to 90."),
            arg_of("p2_longitude", Class::Number, "Degrees, -180 to 180."),
            arg_of("p2_latitude", Class::Number, "Degrees, -90 to 90."),
        ],
        REAL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_azimuth),
    examples: &[
        ex("round(geo_azimuth(5, 10, 10, -40), 9)", "3.054599398"),
        ex("geo_azimuth(5, 10, 5, 10)", "null"),
    ],
    differs: "",
};

/// `geo_angle`
pub const ANGLE: FunctionSpec = FunctionSpec {
    name: "geo_angle",
    summary: "Returns the angle at the second place, clockwise from the first to the third, in radians; null when neighbours are one place.",
    signatures: &[sig(
        &[
            arg_of("p1_longitude", Class::Number, "Degrees, -180 to 180."),
            arg_of("p1_latitude", Class::Number, "Degrees, -90 to 90."),
            arg_of("p2_longitude", Class::Number, "Degrees, -180 to 180."),
            arg_of("p2_latitude", Class::Number, "Degrees, -90 to 90."),
            arg_of("p3_longitude", Class::Number, "Degrees, -180 to 180."),
            arg_of("p3_latitude", Class::Number, "Degrees, -90 to 90."),
        ],
        REAL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_angle),
    examples: &[
        ex("round(geo_angle(0, 10, 0, 5, 3, -10), 9)", "2.944938434"),
        ex("geo_angle(0, 10, 0, 10, 3, -10)", "null"),
    ],
    differs: "",
};

/// `geo_point_in_circle`
pub const CIRCLE: FunctionSpec = FunctionSpec {
    name: "geo_point_in_circle",
    summary: "Whether a place is in the circle of some meters round another.",
    signatures: &[sig(
        &[
            arg_of("p_longitude", Class::Number, "Degrees, -180 to 180."),
            arg_of("p_latitude", Class::Number, "Degrees, -90 to 90."),
            arg_of("pc_longitude", Class::Number, "Degrees, -180 to 180."),
            arg_of("pc_latitude", Class::Number, "Degrees, -90 to 90."),
            arg_of("c_radius", Class::Number, "Meters, more than 0."),
        ],
        BOOL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_point_in_circle),
    examples: &[
        ex(
            "geo_point_in_circle(-122.143564, 47.535677, -122.100896, 47.527351, 3500)",
            "True",
        ),
        ex(
            "geo_point_in_circle(-122.137575, 47.630683, -122.100896, 47.527351, 3500)",
            "False",
        ),
        ex("geo_point_in_circle(1, 1, 1, 1, -1)", "null"),
    ],
    differs: "",
};

use super::arguments::{number, place, sphere_only};
use super::sphere::{EARTH, azimuth, haversine};

fn geo_distance_2points(args: &Args<'_>) -> Result<ArrayRef> {
    sphere_only(args, 4)?;
    let (a, b) = (place(args, 0)?, place(args, 2)?);
    real_result(args.rows, |row| Some(haversine(a(row)?, b(row)?) * EARTH))
}

fn geo_azimuth(args: &Args<'_>) -> Result<ArrayRef> {
    let (a, b) = (place(args, 0)?, place(args, 2)?);
    real_result(args.rows, |row| azimuth(a(row)?, b(row)?))
}

fn geo_angle(args: &Args<'_>) -> Result<ArrayRef> {
    let (a, b, c) = (place(args, 0)?, place(args, 2)?, place(args, 4)?);
    real_result(args.rows, |row| {
        let (a, b, c) = (a(row)?, b(row)?, c(row)?);
        Some((azimuth(b, c)? - azimuth(b, a)?).rem_euclid(std::f64::consts::TAU))
    })
}

fn geo_point_in_circle(args: &Args<'_>) -> Result<ArrayRef> {
    let (p, centre, radius) = (place(args, 0)?, place(args, 2)?, number(args, 4)?);
    bool_result(args.rows, |row| {
        let (p, centre, radius) = (p(row)?, centre(row)?, radius(row)?);
        (radius > 0.0).then(|| haversine(p, centre) * EARTH <= radius)
    })
}
