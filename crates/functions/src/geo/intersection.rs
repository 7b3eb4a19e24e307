//! `geo_intersection_2lines` and `geo_intersection_line_with_polygon`: what lines share with others.

use super::arguments::{write_place, write_point};
use super::meet::{self, Edge, Meet, crossing, meet};
use super::shapes::{Path, Polygons, lines, polygons};
use super::sphere::Point;
use crate::prelude::*;

const LINE: &str = "A LineString or MultiLineString in GeoJSON.";

/// `geo_intersection_2lines`
pub const LINES: FunctionSpec = FunctionSpec {
    name: "geo_intersection_2lines",
    summary: "Returns what two lines share: nothing (a GeometryCollection without geometries), or the place where they cross.",
    signatures: &[sig(
        &[
            arg_of("lineString1", Class::DynamicBag, LINE),
            arg_of("lineString2", Class::DynamicBag, LINE),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_intersection_2lines),
    examples: &[
        ex(
            r#"round(toreal(geo_intersection_2lines(dynamic({"type":"LineString","coordinates":[[-73.978929,40.785155],[-73.980903,40.782621]]}), dynamic({"type":"LineString","coordinates":[[-73.985195,40.788275],[-73.974552,40.779761]]})).coordinates[0]), 11)"#,
            "-73.97983711667",
        ),
        ex(
            r#"geo_intersection_2lines(dynamic({"type":"LineString","coordinates":[[1,1],[2,2]]}), dynamic({"type":"LineString","coordinates":[[3,3],[4,4]]}))"#,
            r#"{"type":"GeometryCollection","geometries":[]}"#,
        ),
        ex(
            r#"geo_intersection_2lines(dynamic({"type":"LineString","coordinates":[[1,1]]}), dynamic({"type":"LineString","coordinates":[[3,3],[4,4]]}))"#,
            "null",
        ),
    ],
    differs: "Lines that share more than one place are refused, unless they are one line twice; so are lines that only touch.",
};

/// `geo_intersection_line_with_polygon`
pub const LINE_POLYGON: FunctionSpec = FunctionSpec {
    name: "geo_intersection_line_with_polygon",
    summary: "Returns the part of a line that is in a polygon: a LineString, a MultiLineString of its pieces, or a GeometryCollection without geometries.",
    signatures: &[sig(
        &[
            arg_of("lineString", Class::DynamicBag, LINE),
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
    lower: Lower::Kernel(geo_intersection_line_with_polygon),
    examples: &[
        ex(
            r#"array_length(geo_intersection_line_with_polygon(dynamic({"type":"LineString","coordinates":[[-110.522,39.198],[-91.428,40.880]]}), dynamic({"type":"Polygon","coordinates":[[[-90.263,36.738],[-102.041,45.274],[-109.335,36.527],[-90.263,36.738]],[[-100.393,41.705],[-103.139,38.925],[-97.558,39.113],[-100.393,41.705]]]})).coordinates)"#,
            "2",
        ),
        ex(
            r#"round(toreal(geo_intersection_line_with_polygon(dynamic({"type":"LineString","coordinates":[[-73.985195,40.788275],[-73.974552,40.779761]]}), dynamic({"type":"Polygon","coordinates":[[[-73.9712905883789,40.78580561168767],[-73.98004531860352,40.775276834803655],[-73.97000312805176,40.77852663535664],[-73.9712905883789,40.78580561168767]]]})).coordinates[0][1]), 11)"#,
            "40.78060906715",
        ),
        ex(
            r#"geo_intersection_line_with_polygon(dynamic({"type":"LineString","coordinates":[[1,1],[2,2]]}), dynamic({"type":"Polygon","coordinates":[[[10,10],[20,10],[20,20],[10,10]]]}))"#,
            r#"{"type":"GeometryCollection","geometries":[]}"#,
        ),
        ex(
            r#"geo_intersection_line_with_polygon(dynamic({"type":"LineString","coordinates":[[12,11],[14,12]]}), dynamic({"type":"Polygon","coordinates":[[[10,10],[20,10],[20,20],[10,10]]]}))"#,
            r#"{"type":"LineString","coordinates":[[12,11],[14,12]]}"#,
        ),
    ],
    differs: "A MultiLineString of which several pieces are in the polygon, a line with a place twice and shapes that only touch are refused.",
};

pub(super) fn write_nothing(w: &mut DynWriter) {
    w.begin_bag();
    w.key("type");
    w.string("GeometryCollection");
    w.key("geometries");
    w.begin_array();
    w.end();
    w.end();
}

fn write_pieces(pieces: &[Vec<(f64, f64)>], w: &mut DynWriter) {
    let write = |piece: &Vec<(f64, f64)>, w: &mut DynWriter| {
        w.begin_array();
        piece.iter().for_each(|p| write_place(*p, w));
        w.end();
    };
    w.begin_bag();
    w.key("type");
    match pieces {
        [piece] => {
            w.string("LineString");
            w.key("coordinates");
            write(piece, w);
        }
        _ => {
            w.string("MultiLineString");
            w.key("coordinates");
            w.begin_array();
            pieces.iter().for_each(|p| write(p, w));
            w.end();
        }
    }
    w.end();
}

fn geo_intersection_2lines(args: &Args<'_>) -> Result<ArrayRef> {
    const NAME: &str = "geo_intersection_2lines";
    let (left, right) = (args.dynamic(0)?, args.dynamic(1)?);
    try_dyn_result(args.rows, |row, w| {
        let (Some(a), Some(b)) = (lines(left.raw(row)), lines(right.raw(row))) else {
            return Ok(());
        };
        if let ([a], [b]) = (a.lines.as_slice(), b.lines.as_slice())
            && a.degrees == b.degrees
            && !twice(a)
        {
            write_pieces(std::slice::from_ref(&a.degrees), w);
            return Ok(());
        }
        let mut found: Vec<Point> = Vec::new();
        let others: Vec<Edge> = meet::edges(&b).collect();
        for edge in meet::edges(&a) {
            for other in &others {
                match meet(edge, *other) {
                    Meet::No => {}
                    Meet::Cross => found.push(crossing(edge, *other)),
                    Meet::End | Meet::Unclear => return meet::unclear(NAME),
                }
            }
        }
        match found.as_slice() {
            [] => write_nothing(w),
            [p] => write_point(p.to_degrees(), w),
            _ => {
                return Err(KernelError::new(
                    "geo_intersection_2lines of lines that cross more than once is not supported",
                ));
            }
        }
        Ok(())
    })
}

/// Whether a line comes to a place twice.
fn twice(line: &Path) -> bool {
    let mut places: Vec<(u64, u64)> = line
        .degrees
        .iter()
        .map(|p| ((p.0 + 0.0).to_bits(), (p.1 + 0.0).to_bits()))
        .collect();
    places.sort_unstable();
    places.windows(2).any(|w| w.first() == w.last())
}

fn geo_intersection_line_with_polygon(args: &Args<'_>) -> Result<ArrayRef> {
    const NAME: &str = "geo_intersection_line_with_polygon";
    let (left, right) = (args.dynamic(0)?, args.dynamic(1)?);
    try_dyn_result(args.rows, |row, w| {
        let (Some(line), Some(polygon)) = (lines(left.raw(row)), polygons(right.raw(row))) else {
            return Ok(());
        };
        let rings = polygon.apart(NAME)?.iter().flatten();
        let borders: Vec<Edge> = rings.flat_map(|r| r.path.edges()).collect();
        let mut pieces = Vec::new();
        for path in &line.lines {
            if twice(path) {
                return Err(KernelError::new(format!(
                    "{NAME} of a line that comes to a place twice is not supported"
                )));
            }
            cut(path, &polygon, &borders, NAME, &mut pieces)?;
        }
        if pieces.is_empty() {
            write_nothing(w);
        } else if line.single || pieces.len() == 1 {
            write_pieces(&pieces, w);
        } else {
            return Err(KernelError::new(format!(
                "{NAME} of a MultiLineString with several pieces in the polygon is not supported: their order is not documented"
            )));
        }
        Ok(())
    })
}

/// The pieces of a line that are in a polygon.
fn cut(
    path: &Path,
    polygon: &Polygons,
    borders: &[Edge],
    function: &str,
    pieces: &mut Vec<Vec<(f64, f64)>>,
) -> Result<()> {
    let Some((first, start)) = path.points.first().zip(path.degrees.first()) else {
        return Ok(());
    };
    let mut inside = polygon.has(*first);
    let mut piece: Vec<(f64, f64)> = if inside { vec![*start] } else { Vec::new() };
    for (edge, end) in path.edges().zip(path.degrees.iter().skip(1)) {
        let mut cuts: Vec<(f64, Point)> = Vec::new();
        for border in borders {
            match meet(edge, *border) {
                Meet::No => {}
                Meet::Cross => {
                    let p = crossing(edge, *border);
                    cuts.push((edge.0.angle(p), p));
                }
                Meet::End | Meet::Unclear => return meet::unclear(function),
            }
        }
        cuts.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (_, p) in cuts {
            piece.push(p.to_degrees());
            if inside {
                pieces.push(std::mem::take(&mut piece));
            }
            inside = !inside;
        }
        if inside {
            piece.push(*end);
        }
    }
    if inside {
        pieces.push(piece);
    }
    Ok(())
}
