//! `geo_line_densify(line, tolerance, preserve_crossing)` and `geo_polygon_densify`: places along straight edges of a map, so that
//! the shortest ways between them stay close to these.

use super::arguments::{Number, number, write_place};
use super::shapes::{Path, lines, polygons};
use super::sphere::{EARTH, Point};
use crate::prelude::*;

const TOLERANCE: Param = arg_of(
    "tolerance",
    Class::Number,
    "How far the edges may be off, 0.1 to 10000 meters; 10 unless given.",
);
const CROSSING: Param = arg_of(
    "preserve_crossing",
    Class::NumberOrBool,
    "Whether edges across the antimeridian stay.",
);
const DIFFERS: &str = "Edges across the antimeridian are refused.";

/// `geo_line_densify`
pub const LINE: FunctionSpec = FunctionSpec {
    name: "geo_line_densify",
    summary: "Adds places along a line, so that shortest ways between them are close to the line as a map shows it.",
    signatures: &[sig(
        &[
            arg_of(
                "lineString",
                Class::DynamicBag,
                "A LineString or MultiLineString in GeoJSON.",
            ),
            TOLERANCE.optional(),
            CROSSING.optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_line_densify),
    examples: &[
        ex(
            r#"geo_line_densify(dynamic({"type":"LineString","coordinates":[[50,50],[51,51]]}))"#,
            r#"{"type":"LineString","coordinates":[[50,50],[50.125,50.125],[50.25,50.25],[50.375,50.375],[50.5,50.5],[50.625,50.625],[50.75,50.75],[50.875,50.875],[51,51]]}"#,
        ),
        ex(
            r#"geo_line_densify(dynamic({"type":"LineString","coordinates":[[-73.949247,40.796860],[-73.973017,40.764323]]}))"#,
            r#"{"type":"LineString","coordinates":[[-73.949247,40.79686],[-73.973017,40.764323]]}"#,
        ),
        ex(
            r#"geo_line_densify(dynamic({"type":"LineString","coordinates":[[1,1],[2,2]]}), 0)"#,
            "null",
        ),
    ],
    differs: DIFFERS,
};

/// `geo_polygon_densify`
pub const POLYGON: FunctionSpec = FunctionSpec {
    name: "geo_polygon_densify",
    summary: "Adds places along the edges of a polygon, so that shortest ways between them are close to the polygon as a map shows it.",
    signatures: &[sig(
        &[
            arg_of(
                "polygon",
                Class::DynamicBag,
                "A Polygon or MultiPolygon in GeoJSON.",
            ),
            TOLERANCE.optional(),
            CROSSING.optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_polygon_densify),
    examples: &[
        ex(
            r#"geo_polygon_densify(dynamic({"type":"Polygon","coordinates":[[[10,10],[11,10],[11,11],[10,11],[10,10]]]}))"#,
            r#"{"type":"Polygon","coordinates":[[[10,10],[10.25,10],[10.5,10],[10.75,10],[11,10],[11,11],[10.75,11],[10.5,11],[10.25,11],[10,11],[10,10]]]}"#,
        ),
        ex(
            r#"geo_polygon_densify(dynamic({"type":"Polygon","coordinates":[[[10,900],[11,10],[11,11],[10,11],[10,10]]]}))"#,
            "null",
        ),
    ],
    differs: DIFFERS,
};

/// Most places of a result.
const MOST: usize = 10_485_760;

/// The meters asked for; none when they are out of range.
fn tolerance(n: Option<&Number<'_>>, row: usize) -> Option<f64> {
    let meters = n.map_or(Some(10.0), |n| n(row))?;
    (0.1..=10_000.0).contains(&meters).then_some(meters)
}

/// An edge of the map from one place to another.
struct Way {
    from: (f64, f64),
    to: (f64, f64),
}

impl Way {
    fn at(&self, part: f64) -> Option<(Point, (f64, f64))> {
        let mix = |a: f64, b: f64| (1.0 - part) * a + part * b;
        let place = (mix(self.from.0, self.to.0), mix(self.from.1, self.to.1));
        Point::from_degrees(place.0, place.1).map(|p| (p, place))
    }

    /// How far the shortest way is from that of the map, as an angle: looked at in two places that show it best.
    fn off(&self) -> Option<f64> {
        const PLACES: [f64; 2] = [0.312_156_910_822_482_3, 1.0 - 0.312_156_910_822_482_3];
        let (a, b) = (self.at(0.0)?.0, self.at(1.0)?.0);
        if a.dot(b) < -1e-14 {
            return Some(f64::INFINITY);
        }
        let angle = a.angle(b);
        let mut most = 0.0_f64;
        for part in PLACES {
            let short = if angle > 0.0 {
                let along = a.normal(b).unit().cross(a);
                let way = part * angle;
                a.times(way.cos()).plus(along.times(way.sin()))
            } else {
                a
            };
            most = most.max(short.angle(self.at(part)?.0));
        }
        Some(most)
    }

    /// Adds what comes after the way's beginning.
    fn add(&self, limit: f64, depth: u8, out: &mut Vec<(f64, f64)>) -> Option<()> {
        if depth == 0 || out.len() > MOST || self.off()? <= limit {
            out.push(self.to);
            return Some(());
        }
        let middle = self.at(0.5)?.1;
        let first = Way {
            from: self.from,
            to: middle,
        };
        let second = Way {
            from: middle,
            to: self.to,
        };
        first.add(limit, depth - 1, out)?;
        second.add(limit, depth - 1, out)
    }
}

/// A path with more places.
fn dense(function: &str, path: &Path, meters: f64) -> Result<Option<Vec<(f64, f64)>>> {
    // The two places do not see the whole of the distance.
    const SEEN: f64 = 0.838_299_925_698_885_1;
    let limit = SEEN * meters / EARTH;
    let mut out: Vec<(f64, f64)> = path.degrees.first().copied().into_iter().collect();
    for (from, to) in path.degrees.iter().zip(path.degrees.iter().skip(1)) {
        if (from.0 - to.0).abs() > 180.0 {
            return Err(KernelError::new(format!(
                "{function} of an edge across the antimeridian is not supported"
            )));
        }
        let way = Way {
            from: *from,
            to: *to,
        };
        if way.add(limit, 30, &mut out).is_none() || out.len() > MOST {
            return Ok(None);
        }
    }
    Ok(Some(out))
}

fn write_path(path: &[(f64, f64)], w: &mut DynWriter) {
    w.begin_array();
    path.iter().for_each(|p| write_place(*p, w));
    w.end();
}

fn geo_line_densify(args: &Args<'_>) -> Result<ArrayRef> {
    let shapes = args.dynamic(0)?;
    let meters = (args.len() > 1).then(|| number(args, 1)).transpose()?;
    try_dyn_result(args.rows, |row, w| {
        let shape = lines(shapes.raw(row));
        let (Some(shape), Some(meters)) = (shape, tolerance(meters.as_ref(), row)) else {
            return Ok(());
        };
        let mut paths = Vec::with_capacity(shape.lines.len());
        for line in &shape.lines {
            match dense("geo_line_densify", line, meters)? {
                Some(path) => paths.push(path),
                None => return Ok(()),
            }
        }
        w.begin_bag();
        w.key("type");
        match (shape.single, paths.as_slice()) {
            (true, [path]) => {
                w.string("LineString");
                w.key("coordinates");
                write_path(path, w);
            }
            _ => {
                w.string("MultiLineString");
                w.key("coordinates");
                w.begin_array();
                paths.iter().for_each(|p| write_path(p, w));
                w.end();
            }
        }
        w.end();
        Ok(())
    })
}

fn geo_polygon_densify(args: &Args<'_>) -> Result<ArrayRef> {
    let shapes = args.dynamic(0)?;
    let meters = (args.len() > 1).then(|| number(args, 1)).transpose()?;
    try_dyn_result(args.rows, |row, w| {
        let shape = polygons(shapes.raw(row));
        let (Some(shape), Some(meters)) = (shape, tolerance(meters.as_ref(), row)) else {
            return Ok(());
        };
        let mut all = Vec::with_capacity(shape.polygons.len());
        for rings in &shape.polygons {
            let mut dense_rings = Vec::with_capacity(rings.len());
            for ring in rings {
                match dense("geo_polygon_densify", &ring.path, meters)? {
                    Some(path) => dense_rings.push(path),
                    None => return Ok(()),
                }
            }
            all.push(dense_rings);
        }
        let write = |rings: &Vec<Vec<(f64, f64)>>, w: &mut DynWriter| {
            w.begin_array();
            rings.iter().for_each(|r| write_path(r, w));
            w.end();
        };
        let single = matches!(
            DynRef::new(shapes.raw(row)).get("type"),
            Some(DynRef::String("Polygon"))
        );
        w.begin_bag();
        w.key("type");
        match all.as_slice() {
            [rings] if single => {
                w.string("Polygon");
                w.key("coordinates");
                write(rings, w);
            }
            _ => {
                w.string("MultiPolygon");
                w.key("coordinates");
                w.begin_array();
                all.iter().for_each(|rings| write(rings, w));
                w.end();
            }
        }
        w.end();
        Ok(())
    })
}
