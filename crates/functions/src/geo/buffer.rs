//! `geo_point_buffer`, `geo_line_buffer` and `geo_polygon_buffer`: all that is within some meters of a shape.

use super::arguments::{Number, number, place, write_polygon};
use super::combined::{each, failed, write_polygons};
use super::plane::{self, Polygon, Vertex};
use super::shapes::{Polygons, lines, polygons};
use super::sphere::{EARTH, Point};
use crate::prelude::*;
use std::f64::consts::{PI, TAU};

const RADIUS: Param = arg_of("radius", Class::Number, "Meters, more than 0.");
const TOLERANCE: Param = arg_of(
    "tolerance",
    Class::Number,
    "How many meters the outline may be off; 10 unless given.",
);
const DIFFERS: &str = "Differs from Kusto: where exactly the places of the outline are is not published. Here they are at the radius itself, at least 32 to a circle, and as many as the tolerance asks for. As a set the result is right within the tolerance. A shape and its surroundings that are not within one hemisphere are refused.";

/// `geo_point_buffer`
pub const POINT: FunctionSpec = FunctionSpec {
    name: "geo_point_buffer",
    summary: "Returns a polygon around all places within a distance of a place; null when a number is not valid.",
    signatures: &[sig(
        &[
            arg_of("longitude", Class::Number, "Degrees, -180 to 180."),
            arg_of("latitude", Class::Number, "Degrees, -90 to 90."),
            RADIUS,
            TOLERANCE.optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_point_buffer),
    examples: &[
        ex(
            "round(geo_polygon_area(geo_point_buffer(-115.17, 36.15, 20000)) / (pi() * pow(20000, 2)), 2)",
            "1.0",
        ),
        ex(
            "round(geo_polygon_perimeter(geo_point_buffer(10, 80, 500, 0.1)) / (2 * pi() * 500), 2)",
            "1.0",
        ),
        ex(
            "geo_point_in_polygon(10.01, 20.01, geo_point_buffer(10, 20, 1600))",
            "True",
        ),
        ex(
            "geo_point_in_polygon(10.01, 20.01, geo_point_buffer(10, 20, 1400))",
            "False",
        ),
        ex("geo_point_buffer(200, 1, 0.1)", "null"),
        ex("geo_point_buffer(10, 10, -1)", "null"),
    ],
    differs: DIFFERS,
};

/// `geo_line_buffer`
pub const LINE: FunctionSpec = FunctionSpec {
    name: "geo_line_buffer",
    summary: "Returns a polygon around all places within a distance of a line; null when an argument is not valid.",
    signatures: &[sig(
        &[
            arg_of(
                "lineString",
                Class::DynamicBag,
                "A LineString or MultiLineString in GeoJSON.",
            ),
            RADIUS,
            TOLERANCE.optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_line_buffer),
    examples: &[
        ex(
            r#"print line = dynamic({"type":"LineString","coordinates":[[-80.66634997047466,24.894526340592122],[-80.67373241820246,24.890808090321286]]}) | project round(geo_polygon_area(geo_line_buffer(line, 4, 0.1)) / (geo_line_length(line) * 8 + pi() * 16), 2)"#,
            "1.0",
        ),
        ex(
            r#"geo_point_in_polygon(5, 0.009, geo_line_buffer(dynamic({"type":"LineString","coordinates":[[0,0],[10,0]]}), 1100))"#,
            "True",
        ),
        ex(
            r#"geo_point_in_polygon(5, 0.011, geo_line_buffer(dynamic({"type":"LineString","coordinates":[[0,0],[10,0]]}), 1100))"#,
            "False",
        ),
        ex(
            r#"geo_line_buffer(dynamic({"type":"LineString","coordinates":[[0,0],[1,1]]}), 0)"#,
            "null",
        ),
    ],
    differs: DIFFERS,
};

/// `geo_polygon_buffer`
pub const POLYGON: FunctionSpec = FunctionSpec {
    name: "geo_polygon_buffer",
    summary: "Returns a polygon around all places within a distance of a polygon; null when an argument is not valid.",
    signatures: &[sig(
        &[
            arg_of(
                "polygon",
                Class::DynamicBag,
                "A Polygon or MultiPolygon in GeoJSON.",
            ),
            RADIUS,
            TOLERANCE.optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_polygon_buffer),
    examples: &[
        ex(
            r#"print p = dynamic({"type":"Polygon","coordinates":[[[139.813757,35.719666],[139.72558,35.71813],[139.727471,35.653231],[139.818721,35.657264],[139.813757,35.719666]]]}) | project round(geo_polygon_area(geo_polygon_buffer(p, 10000)) / (geo_polygon_area(p) + geo_polygon_perimeter(p) * 10000 + pi() * pow(10000, 2)), 2)"#,
            "1.0",
        ),
        ex(
            r#"geo_point_in_polygon(5, 5, geo_polygon_buffer(dynamic({"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10],[0,0]],[[4,4],[4,6],[6,6],[6,4],[4,4]]]}), 100000))"#,
            "False",
        ),
        ex(r#"geo_polygon_buffer(dynamic({"type":"p"}), 1)"#, "null"),
    ],
    differs: DIFFERS,
};

/// What is around a shape, as angles.
struct Around {
    radius: f64,
    /// How far the outline may be off.
    off: f64,
    /// How many places a circle has.
    steps: usize,
}

/// At most so many places to a circle, and to one side of an edge.
const MOST_STEPS: f64 = 4096.0;

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole(x: f64, least: f64) -> usize {
    x.ceil().clamp(least, MOST_STEPS) as usize
}

#[allow(clippy::cast_precision_loss)]
fn part(i: usize, of: usize) -> f64 {
    i as f64 / of as f64
}

impl Around {
    /// None when the numbers are not valid.
    fn of(radius: Option<f64>, tolerance: Option<f64>) -> Option<Around> {
        let (radius, tolerance) = (radius?, tolerance?);
        let valid = radius.is_finite() && radius > 0.0 && tolerance >= radius * 1e-6;
        let share = (tolerance / radius).min(0.999_999);
        valid.then(|| Around {
            radius: radius / EARTH,
            off: share * radius / EARTH,
            steps: whole(PI / (1.0 - share).acos(), 32.0),
        })
    }

    fn checked(&self, function: &str) -> Result<()> {
        if self.radius < 1.4 {
            return Ok(());
        }
        Err(failed(
            function,
            "surroundings that are not within one hemisphere are not supported",
        ))
    }

    /// Places around a point, from one direction counter-clockwise by an angle.
    fn arc(&self, p: Point, from: Point, angle: f64, out: &mut Vec<Vertex>) {
        let left = p.cross(from);
        let steps = whole(angle / TAU * part(self.steps, 1), 1.0);
        let (sin, cos) = self.radius.sin_cos();
        let last = if angle < TAU { steps + 1 } else { steps };
        for i in 0..last {
            let (y, x) = (angle * part(i, steps)).sin_cos();
            let way = from.times(x).plus(left.times(y));
            out.push(Vertex::of(p.times(cos).plus(way.times(sin)).unit()));
        }
    }

    fn circle(&self, p: Point) -> Vec<Vertex> {
        let axis = if p.z.abs() < 0.9 {
            Point {
                x: 0.0,
                y: 0.0,
                z: 1.0,
            }
        } else {
            Point {
                x: 1.0,
                y: 0.0,
                z: 0.0,
            }
        };
        let mut out = Vec::with_capacity(self.steps);
        self.arc(p, axis.cross(p).unit(), TAU, &mut out);
        out
    }

    /// What is around an edge: its right side, its end, its left side, its beginning.
    fn capsule(&self, (a, b): (Point, Point)) -> Vec<Vertex> {
        let normal = a.normal(b);
        if normal.norm() < 1e-15 {
            return self.circle(a);
        }
        let normal = normal.unit();
        let (ahead, length) = (normal.cross(a), a.angle(b));
        let (sin, cos) = self.radius.sin_cos();
        let bend = (8.0 * self.off / self.radius.tan().max(1e-12)).sqrt();
        let steps = whole(length / bend, 1.0);
        let side = |i: usize, sign: f64| {
            let (y, x) = (length * part(i, steps)).sin_cos();
            let on = a.times(x).plus(ahead.times(y));
            Vertex::of(on.times(cos).plus(normal.times(sign * sin)).unit())
        };
        let mut out: Vec<Vertex> = (1..steps).map(|i| side(i, -1.0)).collect();
        self.arc(b, normal.times(-1.0), PI, &mut out);
        out.extend((1..steps).rev().map(|i| side(i, 1.0)));
        self.arc(a, normal, PI, &mut out);
        out
    }
}

fn tolerance<'a>(args: &Args<'a>, i: usize) -> Result<Number<'a>> {
    if args.len() > i {
        number(args, i)
    } else {
        Ok(Box::new(|_| Some(10.0)))
    }
}

fn geo_point_buffer(args: &Args<'_>) -> Result<ArrayRef> {
    const NAME: &str = "geo_point_buffer";
    let place = place(args, 0)?;
    let (radius, tolerance) = (number(args, 2)?, tolerance(args, 3)?);
    try_dyn_result(args.rows, |row, w| {
        let point = place(row).and_then(|(lng, lat)| Point::from_degrees(lng, lat));
        let (Some(p), Some(around)) = (point, Around::of(radius(row), tolerance(row))) else {
            return Ok(());
        };
        around.checked(NAME)?;
        let ring: Vec<(f64, f64)> = around.circle(p).iter().map(|v| v.degrees).collect();
        write_polygon(&ring, w);
        Ok(())
    })
}

fn around(
    function: &str,
    around: &Around,
    mut all: Vec<Polygon>,
    edges: impl Iterator<Item = (Point, Point)>,
) -> Result<Vec<Polygon>> {
    around.checked(function)?;
    for edge in edges {
        all.push(vec![around.capsule(edge)]);
        if all.len() > 100_000 {
            return Err(failed(
                function,
                "a shape of so many edges is not supported",
            ));
        }
    }
    plane::melted(&all).map_err(|why| failed(function, &why))
}

/// Polygons and what is around them; none when the radius is not valid.
///
/// # Errors
/// They are too large.
pub(super) fn grown(function: &str, shape: &Polygons, radius: f64) -> Result<Option<Vec<Polygon>>> {
    let Some(by) = Around::of(Some(radius), Some(10.0_f64.min(radius / 100.0))) else {
        return Ok(None);
    };
    around(function, &by, each(shape).collect(), shape.edges()).map(Some)
}

fn geo_line_buffer(args: &Args<'_>) -> Result<ArrayRef> {
    let shapes = args.dynamic(0)?;
    let (radius, tolerance) = (number(args, 1)?, tolerance(args, 2)?);
    try_dyn_result(args.rows, |row, w| {
        let by = Around::of(radius(row), tolerance(row));
        let (Some(shape), Some(by)) = (lines(shapes.raw(row)), by) else {
            return Ok(());
        };
        let edges = super::meet::edges(&shape);
        write_polygons(&around("geo_line_buffer", &by, Vec::new(), edges)?, w);
        Ok(())
    })
}

fn geo_polygon_buffer(args: &Args<'_>) -> Result<ArrayRef> {
    let shapes = args.dynamic(0)?;
    let (radius, tolerance) = (number(args, 1)?, tolerance(args, 2)?);
    try_dyn_result(args.rows, |row, w| {
        let by = Around::of(radius(row), tolerance(row));
        let (Some(shape), Some(by)) = (polygons(shapes.raw(row)), by) else {
            return Ok(());
        };
        let all: Vec<Polygon> = each(&shape).collect();
        write_polygons(&around("geo_polygon_buffer", &by, all, shape.edges())?, w);
        Ok(())
    })
}
