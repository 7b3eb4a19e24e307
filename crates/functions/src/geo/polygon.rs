//! Places and polygons: containment, distance, area, perimeter, centroid.

use crate::prelude::*;

/// `geo_point_in_polygon`
pub const IN: FunctionSpec = FunctionSpec {
    name: "geo_point_in_polygon",
    summary: "Whether a place is in a polygon with geodesic edges; null when one of them is not valid.",
    signatures: &[sig(
        &[
            arg_of("longitude", Class::Number, "Degrees, -180 to 180."),
            arg_of("latitude", Class::Number, "Degrees, -90 to 90."),
            arg_of(
                "polygon",
                Class::DynamicBag,
                "A Polygon or MultiPolygon in GeoJSON.",
            ),
        ],
        BOOL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_point_in_polygon),
    examples: &[
        ex(
            r#"geo_point_in_polygon(-73.965, 40.782, dynamic({"type":"Polygon","coordinates":[[[-73.9495,40.7969],[-73.95807266235352,40.80068603561921],[-73.98201942443848,40.76825672305777],[-73.97317886352539,40.76455136505513],[-73.9495,40.7969]]]}))"#,
            "True",
        ),
        ex(
            r#"geo_point_in_polygon(-73.9839, 40.7705, dynamic({"type":"Polygon","coordinates":[[[-73.9495,40.7969],[-73.95807266235352,40.80068603561921],[-73.98201942443848,40.76825672305777],[-73.97317886352539,40.76455136505513],[-73.9495,40.7969]]]}))"#,
            "False",
        ),
        ex(
            r#"geo_point_in_polygon(1, 1, dynamic({"type":"Polygon","coordinates":[[[0,0],[10,10],[10,10],[0,0]]]}))"#,
            "null",
        ),
    ],
    differs: "Of places exactly on an edge it is not known which polygon they belong to.",
};

/// `geo_distance_point_to_polygon`
pub const DISTANCE: FunctionSpec = FunctionSpec {
    name: "geo_distance_point_to_polygon",
    summary: "Returns the distance of a place from a polygon in meters; 0 within.",
    signatures: &[sig(
        &[
            arg_of("longitude", Class::Number, "Degrees, -180 to 180."),
            arg_of("latitude", Class::Number, "Degrees, -90 to 90."),
            arg_of(
                "polygon",
                Class::DynamicBag,
                "A Polygon or MultiPolygon in GeoJSON.",
            ),
        ],
        REAL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_distance_point_to_polygon),
    examples: &[ex(
        r#"round(geo_distance_point_to_polygon(-73.9839, 40.7705, dynamic({"type":"Polygon","coordinates":[[[-73.9495,40.7969],[-73.95807266235352,40.80068603561921],[-73.98201942443848,40.76825672305777],[-73.97317886352539,40.76455136505513],[-73.9495,40.7969]]]})), 5)"#,
        "259.94076",
    )],
    differs: "",
};

/// `geo_polygon_area`
pub const AREA: FunctionSpec = FunctionSpec {
    name: "geo_polygon_area",
    summary: "Returns the area of a polygon in square meters.",
    signatures: &[sig(
        &[arg_of(
            "polygon",
            Class::DynamicBag,
            "A Polygon or MultiPolygon in GeoJSON.",
        )],
        REAL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_polygon_area),
    examples: &[
        ex(
            r#"round(geo_polygon_area(dynamic({"type":"Polygon","coordinates":[[[-73.9495,40.7969],[-73.95807266235352,40.80068603561921],[-73.98201942443848,40.76825672305777],[-73.97317886352539,40.76455136505513],[-73.9495,40.7969]]]})), 2)"#,
            "3475207.28",
        ),
        ex(
            r#"round(geo_polygon_area(dynamic({"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[0,10],[1,10],[1,11],[0,10]]]]})) - geo_polygon_area(dynamic({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]})) - geo_polygon_area(dynamic({"type":"Polygon","coordinates":[[[0,10],[1,10],[1,11],[0,10]]]})), 3)"#,
            "0.0",
        ),
        ex(
            r#"round(geo_polygon_area(dynamic({"type":"MultiPolygon","coordinates":[[[[-73.9495,40.7969],[-73.95807266235352,40.80068603561921],[-73.98201942443848,40.76825672305777],[-73.97317886352539,40.76455136505513],[-73.9495,40.7969]]],[[[-73.94262313842773,40.775991804565585],[-73.98107528686523,40.791849155467695],[-73.99600982666016,40.77092185281977],[-73.96150588989258,40.75609977566361],[-73.94262313842773,40.775991804565585]]]]})), 2)"#,
            "10889971.53",
        ),
    ],
    differs: "Polygons of a MultiPolygon that meet are joined first; those that are not within one hemisphere are refused.",
};

/// `geo_polygon_perimeter`
pub const PERIMETER: FunctionSpec = FunctionSpec {
    name: "geo_polygon_perimeter",
    summary: "Returns the length of the edges of a polygon in meters.",
    signatures: &[sig(
        &[arg_of(
            "polygon",
            Class::DynamicBag,
            "A Polygon or MultiPolygon in GeoJSON.",
        )],
        REAL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_polygon_perimeter),
    examples: &[ex(
        r#"round(geo_polygon_perimeter(dynamic({"type":"Polygon","coordinates":[[[-73.9495,40.7969],[-73.95807266235352,40.80068603561921],[-73.98201942443848,40.76825672305777],[-73.97317886352539,40.76455136505513],[-73.9495,40.7969]]]})), 5)"#,
        "9930.3015",
    )],
    differs: "Polygons of a MultiPolygon that meet are joined first; those that are not within one hemisphere are refused.",
};

/// `geo_polygon_centroid`
pub const CENTROID: FunctionSpec = FunctionSpec {
    name: "geo_polygon_centroid",
    summary: "Returns the centre of mass of a polygon.",
    signatures: &[sig(
        &[arg_of(
            "polygon",
            Class::DynamicBag,
            "A Polygon or MultiPolygon in GeoJSON.",
        )],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_polygon_centroid),
    examples: &[ex(
        r#"round(toreal(geo_polygon_centroid(dynamic({"type":"Polygon","coordinates":[[[-73.9495,40.7969],[-73.95807266235352,40.80068603561921],[-73.98201942443848,40.76825672305777],[-73.97317886352539,40.76455136505513],[-73.9495,40.7969]]]})).coordinates[0]), 10)"#,
        "-73.9657356899",
    )],
    differs: "Polygons of a MultiPolygon that meet are joined first; those that are not within one hemisphere are refused.",
};

use super::arguments::{place, write_point};
use super::shapes::{Ring, polygons};
use super::sphere::{EARTH, Point, closest_on_edge};

fn geo_point_in_polygon(args: &Args<'_>) -> Result<ArrayRef> {
    let (place, shapes) = (place(args, 0)?, args.dynamic(2)?);
    let constant = shapes.is_constant().then(|| polygons(shapes.raw(0)));
    bool_result(args.rows, |row| {
        let (lng, lat) = place(row)?;
        let p = Point::from_degrees(lng, lat)?;
        match &constant {
            Some(shape) => Some(shape.as_ref()?.has(p)),
            None => Some(polygons(shapes.raw(row))?.has(p)),
        }
    })
}

fn geo_distance_point_to_polygon(args: &Args<'_>) -> Result<ArrayRef> {
    let (place, shapes) = (place(args, 0)?, args.dynamic(2)?);
    real_result(args.rows, |row| {
        let (lng, lat) = place(row)?;
        let p = Point::from_degrees(lng, lat)?;
        let shape = polygons(shapes.raw(row))?;
        if shape.has(p) {
            return Some(0.0);
        }
        let nearest = shape
            .edges()
            .map(|(a, b)| p.angle(closest_on_edge(p, a, b)))
            .fold(f64::INFINITY, f64::min);
        Some(nearest * EARTH)
    })
}

fn geo_polygon_area(args: &Args<'_>) -> Result<ArrayRef> {
    let shapes = args.dynamic(0)?;
    try_real_result(args.rows, |row| {
        let Some(shape) = polygons(shapes.raw(row)) else {
            return Ok(None);
        };
        let polygons = shape.apart("geo_polygon_area")?.iter();
        let areas = polygons.filter_map(|rings| {
            let (shell, holes) = rings.split_first()?;
            Some(shell.area() - holes.iter().map(Ring::area).sum::<f64>())
        });
        Ok(Some(areas.sum::<f64>() * EARTH * EARTH))
    })
}

fn geo_polygon_perimeter(args: &Args<'_>) -> Result<ArrayRef> {
    let shapes = args.dynamic(0)?;
    try_real_result(args.rows, |row| {
        let Some(shape) = polygons(shapes.raw(row)) else {
            return Ok(None);
        };
        let rings = shape.apart("geo_polygon_perimeter")?.iter().flatten();
        let length: f64 = rings.map(|r| r.path.length()).sum();
        Ok(Some(length * EARTH))
    })
}

fn geo_polygon_centroid(args: &Args<'_>) -> Result<ArrayRef> {
    let shapes = args.dynamic(0)?;
    try_dyn_result(args.rows, |row, w| {
        let Some(shape) = polygons(shapes.raw(row)) else {
            return Ok(());
        };
        let mut sum = Point {
            x: 0.0,
            y: 0.0,
            z: 0.0,
        };
        let polygons = shape.apart("geo_polygon_centroid")?.iter();
        for (i, ring) in polygons.flat_map(|rings| rings.iter().enumerate()) {
            // The integral of the points over an area, from its edge (Stokes): counter-clockwise adds, and holes subtract.
            let sign = if ring.counter_clockwise() == (i == 0) {
                0.5
            } else {
                -0.5
            };
            let Some(&origin) = ring.path.points.first() else {
                continue;
            };
            for (a, b) in ring.path.edges() {
                // Each edge counts its normal times its angle. Around a ring the normals add up to those seen from one of
                // its points, which are far more exact for a small ring; what is left over is small.
                let n = a.normal(b);
                let len = n.norm();
                sum = sum.plus(a.minus(origin).cross(b.minus(origin)).times(sign));
                if len > 0.0 {
                    sum = sum.plus(n.times(sign * (a.angle(b) / len - 1.0)));
                }
            }
        }
        write_point(sum.to_degrees(), w);
        Ok(())
    })
}
