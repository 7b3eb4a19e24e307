//! `geo_closest_point_on_line(longitude, latitude, line)` and `geo_closest_point_on_polygon`.

use super::arguments::{place, write_point};
use super::shapes::{Path, lines, polygons};
use super::sphere::{Point, closest_on_edge};
use crate::prelude::*;

const LONGITUDE: Param = arg_of("longitude", Class::Number, "Degrees, -180 to 180.");
const LATITUDE: Param = arg_of("latitude", Class::Number, "Degrees, -90 to 90.");

/// `geo_closest_point_on_line`
pub const LINE: FunctionSpec = FunctionSpec {
    name: "geo_closest_point_on_line",
    summary: "Returns the place of a line that is closest to a place.",
    signatures: &[sig(
        &[
            LONGITUDE,
            LATITUDE,
            arg_of(
                "lineString",
                Class::DynamicBag,
                "A LineString or MultiLineString in GeoJSON.",
            ),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_closest_point_on_line),
    examples: &[
        ex(
            r#"geo_closest_point_on_line(-115.199625, 36.210419, dynamic({"type":"LineString","coordinates":[[-115.115385,36.229195],[-115.136995,36.200366],[-115.140252,36.192470],[-115.143558,36.188523],[-115.144076,36.181954],[-115.154662,36.174483],[-115.166431,36.176388],[-115.183289,36.175007],[-115.192612,36.176736],[-115.202485,36.173439],[-115.225355,36.174365]]}))"#,
            r#"{"type":"Point","coordinates":[-115.192612,36.176736]}"#,
        ),
        ex(
            r#"geo_closest_point_on_line(1, 1, dynamic({"type":"LineString"}))"#,
            "null",
        ),
    ],
    differs: "",
};

/// `geo_closest_point_on_polygon`
pub const POLYGON: FunctionSpec = FunctionSpec {
    name: "geo_closest_point_on_polygon",
    summary: "Returns the place of a polygon that is closest to a place: within, the place itself.",
    signatures: &[sig(
        &[
            LONGITUDE,
            LATITUDE,
            arg_of(
                "polygon",
                Class::DynamicBag,
                "A Polygon or MultiPolygon in GeoJSON.",
            ),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_closest_point_on_polygon),
    examples: &[
        ex(
            r#"round(toreal(geo_closest_point_on_polygon(-73.9839, 40.7705, dynamic({"type":"Polygon","coordinates":[[[-73.9495,40.7969],[-73.95807266235352,40.80068603561921],[-73.98201942443848,40.76825672305777],[-73.97317886352539,40.76455136505513],[-73.9495,40.7969]]]})).coordinates[1]), 11)"#,
            "40.76935945284",
        ),
        ex(
            r#"geo_closest_point_on_polygon(5, 1, dynamic({"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,0]]]}))"#,
            r#"{"type":"Point","coordinates":[5,1]}"#,
        ),
    ],
    differs: "",
};

/// The place of paths that is closest, in degrees: where it is one of theirs, as that is written.
fn closest<'p>(p: Point, paths: impl Iterator<Item = &'p Path>) -> Option<(f64, f64)> {
    let mut best: Option<(f64, (f64, f64))> = None;
    for path in paths {
        let places = path.degrees.iter().zip(path.degrees.iter().skip(1));
        for ((a, b), (from, to)) in path.edges().zip(places) {
            let foot = closest_on_edge(p, a, b);
            let distance = p.angle(foot);
            if best.is_none_or(|(least, _)| distance < least) {
                let place = if foot == a {
                    *from
                } else if foot == b {
                    *to
                } else {
                    foot.to_degrees()
                };
                best = Some((distance, place));
            }
        }
    }
    best.map(|(_, place)| place)
}

fn geo_closest_point_on_line(args: &Args<'_>) -> Result<ArrayRef> {
    let (place, shapes) = (place(args, 0)?, args.dynamic(2)?);
    dyn_result(args.rows, |row, w| {
        let found = place(row)
            .and_then(|(lng, lat)| Point::from_degrees(lng, lat))
            .zip(lines(shapes.raw(row)))
            .and_then(|(p, shape)| closest(p, shape.lines.iter()));
        if let Some(found) = found {
            write_point(found, w);
        }
    })
}

fn geo_closest_point_on_polygon(args: &Args<'_>) -> Result<ArrayRef> {
    let (place, shapes) = (place(args, 0)?, args.dynamic(2)?);
    dyn_result(args.rows, |row, w| {
        let (Some((lng, lat)), Some(shape)) = (place(row), polygons(shapes.raw(row))) else {
            return;
        };
        let Some(p) = Point::from_degrees(lng, lat) else {
            return;
        };
        if shape.has(p) {
            write_point((lng, lat), w);
        } else if let Some(found) =
            closest(p, shape.polygons.iter().flatten().map(|ring| &ring.path))
        {
            write_point(found, w);
        }
    })
}
