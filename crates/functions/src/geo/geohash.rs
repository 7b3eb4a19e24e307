//! Geohashes.

use crate::prelude::*;

/// `geo_point_to_geohash`
pub const POINT: FunctionSpec = FunctionSpec {
    name: "geo_point_to_geohash",
    summary: "Returns the geohash of a place, of 5 characters unless told otherwise; nothing when an argument is out of range.",
    signatures: &[sig(
        &[
            arg_of("longitude", Class::Number, "Degrees, -180 to 180."),
            arg_of("latitude", Class::Number, "Degrees, -90 to 90."),
            arg_of("accuracy", Class::Number, "How many characters, 1 to 18.").optional(),
        ],
        STRING,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_point_to_geohash),
    examples: &[
        ex("geo_point_to_geohash(-80.195829, 25.802215, 8)", "dhwfz15h"),
        ex("geo_point_to_geohash(-122.303404, 47.570482)", "c23n8"),
        ex("geo_point_to_geohash(200, 1, 8)", ""),
    ],
    differs: "",
};

/// `geo_geohash_to_central_point`
pub const CENTER: FunctionSpec = FunctionSpec {
    name: "geo_geohash_to_central_point",
    summary: "Returns the middle of a geohash; null when it is none.",
    signatures: &[sig(&[arg("geohash", STRING, "A geohash.")], DYNAMIC)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_geohash_to_central_point),
    examples: &[
        ex(
            "geo_geohash_to_central_point('sunny')",
            r#"{"type":"Point","coordinates":[42.47314453125,23.70849609375]}"#,
        ),
        ex("geo_geohash_to_central_point('a')", "null"),
    ],
    differs: "",
};

/// `geo_geohash_to_polygon`
pub const POLYGON: FunctionSpec = FunctionSpec {
    name: "geo_geohash_to_polygon",
    summary: "Returns the rectangle of a geohash; null when it is none.",
    signatures: &[sig(&[arg("geohash", STRING, "A geohash.")], DYNAMIC)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_geohash_to_polygon),
    examples: &[ex(
        "geo_geohash_to_polygon('dr5ru')",
        r#"{"type":"Polygon","coordinates":[[[-74.00390625,40.7373046875],[-73.9599609375,40.7373046875],[-73.9599609375,40.78125],[-74.00390625,40.78125],[-74.00390625,40.7373046875]]]}"#,
    )],
    differs: "",
};

/// `geo_geohash_neighbors`
pub const NEIGHBORS: FunctionSpec = FunctionSpec {
    name: "geo_geohash_neighbors",
    summary: "Returns the geohashes round one; null when it is none.",
    signatures: &[sig(&[arg("geohash", STRING, "A geohash.")], DYNAMIC)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_geohash_neighbors),
    examples: &[ex(
        "geo_geohash_neighbors('sunny')",
        r#"["sunnt","sunpj","sunnx","sunpn","sunnv","sunpp","sunnz","sunnw"]"#,
    )],
    differs: "The order is that of the one documented example.",
};

use super::arguments::{number, place, whole, write_point, write_polygon};
use super::base32::Cell;

fn geo_point_to_geohash(args: &Args<'_>) -> Result<ArrayRef> {
    let place = place(args, 0)?;
    let accuracy = (args.len() > 2).then(|| number(args, 2)).transpose()?;
    str_result(args.rows, |row, out| {
        if let (Some(p), Some(n)) = (place(row), whole(accuracy.as_ref(), row, 5, 1..=18)) {
            Cell::at(p, n).write(out);
        }
    })
}

fn geo_geohash_to_central_point(args: &Args<'_>) -> Result<ArrayRef> {
    let names = args.str(0)?;
    dyn_result(args.rows, |row, w| {
        if let Some((west, south, east, north)) = Cell::parse(names.get(row)).map(Cell::bounds) {
            write_point(((west + east) / 2.0, (south + north) / 2.0), w);
        }
    })
}

fn geo_geohash_to_polygon(args: &Args<'_>) -> Result<ArrayRef> {
    let names = args.str(0)?;
    dyn_result(args.rows, |row, w| {
        if let Some((west, south, east, north)) = Cell::parse(names.get(row)).map(Cell::bounds) {
            write_polygon(
                &[(west, south), (east, south), (east, north), (west, north)],
                w,
            );
        }
    })
}

/// Columns and rows away, in the order that Kusto shows.
const ROUND: [(i64, i64); 8] = [
    (-1, -1),
    (-1, 1),
    (1, -1),
    (0, 1),
    (-1, 0),
    (1, 1),
    (1, 0),
    (0, -1),
];

fn geo_geohash_neighbors(args: &Args<'_>) -> Result<ArrayRef> {
    let names = args.str(0)?;
    let mut name = String::new();
    dyn_result(args.rows, |row, w| {
        let Some(cell) = Cell::parse(names.get(row)) else {
            return;
        };
        w.begin_array();
        for neighbor in ROUND.iter().filter_map(|(x, y)| cell.step(*x, *y)) {
            name.clear();
            neighbor.write(&mut name);
            w.string(&name);
        }
        w.end();
    })
}
