//! S2 cells.

use crate::prelude::*;

/// `geo_point_to_s2cell`
pub const POINT: FunctionSpec = FunctionSpec {
    name: "geo_point_to_s2cell",
    summary: "Returns the token of the S2 cell of a place, at level 11 unless told otherwise; nothing when an argument is out of range.",
    signatures: &[sig(
        &[
            arg_of("longitude", Class::Number, "Degrees, -180 to 180."),
            arg_of("latitude", Class::Number, "Degrees, -90 to 90."),
            arg_of("level", Class::Number, "0 to 30.").optional(),
        ],
        STRING,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_point_to_s2cell),
    examples: &[
        ex("geo_point_to_s2cell(-80.195829, 25.802215, 8)", "88d9b"),
        ex("geo_point_to_s2cell(1, 1, 35)", ""),
    ],
    differs: "",
};

/// `geo_s2cell_to_central_point`
pub const CENTER: FunctionSpec = FunctionSpec {
    name: "geo_s2cell_to_central_point",
    summary: "Returns the middle of an S2 cell; null when it is none.",
    signatures: &[sig(&[arg("s2cell", STRING, "An S2 cell token.")], DYNAMIC)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_s2cell_to_central_point),
    examples: &[
        ex(
            "round(toreal(geo_s2cell_to_central_point('1234567').coordinates[0]), 10)",
            "9.8683073185",
        ),
        ex("geo_s2cell_to_central_point('a')", "null"),
    ],
    differs: "",
};

/// `geo_s2cell_to_polygon`
pub const POLYGON: FunctionSpec = FunctionSpec {
    name: "geo_s2cell_to_polygon",
    summary: "Returns the polygon of an S2 cell; null when it is none.",
    signatures: &[sig(&[arg("s2cell", STRING, "An S2 cell token.")], DYNAMIC)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_s2cell_to_polygon),
    examples: &[
        ex(
            "round(toreal(geo_s2cell_to_polygon('89c259').coordinates[0][0][1]), 10)",
            "40.8012684339",
        ),
        ex("geo_s2cell_to_polygon('a')", "null"),
    ],
    differs: "",
};

/// `geo_s2cell_neighbors`
pub const NEIGHBORS: FunctionSpec = FunctionSpec {
    name: "geo_s2cell_neighbors",
    summary: "Returns the S2 cells round one; null when it is none.",
    signatures: &[sig(&[arg("s2cell", STRING, "An S2 cell token.")], DYNAMIC)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_s2cell_neighbors),
    examples: &[ex(
        "geo_s2cell_neighbors('89c259')",
        r#"["89c25d","89c2f9","89c251","89c257","89c25f","89c25b","89c2f7","89c2f5"]"#,
    )],
    differs: "The order is that of the one documented example.",
};

use super::arguments::{number, place, whole, write_point, write_polygon};
use super::cube::{Cell, MAX_LEVEL};
use super::sphere::Point;

fn geo_point_to_s2cell(args: &Args<'_>) -> Result<ArrayRef> {
    let place = place(args, 0)?;
    let level = (args.len() > 2).then(|| number(args, 2)).transpose()?;
    str_result(args.rows, |row, out| {
        let point = place(row).and_then(|(lng, lat)| Point::from_degrees(lng, lat));
        if let (Some(p), Some(n)) = (point, whole(level.as_ref(), row, 11, 0..=MAX_LEVEL)) {
            out.push_str(&Cell::at(p, n).token());
        }
    })
}

fn geo_s2cell_to_central_point(args: &Args<'_>) -> Result<ArrayRef> {
    let tokens = args.str(0)?;
    dyn_result(args.rows, |row, w| {
        if let Some(cell) = Cell::parse(tokens.get(row)) {
            write_point(cell.center().to_degrees(), w);
        }
    })
}

fn geo_s2cell_to_polygon(args: &Args<'_>) -> Result<ArrayRef> {
    let tokens = args.str(0)?;
    dyn_result(args.rows, |row, w| {
        if let Some(cell) = Cell::parse(tokens.get(row)) {
            write_polygon(&cell.corners().map(Point::to_degrees), w);
        }
    })
}

/// Columns and rows away, in the order that Kusto shows.
const ROUND: [(i64, i64); 8] = [
    (1, 1),
    (-1, -1),
    (1, -1),
    (0, -1),
    (0, 1),
    (1, 0),
    (-1, 0),
    (-1, 1),
];

fn geo_s2cell_neighbors(args: &Args<'_>) -> Result<ArrayRef> {
    let tokens = args.str(0)?;
    let mut seen: Vec<Cell> = Vec::new();
    dyn_result(args.rows, |row, w| {
        let Some(cell) = Cell::parse(tokens.get(row)) else {
            return;
        };
        seen.clear();
        w.begin_array();
        for (x, y) in ROUND {
            // Past an edge of the cube a diagonal is a step along the edge from the cell beyond it.
            let neighbor = match cell.step(x, y) {
                Some(n) => n,
                None => continue,
            };
            if neighbor != cell && !seen.contains(&neighbor) {
                seen.push(neighbor);
                w.string(&neighbor.token());
            }
        }
        w.end();
    })
}
