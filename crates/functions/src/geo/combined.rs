//! `geo_intersection_2polygons` and `geo_union_polygons_array`: polygons as sets.

use super::arguments::{write_place, write_point};
use super::intersection::write_nothing;
use super::meet::{self, Meet};
use super::plane::{self, Polygon};
use super::shapes::{Polygons, polygons};
use super::sphere::Point;
use crate::prelude::*;

const POLYGON: &str = "A Polygon or MultiPolygon in GeoJSON.";

/// `geo_intersection_2polygons`
pub const INTERSECTION: FunctionSpec = FunctionSpec {
    name: "geo_intersection_2polygons",
    summary: "Returns what two polygons share: a Polygon, a MultiPolygon, the place in which they touch, all of these as a GeometryCollection, or one without geometries.",
    signatures: &[sig(
        &[
            arg_of("polygon1", Class::DynamicBag, POLYGON),
            arg_of("polygon2", Class::DynamicBag, POLYGON),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_intersection_2polygons),
    examples: &[
        ex(
            r#"geo_intersection_2polygons(dynamic({"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,0]]]}), dynamic({"type":"Polygon","coordinates":[[[20,0],[30,0],[30,10],[20,0]]]}))"#,
            r#"{"type":"GeometryCollection","geometries":[]}"#,
        ),
        ex(
            r#"geo_intersection_2polygons(dynamic({"type":"Polygon","coordinates":[[[2,45],[0,45],[1,44],[2,45]]]}), dynamic({"type":"Polygon","coordinates":[[[3,44],[2,45],[2,43],[3,44]]]}))"#,
            r#"{"type":"Point","coordinates":[2,45]}"#,
        ),
        ex(
            r#"round(toreal(geo_intersection_2polygons(dynamic({"type":"Polygon","coordinates":[[[2,45],[0,45],[1,44],[2,45]]]}), dynamic({"type":"Polygon","coordinates":[[[1.192,45.265],[1.005,44.943],[1.356,44.937],[1.192,45.265]]]})).coordinates[0][0][0]), 10)"#,
            "1.3227075526",
        ),
        ex(
            r#"geo_intersection_2polygons(dynamic({"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,0]]]}), dynamic({"type":"Polygon","coordinates":[[[4,1],[6,1],[6,2],[4,1]]]}))"#,
            r#"{"type":"Polygon","coordinates":[[[4,1],[6,1],[6,2],[4,1]]]}"#,
        ),
        ex(
            r#"geo_intersection_2polygons(dynamic({"type":"Polygon"}), dynamic({"type":"Polygon","coordinates":[[[20,0],[30,0],[30,10],[20,0]]]}))"#,
            "null",
        ),
    ],
    differs: "Polygons that touch along a border or in several places, that touch where not both have a corner, and polygons that are not within one hemisphere are refused.",
};

/// `geo_union_polygons_array`
pub const UNION: FunctionSpec = FunctionSpec {
    name: "geo_union_polygons_array",
    summary: "Joins polygons: a Polygon, or a MultiPolygon of what stays apart.",
    signatures: &[sig(
        &[arg_of(
            "polygons",
            Class::DynamicArray,
            "Polygons and MultiPolygons in GeoJSON.",
        )],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_union_polygons_array),
    examples: &[
        ex(
            r#"geo_union_polygons_array(dynamic([{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,0]]]},{"type":"Polygon","coordinates":[[[0,0],[2,2],[0,2],[0,0]]]}]))"#,
            r#"{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2],[0,0]]]}"#,
        ),
        ex(
            r#"round(geo_polygon_area(geo_union_polygons_array(dynamic([{"type":"Polygon","coordinates":[[[-73.9495,40.7969],[-73.95807266235352,40.80068603561921],[-73.98201942443848,40.76825672305777],[-73.97317886352539,40.76455136505513],[-73.9495,40.7969]]]},{"type":"Polygon","coordinates":[[[-73.94262313842773,40.775991804565585],[-73.98107528686523,40.791849155467695],[-73.99600982666016,40.77092185281977],[-73.96150588989258,40.75609977566361],[-73.94262313842773,40.775991804565585]]]}]))), 2)"#,
            "10889971.53",
        ),
        ex(
            r#"geo_union_polygons_array(dynamic([{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]},{"type":"Polygon","coordinates":[[[5,5],[6,5],[6,6],[5,5]]]}])).type"#,
            "MultiPolygon",
        ),
        ex(
            r#"geo_union_polygons_array(dynamic([{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]},{"type":"Polygon","coordinates":[[[5,5]]]}]))"#,
            "null",
        ),
    ],
    differs: "Polygons that are not within one hemisphere are refused, and so is an array without polygons.",
};

/// The polygons of a value, one by one.
pub(super) fn each(polygons: &Polygons) -> impl Iterator<Item = Polygon> + '_ {
    polygons.polygons.iter().map(|p| plane::polygon_of(p))
}

/// The polygons of an array; none when one of them is not valid.
pub(super) fn of_array(value: DynRef<'_>) -> Option<Vec<Polygon>> {
    let DynRef::Array(items) = value else {
        return None;
    };
    let mut all = Vec::new();
    for item in items.iter() {
        let mut w = DynWriter::new();
        w.value(item);
        all.extend(each(polygons(&w.bytes)?.as_ref()));
    }
    Some(all)
}

/// Polygons in one.
///
/// # Errors
/// They are too large.
pub(super) fn join(function: &str, all: Vec<Polygon>) -> Result<Vec<Polygon>> {
    let single = all.into_iter().map(|p| vec![p]).collect();
    plane::joined(single).map_err(|why| failed(function, &why))
}

pub(super) fn failed(function: &str, why: &str) -> KernelError {
    KernelError::new(format!("{function}: {why}"))
}

fn write_rings(polygon: &Polygon, w: &mut DynWriter) {
    w.begin_array();
    for ring in polygon {
        w.begin_array();
        for v in ring.iter().chain(ring.first()) {
            write_place(v.degrees, w);
        }
        w.end();
    }
    w.end();
}

/// Writes a Polygon or a MultiPolygon.
pub(super) fn write_polygons(polygons: &[Polygon], w: &mut DynWriter) {
    w.begin_bag();
    w.key("type");
    if let [polygon] = polygons {
        w.string("Polygon");
        w.key("coordinates");
        write_rings(polygon, w);
    } else {
        w.string("MultiPolygon");
        w.key("coordinates");
        w.begin_array();
        polygons.iter().for_each(|p| write_rings(p, w));
        w.end();
    }
    w.end();
}

fn geo_union_polygons_array(args: &Args<'_>) -> Result<ArrayRef> {
    const NAME: &str = "geo_union_polygons_array";
    let arrays = args.dynamic(0)?;
    try_dyn_result(args.rows, |row, w| {
        let Some(all) = of_array(arrays.get(row)) else {
            return Ok(());
        };
        let joined = join(NAME, all)?;
        if joined.is_empty() {
            return Err(failed(NAME, "an array without polygons is not supported"));
        }
        write_polygons(&joined, w);
        Ok(())
    })
}

fn geo_intersection_2polygons(args: &Args<'_>) -> Result<ArrayRef> {
    const NAME: &str = "geo_intersection_2polygons";
    let (left, right) = (args.dynamic(0)?, args.dynamic(1)?);
    try_dyn_result(args.rows, |row, w| {
        let (Some(a), Some(b)) = (polygons(left.raw(row)), polygons(right.raw(row))) else {
            return Ok(());
        };
        let left = join(NAME, each(&a).collect())?;
        let right = join(NAME, each(&b).collect())?;
        let (mut touches, mut borders) = (false, false);
        let mut ends: Vec<Point> = Vec::new();
        let mut meet_at_all = a.begin_in(&b) || b.begin_in(&a);
        meet::pairs(
            plane::arcs(&left),
            plane::arcs(&right),
            |first, second, how| {
                meet_at_all |= how != Meet::No;
                match how {
                    Meet::Unclear => touches = true,
                    Meet::End => {
                        borders |= first.0 == second.1 && first.1 == second.0;
                        for p in [first.0, first.1] {
                            if (p == second.0 || p == second.1) && !ends.contains(&p) {
                                ends.push(p);
                            }
                        }
                    }
                    Meet::No | Meet::Cross => {}
                }
                !touches && !borders
            },
        );
        if touches {
            return meet::unclear(NAME);
        }
        if borders {
            return Err(failed(
                NAME,
                "polygons that touch along a border are not supported",
            ));
        }
        // Far from each other they need not be within one hemisphere.
        let shared = if meet_at_all {
            plane::shared(&left, &right).map_err(|why| failed(NAME, &why))?
        } else {
            Vec::new()
        };
        ends.retain(|p| !shared.iter().flatten().flatten().any(|v| v.point == *p));
        let place = |p: &Point| {
            let mut places = left.iter().flatten().flatten();
            places
                .find(|v| v.point == *p)
                .map_or_else(|| p.to_degrees(), |v| v.degrees)
        };
        let ends: Vec<(f64, f64)> = ends.iter().map(place).collect();
        write_shared(&ends, &shared, w)
    })
}

fn write_shared(points: &[(f64, f64)], polygons: &[Polygon], w: &mut DynWriter) -> Result<()> {
    match (points, polygons) {
        ([], []) => write_nothing(w),
        ([], polygons) => write_polygons(polygons, w),
        ([p], []) => write_point(*p, w),
        ([p], polygons) => {
            w.begin_bag();
            w.key("type");
            w.string("GeometryCollection");
            w.key("geometries");
            w.begin_array();
            write_point(*p, w);
            write_polygons(polygons, w);
            w.end();
            w.end();
        }
        _ => {
            return Err(KernelError::new(
                "geo_intersection_2polygons of polygons that touch in several places is not supported",
            ));
        }
    }
    Ok(())
}
