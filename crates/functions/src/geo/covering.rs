//! `geo_polygon_to_s2cells(polygon, level, radius)` and `geo_line_to_s2cells`: the cells that shapes lie in.

use super::arguments::{number, whole};
use super::cube::{Cell, MAX_LEVEL};
use super::meet::{self, Edge, Meet, meet};
use super::shapes::{Polygons, lines, polygons};
use super::sphere::Point;
use crate::prelude::*;

const LEVEL: Param = arg_of("level", Class::Number, "0 to 30; 11 unless given.");
const RADIUS: Param = arg_of("radius", Class::Number, "Only 0 is supported.");
const DIFFERS: &str = "A radius is refused.";

/// `geo_polygon_to_s2cells`
pub const POLYGON: FunctionSpec = FunctionSpec {
    name: "geo_polygon_to_s2cells",
    summary: "Returns the tokens of the S2 cells of one level that cover a polygon; null for more than 65,536.",
    signatures: &[sig(
        &[
            arg_of(
                "polygon",
                Class::DynamicBag,
                "A Polygon or MultiPolygon in GeoJSON.",
            ),
            LEVEL.optional(),
            RADIUS.optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_polygon_to_s2cells),
    examples: &[
        ex(
            r#"array_length(geo_polygon_to_s2cells(dynamic({"type":"Polygon","coordinates":[[[0,0],[0,50],[100,50],[0,0]]]}), 5))"#,
            "286",
        ),
        ex(
            r#"print isnull(geo_polygon_to_s2cells(dynamic({"type":"Polygon","coordinates":[[[0,0],[0,50],[100,50],[0,0]]]}), 30))"#,
            "True",
        ),
    ],
    differs: DIFFERS,
};

/// `geo_line_to_s2cells`
pub const LINE: FunctionSpec = FunctionSpec {
    name: "geo_line_to_s2cells",
    summary: "Returns the tokens of the S2 cells of one level that cover a line; null for more than 65,536.",
    signatures: &[sig(
        &[
            arg_of(
                "lineString",
                Class::DynamicBag,
                "A LineString or MultiLineString in GeoJSON.",
            ),
            LEVEL.optional(),
            RADIUS.optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_line_to_s2cells),
    examples: &[
        ex(
            r#"geo_line_to_s2cells(dynamic({"type":"LineString","coordinates":[[-80.195829,25.802215],[-80.1958,25.8022]]}), 8)"#,
            r#"["88d9b"]"#,
        ),
        ex(
            r#"geo_line_to_s2cells(dynamic({"type":"LineString","coordinates":[[[0,0],[0,0]]]}))"#,
            "null",
        ),
    ],
    differs: DIFFERS,
};

/// Most cells of a shape.
const MOST: usize = 65_536;

/// The cells of a level that a shape lies in, along their curve; false when there are too many.
fn cover(
    cell: Cell,
    level: u8,
    edges: &[Edge],
    area: Option<&Polygons>,
    out: &mut Vec<Cell>,
) -> bool {
    let corners = cell.corners();
    let middle = cell.center();
    let reach = corners.iter().map(|c| middle.angle(*c)).fold(0.0, f64::max) + 1e-14;
    let near: Vec<Edge> = edges
        .iter()
        .copied()
        .filter(|(a, b)| middle.angle(super::sphere::closest_on_edge(middle, *a, *b)) <= reach)
        .collect();
    let meets = near.iter().any(|e| touches(cell, &corners, *e));
    if !meets && !area.is_some_and(|a| a.has(middle)) {
        return true;
    }
    if cell.level == level {
        out.push(cell);
        return out.len() <= MOST;
    }
    let mut children = cell.children();
    children.sort_unstable_by_key(|c| c.id());
    children
        .into_iter()
        .all(|child| cover(child, level, &near, area, out))
}

/// Whether an edge has a place in a cell.
fn touches(cell: Cell, corners: &[Point; 4], edge: Edge) -> bool {
    if Cell::at(edge.0, cell.level) == cell || Cell::at(edge.1, cell.level) == cell {
        return true;
    }
    let next = corners.iter().skip(1).chain(corners.iter().take(1));
    let mut sides = corners.iter().zip(next);
    sides.any(|(a, b)| meet((*a, *b), edge) != Meet::No)
}

fn covering(
    args: &Args<'_>,
    function: &str,
    shape: impl Fn(usize) -> Option<(Vec<Edge>, Option<std::sync::Arc<Polygons>>)>,
) -> Result<ArrayRef> {
    let level = (args.len() > 1).then(|| number(args, 1)).transpose()?;
    let radius = (args.len() > 2).then(|| number(args, 2)).transpose()?;
    try_dyn_result(args.rows, |row, w| {
        match radius.as_ref().map(|r| r(row)) {
            Some(Some(0.0)) | None => {}
            Some(Some(r)) if r > 0.0 => {
                return Err(KernelError::new(format!(
                    "{function} with a radius is not supported"
                )));
            }
            Some(_) => return Ok(()),
        }
        let shape = shape(row);
        let (Some((edges, area)), Some(level)) =
            (shape, whole(level.as_ref(), row, 11, 0..=MAX_LEVEL))
        else {
            return Ok(());
        };
        let mut cells = Vec::new();
        let few = (0..6).all(|face| {
            let cell = Cell {
                face,
                i: 0,
                j: 0,
                level: 0,
            };
            cover(cell, level, &edges, area.as_deref(), &mut cells)
        });
        if few {
            w.begin_array();
            cells.iter().for_each(|c| w.string(&c.token()));
            w.end();
        }
        Ok(())
    })
}

fn geo_polygon_to_s2cells(args: &Args<'_>) -> Result<ArrayRef> {
    let shapes = args.dynamic(0)?;
    covering(args, "geo_polygon_to_s2cells", |row| {
        let shape = polygons(shapes.raw(row))?;
        Some((shape.edges().collect(), Some(shape)))
    })
}

fn geo_line_to_s2cells(args: &Args<'_>) -> Result<ArrayRef> {
    let shapes = args.dynamic(0)?;
    covering(args, "geo_line_to_s2cells", |row| {
        let shape = lines(shapes.raw(row))?;
        Some((meet::edges(&shape).collect(), None))
    })
}
