//! H3 cells.

use crate::prelude::*;

/// `geo_point_to_h3cell`
pub const POINT: FunctionSpec = FunctionSpec {
    name: "geo_point_to_h3cell",
    summary: "Returns the token of the H3 cell of a place, at resolution 6 unless told otherwise; nothing when an argument is out of range.",
    signatures: &[sig(
        &[
            arg_of("longitude", Class::Number, "Degrees, -180 to 180."),
            arg_of("latitude", Class::Number, "Degrees, -90 to 90."),
            arg_of("resolution", Class::Number, "0 to 15.").optional(),
        ],
        STRING,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_point_to_h3cell),
    examples: &[
        ex(
            "geo_point_to_h3cell(-74.04450446039874, 40.689250859314974, 6)",
            "862a1072fffffff",
        ),
        ex("geo_point_to_h3cell(1, 1, 16)", ""),
    ],
    differs: "",
};

/// `geo_h3cell_to_central_point`
pub const CENTER: FunctionSpec = FunctionSpec {
    name: "geo_h3cell_to_central_point",
    summary: "Returns the middle of an H3 cell; null when it is none.",
    signatures: &[sig(&[arg("h3cell", STRING, "An H3 cell token.")], DYNAMIC)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_h3cell_to_central_point),
    examples: &[
        ex(
            "round(toreal(geo_h3cell_to_central_point('862a1072fffffff').coordinates[1]), 10)",
            "40.7041679084",
        ),
        ex("geo_h3cell_to_central_point('1')", "null"),
    ],
    differs: "",
};

/// `geo_h3cell_to_polygon`
pub const POLYGON: FunctionSpec = FunctionSpec {
    name: "geo_h3cell_to_polygon",
    summary: "Returns the polygon of an H3 cell; null when it is none.",
    signatures: &[sig(&[arg("h3cell", STRING, "An H3 cell token.")], DYNAMIC)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_h3cell_to_polygon),
    examples: &[ex(
        "round(toreal(geo_h3cell_to_polygon('862a1072fffffff').coordinates[0][0][1]), 10)",
        "40.7353760262",
    )],
    differs: "",
};

/// `geo_h3cell_level`
pub const LEVEL: FunctionSpec = FunctionSpec {
    name: "geo_h3cell_level",
    summary: "Returns the resolution of an H3 cell; null when it is none.",
    signatures: &[sig(&[arg("h3cell", STRING, "An H3 cell token.")], INT)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_h3cell_level),
    examples: &[
        ex("geo_h3cell_level('862a1072fffffff')", "6"),
        ex("geo_h3cell_level('abc')", "null"),
    ],
    differs: "",
};

/// `geo_h3cell_parent`
pub const PARENT: FunctionSpec = FunctionSpec {
    name: "geo_h3cell_parent",
    summary: "Returns the H3 cell that holds a cell, one resolution up unless told otherwise; nothing when there is none.",
    signatures: &[sig(
        &[
            arg("h3cell", STRING, "An H3 cell token."),
            arg_of("resolution", Class::Number, "0 to 14.").optional(),
        ],
        STRING,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_h3cell_parent),
    examples: &[
        ex("geo_h3cell_parent('862a1072fffffff')", "852a1073fffffff"),
        ex("geo_h3cell_parent('862a1072fffffff', 1)", "812a3ffffffffff"),
        ex("geo_h3cell_parent('862a1072fffffff', 15)", ""),
    ],
    differs: "",
};

/// `geo_h3cell_children`
pub const CHILDREN: FunctionSpec = FunctionSpec {
    name: "geo_h3cell_children",
    summary: "Returns the H3 cells within a cell, one resolution down unless told otherwise, five at most; null when there are none.",
    signatures: &[sig(
        &[
            arg("h3cell", STRING, "An H3 cell token."),
            arg_of("resolution", Class::Number, "1 to 15.").optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_h3cell_children),
    examples: &[
        ex(
            "geo_h3cell_children('862a1072fffffff')",
            r#"["872a10728ffffff","872a10729ffffff","872a1072affffff","872a1072bffffff","872a1072cffffff","872a1072dffffff","872a1072effffff"]"#,
        ),
        ex(
            "array_length(geo_h3cell_children('862a1072fffffff', 9))",
            "343",
        ),
        ex(
            "geo_h3cell_children(geo_point_to_h3cell(1, 1, 9), 15)",
            "null",
        ),
    ],
    differs: "",
};

/// `geo_h3cell_neighbors`
pub const NEIGHBORS: FunctionSpec = FunctionSpec {
    name: "geo_h3cell_neighbors",
    summary: "Returns the H3 cells round one; null when it is none.",
    signatures: &[sig(&[arg("h3cell", STRING, "An H3 cell token.")], DYNAMIC)],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_h3cell_neighbors),
    examples: &[ex(
        "geo_h3cell_neighbors('862a1072fffffff')",
        r#"["862a10727ffffff","862a10707ffffff","862a1070fffffff","862a10777ffffff","862a100dfffffff","862a100d7ffffff"]"#,
    )],
    differs: "",
};

/// `geo_h3cell_rings`
pub const RINGS: FunctionSpec = FunctionSpec {
    name: "geo_h3cell_rings",
    summary: "Returns the H3 cells round one, ring by ring; the first ring is the cell itself. Null when an argument is out of range.",
    signatures: &[sig(
        &[
            arg("h3cell", STRING, "An H3 cell token."),
            arg_of("distance", Class::Number, "0 to 142."),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_h3cell_rings),
    examples: &[
        ex(
            "geo_h3cell_rings('861f8894fffffff', 1)[1]",
            r#"["861f88947ffffff","861f8895fffffff","861f88867ffffff","861f8d497ffffff","861f8d4b7ffffff","861f8896fffffff"]"#,
        ),
        ex("geo_h3cell_rings('861f8894fffffff', 150)", "null"),
    ],
    differs: "",
};

use super::arguments::{number, place, whole, write_point, write_polygon};
use h3o::{CellIndex, LatLng, Resolution};
use std::fmt::Write;

fn read(token: &str) -> Option<CellIndex> {
    token.parse().ok()
}

/// An optional resolution argument; without it `default`.
fn resolution<'a>(
    args: &Args<'a>,
    i: usize,
) -> Result<impl Fn(usize, Option<Resolution>) -> Option<Resolution> + 'a> {
    let n = (args.len() > i).then(|| number(args, i)).transpose()?;
    Ok(move |row, default| match &n {
        None => default,
        Some(_) => Resolution::try_from(whole(n.as_ref(), row, 0, 0..=15)?).ok(),
    })
}

fn geo_point_to_h3cell(args: &Args<'_>) -> Result<ArrayRef> {
    let (place, resolution) = (place(args, 0)?, resolution(args, 2)?);
    str_result(args.rows, |row, out| {
        let place = place(row).and_then(|(lng, lat)| LatLng::new(lat, lng).ok());
        if let (Some(p), Some(r)) = (place, resolution(row, Some(Resolution::Six))) {
            let _ = write!(out, "{}", p.to_cell(r));
        }
    })
}

fn geo_h3cell_to_central_point(args: &Args<'_>) -> Result<ArrayRef> {
    let tokens = args.str(0)?;
    dyn_result(args.rows, |row, w| {
        if let Some(cell) = read(tokens.get(row)) {
            let p = LatLng::from(cell);
            write_point((p.lng(), p.lat()), w);
        }
    })
}

fn geo_h3cell_to_polygon(args: &Args<'_>) -> Result<ArrayRef> {
    let tokens = args.str(0)?;
    dyn_result(args.rows, |row, w| {
        if let Some(cell) = read(tokens.get(row)) {
            let ring: Vec<(f64, f64)> =
                cell.boundary().iter().map(|p| (p.lng(), p.lat())).collect();
            write_polygon(&ring, w);
        }
    })
}

fn geo_h3cell_level(args: &Args<'_>) -> Result<ArrayRef> {
    let tokens = args.str(0)?;
    int_result(args.rows, |row| {
        read(tokens.get(row)).map(|c| i32::from(u8::from(c.resolution())))
    })
}

fn geo_h3cell_parent(args: &Args<'_>) -> Result<ArrayRef> {
    let (tokens, resolution) = (args.str(0)?, resolution(args, 1)?);
    str_result(args.rows, |row, out| {
        let parent = read(tokens.get(row)).and_then(|c| {
            let up = c.resolution().pred();
            let wanted = resolution(row, up).filter(|r| *r < c.resolution())?;
            c.parent(wanted)
        });
        if let Some(parent) = parent {
            let _ = write!(out, "{parent}");
        }
    })
}

/// Writes an array of tokens.
fn write_cells(cells: impl Iterator<Item = CellIndex>, text: &mut String, w: &mut DynWriter) {
    w.begin_array();
    for cell in cells {
        text.clear();
        let _ = write!(text, "{cell}");
        w.string(text);
    }
    w.end();
}

fn geo_h3cell_children(args: &Args<'_>) -> Result<ArrayRef> {
    let (tokens, resolution) = (args.str(0)?, resolution(args, 1)?);
    let mut text = String::new();
    dyn_result(args.rows, |row, w| {
        let found =
            read(tokens.get(row)).and_then(|c| Some((c, resolution(row, c.resolution().succ())?)));
        if let Some((cell, wanted)) = found {
            let down = u8::from(wanted).checked_sub(u8::from(cell.resolution()));
            if down.is_some_and(|n| (1..=5).contains(&n)) {
                write_cells(cell.children(wanted), &mut text, w);
            }
        }
    })
}

fn geo_h3cell_neighbors(args: &Args<'_>) -> Result<ArrayRef> {
    let tokens = args.str(0)?;
    let mut text = String::new();
    dyn_result(args.rows, |row, w| {
        if let Some(cell) = read(tokens.get(row)) {
            let near: Vec<(CellIndex, u32)> = cell.grid_disk_distances(1);
            let ring = near.into_iter().filter(|(_, d)| *d == 1).map(|(c, _)| c);
            write_cells(ring, &mut text, w);
        }
    })
}

fn geo_h3cell_rings(args: &Args<'_>) -> Result<ArrayRef> {
    let (tokens, distance) = (args.str(0)?, number(args, 1)?);
    let mut text = String::new();
    dyn_result(args.rows, |row, w| {
        let most = whole(Some(&distance), row, 0, 0..=142).map(u32::from);
        let (Some(cell), Some(most)) = (read(tokens.get(row)), most) else {
            return;
        };
        let all: Vec<(CellIndex, u32)> = cell.grid_disk_distances(most);
        w.begin_array();
        for ring in 0..=most {
            let cells = all.iter().filter(|(_, d)| *d == ring).map(|(c, _)| *c);
            write_cells(cells, &mut text, w);
        }
        w.end();
    })
}
