//! Lines: length, distance, places along them, centroid.

use crate::prelude::*;

/// `geo_line_length`
pub const LENGTH: FunctionSpec = FunctionSpec {
    name: "geo_line_length",
    summary: "Returns the length of a line or several in meters.",
    signatures: &[sig(
        &[arg_of(
            "lineString",
            Class::DynamicBag,
            "A LineString or MultiLineString in GeoJSON.",
        )],
        REAL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_line_length),
    examples: &[
        ex(
            r#"round(geo_line_length(dynamic({"type":"LineString","coordinates":[[-73.95807266235352,40.800426144169315],[-73.94966125488281,40.79691751000055],[-73.97317886352539,40.764486356930334]]})), 5)"#,
            "4922.48017",
        ),
        ex(
            r#"geo_line_length(dynamic({"type":"LineString","coordinates":[[1, 1]]}))"#,
            "null",
        ),
    ],
    differs: "",
};

/// `geo_distance_point_to_line`
pub const DISTANCE: FunctionSpec = FunctionSpec {
    name: "geo_distance_point_to_line",
    summary: "Returns the distance of a place from a line or several in meters.",
    signatures: &[sig(
        &[
            arg_of("longitude", Class::Number, "Degrees, -180 to 180."),
            arg_of("latitude", Class::Number, "Degrees, -90 to 90."),
            arg_of(
                "lineString",
                Class::DynamicBag,
                "A LineString or MultiLineString in GeoJSON.",
            ),
        ],
        REAL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_distance_point_to_line),
    examples: &[ex(
        r#"round(geo_distance_point_to_line(-73.965, 40.792, dynamic({"type":"LineString","coordinates":[[-73.95796, 40.80042], [-73.97317, 40.764486]]})), 3) > 0"#,
        "True",
    )],
    differs: "",
};

/// `geo_line_locate_point`
pub const LOCATE: FunctionSpec = FunctionSpec {
    name: "geo_line_locate_point",
    summary: "Returns how far along a line its closest place to another place is, from 0 to 1.",
    signatures: &[sig(
        &[
            arg_of(
                "lineString",
                Class::DynamicBag,
                "A LineString or MultiLineString in GeoJSON.",
            ),
            arg_of("longitude", Class::Number, "Degrees, -180 to 180."),
            arg_of("latitude", Class::Number, "Degrees, -90 to 90."),
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
    lower: Lower::Kernel(geo_line_locate_point),
    examples: &[ex(
        r#"round(geo_line_locate_point(dynamic({"type":"LineString","coordinates":[[-73.95796, 40.80042], [-73.97317, 40.764486]]}), -73.965, 40.792), 10)"#,
        "0.255601351",
    )],
    differs: "use_spheroid = true is refused.",
};

/// `geo_line_interpolate_point`
pub const INTERPOLATE: FunctionSpec = FunctionSpec {
    name: "geo_line_interpolate_point",
    summary: "Returns the place at a fraction (0 to 1) of the length of a line.",
    signatures: &[sig(
        &[
            arg_of(
                "lineString",
                Class::DynamicBag,
                "A LineString or MultiLineString in GeoJSON.",
            ),
            arg_of("fraction", Class::Number, "0 to 1."),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_line_interpolate_point),
    examples: &[ex(
        r#"round(toreal(geo_line_interpolate_point(dynamic({"type":"LineString","coordinates":[[-73.95796, 40.80042], [-73.97317, 40.764486]]}), 0.25).coordinates[0]), 10)"#,
        "-73.9617640432",
    )],
    differs: "",
};

/// `geo_line_centroid`
pub const CENTROID: FunctionSpec = FunctionSpec {
    name: "geo_line_centroid",
    summary: "Returns the centre of mass of a line or several.",
    signatures: &[sig(
        &[arg_of(
            "lineString",
            Class::DynamicBag,
            "A LineString or MultiLineString in GeoJSON.",
        )],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_line_centroid),
    examples: &[ex(
        r#"round(toreal(geo_line_centroid(dynamic({"type":"LineString","coordinates":[[-73.95796, 40.80042], [-73.97317, 40.764486]]})).coordinates[0]), 10)"#,
        "-73.9655670572",
    )],
    differs: "Parts that several lines share count for each of them.",
};

use super::arguments::{number, place, sphere_only, write_point};
use super::shapes::lines;
use super::sphere::{EARTH, Point, closest_on_edge};

fn geo_line_length(args: &Args<'_>) -> Result<ArrayRef> {
    let shapes = args.dynamic(0)?;
    real_result(args.rows, |row| {
        let shape = lines(shapes.raw(row))?;
        Some(
            shape
                .lines
                .iter()
                .map(super::shapes::Path::length)
                .sum::<f64>()
                * EARTH,
        )
    })
}

fn geo_distance_point_to_line(args: &Args<'_>) -> Result<ArrayRef> {
    let (place, shapes) = (place(args, 0)?, args.dynamic(2)?);
    let constant = shapes.is_constant().then(|| lines(shapes.raw(0)));
    real_result(args.rows, |row| {
        let (lng, lat) = place(row)?;
        let p = Point::from_degrees(lng, lat)?;
        let shape = match &constant {
            Some(shape) => shape.clone(),
            None => lines(shapes.raw(row)),
        }?;
        let nearest = shape
            .lines
            .iter()
            .flat_map(super::shapes::Path::edges)
            .map(|(a, b)| p.angle(closest_on_edge(p, a, b)))
            .fold(f64::INFINITY, f64::min);
        Some(nearest * EARTH)
    })
}

fn geo_line_locate_point(args: &Args<'_>) -> Result<ArrayRef> {
    sphere_only(args, 3)?;
    let (shapes, place) = (args.dynamic(0)?, place(args, 1)?);
    real_result(args.rows, |row| {
        let shape = lines(shapes.raw(row)).filter(|s| s.single)?;
        let line = shape.lines.first()?;
        let (lng, lat) = place(row)?;
        let p = Point::from_degrees(lng, lat)?;
        let mut walked = 0.0;
        let (mut least, mut at) = (f64::INFINITY, 0.0);
        for (a, b) in line.edges() {
            let foot = closest_on_edge(p, a, b);
            let distance = p.angle(foot);
            if distance < least {
                least = distance;
                at = walked + a.angle(foot);
            }
            walked += a.angle(b);
        }
        Some(if walked > 0.0 { at / walked } else { 0.0 })
    })
}

fn geo_line_interpolate_point(args: &Args<'_>) -> Result<ArrayRef> {
    let (shapes, fraction) = (args.dynamic(0)?, number(args, 1)?);
    dyn_result(args.rows, |row, w| {
        let shape = lines(shapes.raw(row)).filter(|s| s.single);
        let fraction = fraction(row).filter(|f| (0.0..=1.0).contains(f));
        let (Some(shape), Some(fraction)) = (shape, fraction) else {
            return;
        };
        let Some(line) = shape.lines.first() else {
            return;
        };
        let mut left = fraction * line.edges().map(|(a, b)| a.angle(b)).sum::<f64>();
        for (a, b) in line.edges() {
            let length = a.angle(b);
            if left < length {
                // From a along the edge: a and what is perpendicular to it towards b.
                let along = a.normal(b).unit().cross(a);
                let point = a.times(left.cos()).plus(along.times(left.sin()));
                let place = if left == 0.0 { a } else { point };
                write_point(place.to_degrees(), w);
                return;
            }
            left -= length;
        }
        if let Some(last) = line.degrees.last() {
            write_point(*last, w);
        }
    })
}

fn geo_line_centroid(args: &Args<'_>) -> Result<ArrayRef> {
    let shapes = args.dynamic(0)?;
    dyn_result(args.rows, |row, w| {
        let Some(shape) = lines(shapes.raw(row)) else {
            return;
        };
        let mut sum = Point {
            x: 0.0,
            y: 0.0,
            z: 0.0,
        };
        for (a, b) in shape.lines.iter().flat_map(super::shapes::Path::edges) {
            // The integral of the points along the edge: in the direction of its middle, twice the sine of half its angle.
            let middle = a.plus(b);
            let norm = middle.norm();
            if norm > 0.0 {
                sum = sum.plus(middle.times(b.minus(a).norm() / norm));
            }
        }
        write_point(sum.to_degrees(), w);
    })
}
