//! `geo_intersects_2lines`, `geo_intersects_line_with_polygon` and `geo_intersects_2polygons`: whether shapes meet.

use super::meet::{self, Meet};
use super::shapes::{lines, polygons};
use crate::prelude::*;

const LINE: &str = "A LineString or MultiLineString in GeoJSON.";
const SHAPE: &str = "A Polygon or MultiPolygon in GeoJSON.";
const DIFFERS: &str =
    "Shapes that only touch, where a place of one lies on an edge of the other, are an error.";

const fn spec(
    name: &'static str,
    summary: &'static str,
    signatures: &'static [Signature],
    kernel: Kernel,
    examples: &'static [Example],
) -> FunctionSpec {
    FunctionSpec {
        name,
        summary,
        signatures,
        result_name: ResultName::None,
        nulls: Nulls::Strict,
        volatility: Volatility::Immutable,
        lower: Lower::Kernel(kernel),
        examples,
        differs: DIFFERS,
    }
}

/// `geo_intersects_2lines`
pub const LINES: FunctionSpec = spec(
    "geo_intersects_2lines",
    "Whether two lines meet.",
    &[sig(
        &[
            arg_of("lineString1", Class::DynamicBag, LINE),
            arg_of("lineString2", Class::DynamicBag, LINE),
        ],
        BOOL,
    )],
    geo_intersects_2lines,
    &[
        ex(
            r#"geo_intersects_2lines(dynamic({"type":"LineString","coordinates":[[-73.978929,40.785155],[-73.980903,40.782621]]}), dynamic({"type":"LineString","coordinates":[[-73.985195,40.788275],[-73.974552,40.779761]]}))"#,
            "True",
        ),
        ex(
            r#"geo_intersects_2lines(dynamic({"type":"LineString","coordinates":[[1,1],[2,2]]}), dynamic({"type":"LineString","coordinates":[[3,3],[4,4]]}))"#,
            "False",
        ),
        ex(
            r#"geo_intersects_2lines(dynamic({"type":"LineString","coordinates":[[1,1]]}), dynamic({"type":"LineString","coordinates":[[3,3],[4,4]]}))"#,
            "null",
        ),
    ],
);

/// `geo_intersects_line_with_polygon`
pub const LINE_POLYGON: FunctionSpec = spec(
    "geo_intersects_line_with_polygon",
    "Whether a line and a polygon meet.",
    &[sig(
        &[
            arg_of("lineString", Class::DynamicBag, LINE),
            arg_of("polygon", Class::DynamicBag, SHAPE),
        ],
        BOOL,
    )],
    geo_intersects_line_with_polygon,
    &[
        ex(
            r#"geo_intersects_line_with_polygon(dynamic({"type":"LineString","coordinates":[[-73.985195,40.788275],[-73.974552,40.779761]]}), dynamic({"type":"Polygon","coordinates":[[[-73.9712905883789,40.78580561168767],[-73.98004531860352,40.775276834803655],[-73.97000312805176,40.77852663535664],[-73.9712905883789,40.78580561168767]]]}))"#,
            "True",
        ),
        ex(
            r#"geo_intersects_line_with_polygon(dynamic({"type":"LineString","coordinates":[[1,1],[2,2]]}), dynamic({"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10],[0,0]]]}))"#,
            "True",
        ),
        ex(
            r#"geo_intersects_line_with_polygon(dynamic({"type":"LineString","coordinates":[[11,1],[12,2]]}), dynamic({"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10],[0,0]]]}))"#,
            "False",
        ),
    ],
);

/// `geo_intersects_2polygons`
pub const POLYGONS: FunctionSpec = spec(
    "geo_intersects_2polygons",
    "Whether two polygons meet.",
    &[sig(
        &[
            arg_of("polygon1", Class::DynamicBag, SHAPE),
            arg_of("polygon2", Class::DynamicBag, SHAPE),
        ],
        BOOL,
    )],
    geo_intersects_2polygons,
    &[
        ex(
            r#"geo_intersects_2polygons(dynamic({"type":"Polygon","coordinates":[[[-73.9630937576294,40.77498840732385],[-73.963565826416,40.774383111780914],[-73.96205306053162,40.773745311181585],[-73.96160781383514,40.7743912365898],[-73.9630937576294,40.77498840732385]]]}), dynamic({"type":"Polygon","coordinates":[[[-73.96213352680206,40.775045280447145],[-73.9631313085556,40.774578106920345],[-73.96207988262177,40.77416780398293],[-73.96213352680206,40.775045280447145]]]}))"#,
            "True",
        ),
        ex(
            r#"geo_intersects_2polygons(dynamic({"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10],[0,0]]]}), dynamic({"type":"Polygon","coordinates":[[[1,1],[2,1],[2,2],[1,1]]]}))"#,
            "True",
        ),
        ex(
            r#"geo_intersects_2polygons(dynamic({"type":"Polygon","coordinates":[[[0,0],[10,0],[10,10],[0,10],[0,0]]]}), dynamic({"type":"Polygon"}))"#,
            "null",
        ),
    ],
);

/// Runs a predicate over two shapes; null where one is none.
fn pair<A, B>(
    args: &Args<'_>,
    left: fn(&[u8]) -> Option<A>,
    right: fn(&[u8]) -> Option<B>,
    holds: fn(&A, &B) -> Result<bool>,
) -> Result<ArrayRef> {
    let (a, b) = (args.dynamic(0)?, args.dynamic(1)?);
    try_bool_result(args.rows, |row| {
        match (left(a.raw(row)), right(b.raw(row))) {
            (Some(a), Some(b)) => holds(&a, &b).map(Some),
            _ => Ok(None),
        }
    })
}

fn geo_intersects_2lines(args: &Args<'_>) -> Result<ArrayRef> {
    pair(args, lines, lines, |a, b| {
        match meet::all(meet::edges(a), meet::edges(b)) {
            Meet::Cross | Meet::End => Ok(true),
            Meet::No => Ok(false),
            Meet::Unclear => meet::unclear("geo_intersects_2lines"),
        }
    })
}

fn geo_intersects_line_with_polygon(args: &Args<'_>) -> Result<ArrayRef> {
    pair(args, lines, polygons, |a, b| {
        match meet::all(meet::edges(a), b.edges()) {
            Meet::Cross => Ok(true),
            Meet::No => Ok(meet::begins_in(a, b)),
            Meet::End | Meet::Unclear => meet::unclear("geo_intersects_line_with_polygon"),
        }
    })
}

fn geo_intersects_2polygons(args: &Args<'_>) -> Result<ArrayRef> {
    pair(args, polygons, polygons, |a, b| {
        match meet::all(a.edges(), b.edges()) {
            Meet::Cross | Meet::End => Ok(true),
            Meet::No => Ok(a.begin_in(b) || b.begin_in(a)),
            Meet::Unclear => meet::unclear("geo_intersects_2polygons"),
        }
    })
}
