//! `geo_line_simplify`, `geo_polygon_simplify` and `geo_simplify_polygons_array`: shapes with fewer places.

use super::arguments::{Number, number};
use super::combined::{each, failed, join, of_array, write_polygons};
use super::meet::{self, Edge, Meet};
use super::plane::{Polygon, Vertex, arcs, vertices};
use super::shapes::{lines, polygons};
use super::sphere::{EARTH, closest_on_edge};
use super::union_lines;
use crate::prelude::*;

const TOLERANCE: Param = arg_of(
    "tolerance",
    Class::Number,
    "Meters, 0 to 7,800,000; 10 unless given.",
);
const WHICH: &str = "Differs from Kusto: which places stay is published for two shapes only, and these come out the same. Here a place goes that is within the tolerance of the edge that replaces it (Douglas and Peucker), or of the place before it; Kusto may keep others. Where edges of the result cross, the call is an error.";

/// `geo_line_simplify`
pub const LINE: FunctionSpec = FunctionSpec {
    name: "geo_line_simplify",
    summary: "Leaves out the places of a line that the rest of it runs close to; null when an argument is not valid, or nothing is left.",
    signatures: &[sig(
        &[
            arg_of(
                "lineString",
                Class::DynamicBag,
                "A LineString or MultiLineString in GeoJSON.",
            ),
            TOLERANCE.optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_line_simplify),
    examples: &[
        ex(
            r#"geo_line_simplify(dynamic({"type":"LineString","coordinates":[[-73.97033169865608,40.789063020152824],[-73.97039607167244,40.78897975920816],[-73.9704617857933,40.78888837512432],[-73.97052884101868,40.7887949601531],[-73.9706052839756,40.788698498903564],[-73.97065222263336,40.78862640672032],[-73.97072866559029,40.78852791445617],[-73.97079303860664,40.788434498977836]]}), 10)"#,
            r#"{"type":"LineString","coordinates":[[-73.97033169865608,40.789063020152824],[-73.97079303860664,40.788434498977836]]}"#,
        ),
        ex(
            r#"geo_line_simplify(dynamic({"type":"LineString","coordinates":[[1.1, 1.1],[1.2,1.2]]}), 100000)"#,
            "null",
        ),
        ex(
            r#"geo_line_simplify(dynamic({"type":"LineString","coordinates":[[1, 1],[2,2]]}), -1)"#,
            "null",
        ),
    ],
    differs: WHICH,
};

/// `geo_polygon_simplify`
pub const POLYGON: FunctionSpec = FunctionSpec {
    name: "geo_polygon_simplify",
    summary: "Leaves out the places of a polygon that the rest of its rings runs close to; null when an argument is not valid, or nothing is left.",
    signatures: &[sig(
        &[
            arg_of(
                "polygon",
                Class::DynamicBag,
                "A Polygon or MultiPolygon in GeoJSON.",
            ),
            TOLERANCE.optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_polygon_simplify),
    examples: &[
        ex(
            r#"geo_polygon_simplify(dynamic({"type":"Polygon","coordinates":[[[0,0],[5,0.00001],[10,0],[10,10],[0,0]]]}))"#,
            r#"{"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,0]]]}"#,
        ),
        ex(
            r#"geo_polygon_simplify(dynamic({"type":"Polygon","coordinates":[[[5,48],[0,50],[0,47],[4,47],[5,48]]]}), 1000000)"#,
            "null",
        ),
        ex(
            r#"geo_polygon_simplify(dynamic({"type":"Polygon","coordinates":[[[5,48],[0,50],[0,47],[4,47],[5,48]]]}), -0.1)"#,
            "null",
        ),
    ],
    differs: WHICH,
};

/// `geo_simplify_polygons_array`
pub const POLYGONS: FunctionSpec = FunctionSpec {
    name: "geo_simplify_polygons_array",
    summary: "Joins polygons, and leaves out the places that the rest of the rings runs close to; null when an argument is not valid, or nothing is left.",
    signatures: &[sig(
        &[
            arg_of(
                "polygons",
                Class::DynamicArray,
                "Polygons and MultiPolygons in GeoJSON.",
            ),
            TOLERANCE.optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_simplify_polygons_array),
    examples: &[
        ex(
            r#"geo_simplify_polygons_array(dynamic([{"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,0]]]},{"type":"Polygon","coordinates":[[[20,0],[30,0],[30,10],[20,0]]]}]), 100).type"#,
            "MultiPolygon",
        ),
        ex(
            r#"geo_simplify_polygons_array(dynamic([{"type":"Polygon","coordinates":[[[-73.9495,40.7969],[-73.95807,40.80068],[-73.98201,40.76825],[-73.97317,40.76455],[-73.9495,40.7969]]]}]), 10000)"#,
            "null",
        ),
    ],
    differs: "Differs from Kusto: which places stay is not published. Here polygons that meet are joined, and a place goes that is within the tolerance of the edge that replaces it (Douglas and Peucker), or of the place before it. Where edges of the result cross, the call is an error.",
};

/// The largest tolerance in meters.
const LARGEST: f64 = 7_800_000.0;

/// The tolerance as an angle; none when it is not valid.
fn angle(tolerance: Option<&Number<'_>>, row: usize) -> Option<f64> {
    let meters = tolerance.map_or(Some(10.0), |t| t(row))?;
    (0.0..=LARGEST).contains(&meters).then_some(meters / EARTH)
}

/// The places of a line that stay; less than two when it is gone.
fn line(places: &[Vertex], tolerance: f64) -> Vec<Vertex> {
    let Some(last) = places.len().checked_sub(1) else {
        return Vec::new();
    };
    let mut stays = vec![false; places.len()];
    // What is still to be looked at, instead of a call within a call: lines are long.
    let mut spans = vec![(0, last)];
    while let Some((from, to)) = spans.pop() {
        for end in [from, to] {
            if let Some(s) = stays.get_mut(end) {
                *s = true;
            }
        }
        let (Some(a), Some(b)) = (places.get(from), places.get(to)) else {
            continue;
        };
        let farthest = (from + 1..to)
            .filter_map(|i| {
                let p = places.get(i)?.point;
                Some((i, p.angle(closest_on_edge(p, a.point, b.point))))
            })
            .max_by(|x, y| x.1.total_cmp(&y.1));
        if let Some((i, off)) = farthest
            && off > tolerance
        {
            spans.push((from, i));
            spans.push((i, to));
        }
    }
    let mut out: Vec<Vertex> = Vec::new();
    for (i, (v, _)) in places.iter().zip(&stays).filter(|(_, s)| **s).enumerate() {
        let near = |o: &Vertex| o.point.angle(v.point) < tolerance;
        if i == 0 || !out.last().is_some_and(near) {
            out.push(*v);
        }
    }
    // The end stays before what is close to it.
    if let (Some(end), Some(there)) = (places.last(), out.last())
        && end.point != there.point
        && out.len() > 1
    {
        out.pop();
        out.push(*end);
    }
    out
}

/// The places of a ring that stay; less than three when it is gone.
fn ring(places: &[Vertex], tolerance: f64) -> Vec<Vertex> {
    let Some(first) = places.first() else {
        return Vec::new();
    };
    let far = |i: &usize| places.get(*i).map_or(0.0, |v| v.point.angle(first.point));
    let Some(middle) = (1..places.len()).max_by(|a, b| far(a).total_cmp(&far(b))) else {
        return Vec::new();
    };
    let (Some(out), Some(back)) = (places.get(..=middle), places.get(middle..)) else {
        return Vec::new();
    };
    let back: Vec<Vertex> = back.iter().chain([first]).copied().collect();
    let mut all = line(out, tolerance);
    all.extend(line(&back, tolerance).into_iter().skip(1));
    while all.len() > 1 && all.first().map(|v| v.point) == all.last().map(|v| v.point) {
        all.pop();
    }
    all
}

fn simplified(function: &str, all: &[Polygon], tolerance: f64) -> Result<Vec<Polygon>> {
    let mut out = Vec::new();
    for polygon in all {
        let mut rings = polygon.iter().map(|r| ring(r, tolerance));
        let Some(shell) = rings.next().filter(|s| s.len() > 2) else {
            continue;
        };
        let holes = rings.filter(|r| r.len() > 2);
        out.push(std::iter::once(shell).chain(holes).collect());
    }
    let edges: Vec<Edge> = arcs(&out).collect();
    let mut cross = false;
    meet::pairs(edges.iter().copied(), edges.iter().copied(), |_, _, how| {
        cross = how == Meet::Cross;
        !cross
    });
    if cross {
        return Err(failed(
            function,
            "with this tolerance edges cross, which is not supported",
        ));
    }
    Ok(out)
}

fn write(polygons: &[Polygon], w: &mut DynWriter) {
    if !polygons.is_empty() {
        write_polygons(polygons, w);
    }
}

fn optional<'a>(args: &Args<'a>) -> Result<Option<Number<'a>>> {
    (args.len() > 1).then(|| number(args, 1)).transpose()
}

fn geo_line_simplify(args: &Args<'_>) -> Result<ArrayRef> {
    let (shapes, tolerance) = (args.dynamic(0)?, optional(args)?);
    try_dyn_result(args.rows, |row, w| {
        let angle = angle(tolerance.as_ref(), row);
        let (Some(shape), Some(angle)) = (lines(shapes.raw(row)), angle) else {
            return Ok(());
        };
        let all = shape.lines.iter().map(|l| vertices(l).collect()).collect();
        // Several are joined first.
        let all = if shape.single {
            all
        } else {
            union_lines::chains(all)?
        };
        let left: Vec<Vec<Vertex>> = all
            .iter()
            .map(|l: &Vec<Vertex>| line(l, angle))
            .filter(|l| l.len() > 1)
            .collect();
        if !left.is_empty() {
            union_lines::write(&left, w);
        }
        Ok(())
    })
}

fn geo_polygon_simplify(args: &Args<'_>) -> Result<ArrayRef> {
    const NAME: &str = "geo_polygon_simplify";
    let (shapes, tolerance) = (args.dynamic(0)?, optional(args)?);
    try_dyn_result(args.rows, |row, w| {
        let angle = angle(tolerance.as_ref(), row);
        let (Some(shape), Some(angle)) = (polygons(shapes.raw(row)), angle) else {
            return Ok(());
        };
        let joined = join(NAME, each(&shape).collect())?;
        write(&simplified(NAME, &joined, angle)?, w);
        Ok(())
    })
}

fn geo_simplify_polygons_array(args: &Args<'_>) -> Result<ArrayRef> {
    const NAME: &str = "geo_simplify_polygons_array";
    let (shapes, tolerance) = (args.dynamic(0)?, optional(args)?);
    try_dyn_result(args.rows, |row, w| {
        let angle = angle(tolerance.as_ref(), row);
        let (Some(all), Some(angle)) = (of_array(shapes.get(row)), angle) else {
            return Ok(());
        };
        let joined = join(NAME, all)?;
        write(&simplified(NAME, &joined, angle)?, w);
        Ok(())
    })
}
