//! `geo_union_lines_array(lineStrings)`: lines in one.

use super::arguments::write_place;
use super::meet::{self, Edge, Meet};
use super::plane::{Vertex, vertices};
use super::shapes::lines;
use crate::prelude::*;

/// `geo_union_lines_array`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "geo_union_lines_array",
    summary: "Joins lines: a LineString of those that go on where others end or run together with them, or a MultiLineString of lines that are apart.",
    signatures: &[sig(
        &[arg_of(
            "lineStrings",
            Class::DynamicArray,
            "LineStrings and MultiLineStrings in GeoJSON.",
        )],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_union_lines_array),
    examples: &[
        ex(
            r#"geo_union_lines_array(dynamic([{"type":"LineString","coordinates":[[1,1],[2,2],[3,1]]},{"type":"LineString","coordinates":[[2,2],[3,1],[4,1]]},{"type":"LineString","coordinates":[[2,2],[3,1]]}]))"#,
            r#"{"type":"LineString","coordinates":[[1,1],[2,2],[3,1],[4,1]]}"#,
        ),
        ex(
            r#"geo_union_lines_array(dynamic([{"type":"LineString","coordinates":[[1,1],[2,2]]},{"type":"LineString","coordinates":[[5,5],[6,7]]}]))"#,
            r#"{"type":"MultiLineString","coordinates":[[[1,1],[2,2]],[[5,5],[6,7]]]}"#,
        ),
        ex(
            r#"geo_union_lines_array(dynamic([{"type":"LineString","coordinates":[[1,1],[2,2]]},{"type":"LineString","coordinates":[[5,5]]}]))"#,
            "null",
        ),
    ],
    differs: "Lines that cross or touch, that fork, that run together in opposite directions or in a ring, and an array without lines are refused.",
};

const NAME: &str = "geo_union_lines_array";

fn refused<T>(what: &str) -> Result<T> {
    Err(KernelError::new(format!(
        "{NAME} of {what} is not supported"
    )))
}

fn geo_union_lines_array(args: &Args<'_>) -> Result<ArrayRef> {
    let arrays = args.dynamic(0)?;
    try_dyn_result(args.rows, |row, w| {
        let DynRef::Array(items) = arrays.get(row) else {
            return Ok(());
        };
        let mut paths: Vec<Vec<Vertex>> = Vec::new();
        for item in items.iter() {
            let mut one = DynWriter::new();
            one.value(item);
            let Some(shape) = lines(&one.bytes) else {
                return Ok(());
            };
            paths.extend(shape.lines.iter().map(|l| vertices(l).collect()));
        }
        write(&chains(paths)?, w);
        Ok(())
    })
}

/// An edge by the places that it joins.
#[derive(Debug, Clone, Copy)]
struct Part {
    from: usize,
    to: usize,
}

/// Lines that have nothing in common, in the order of their first edges.
pub(super) fn chains(paths: Vec<Vec<Vertex>>) -> Result<Vec<Vec<Vertex>>> {
    let mut places: Vec<Vertex> = Vec::new();
    let mut known = std::collections::HashMap::new();
    let mut seen = std::collections::HashSet::new();
    let mut parts: Vec<Part> = Vec::new();
    for path in &paths {
        let ids: Vec<usize> = path
            .iter()
            .map(|v| {
                let key = ((v.degrees.0 + 0.0).to_bits(), (v.degrees.1 + 0.0).to_bits());
                *known.entry(key).or_insert_with(|| {
                    places.push(*v);
                    places.len() - 1
                })
            })
            .collect();
        for (from, to) in ids.iter().copied().zip(ids.iter().copied().skip(1)) {
            if seen.contains(&(to, from)) {
                return refused("lines that run together in opposite directions");
            }
            if from != to && seen.insert((from, to)) {
                parts.push(Part { from, to });
            }
        }
    }
    if parts.is_empty() {
        return refused("an array without lines");
    }
    let mut next: Vec<Option<usize>> = vec![None; places.len()];
    let mut before: Vec<bool> = vec![false; places.len()];
    for part in &parts {
        if let (Some(n), Some(b)) = (next.get_mut(part.from), before.get_mut(part.to)) {
            if n.is_some() || *b {
                return refused("lines that fork");
            }
            (*n, *b) = (Some(part.to), true);
        }
    }
    let edge =
        |p: &Part| -> Option<Edge> { Some((places.get(p.from)?.point, places.get(p.to)?.point)) };
    let all: Vec<Edge> = parts.iter().filter_map(edge).collect();
    let mut clear = true;
    meet::pairs(all.iter().copied(), all.iter().copied(), |a, b, how| {
        clear = a == b || !matches!(how, Meet::Cross | Meet::Unclear);
        clear
    });
    if !clear {
        return refused("lines that cross or touch");
    }
    let mut out = Vec::new();
    let mut used = 0;
    for part in &parts {
        if before.get(part.from).copied().unwrap_or_default() {
            continue;
        }
        let mut chain = Vec::new();
        let mut at = Some(part.from);
        while let Some(place) = at {
            chain.extend(places.get(place).copied());
            at = next.get(place).copied().flatten();
        }
        used += chain.len() - 1;
        out.push(chain);
    }
    if used < parts.len() {
        return refused("lines that run in a ring");
    }
    Ok(out)
}

/// Writes a LineString or a MultiLineString.
pub(super) fn write(lines: &[Vec<Vertex>], w: &mut DynWriter) {
    let one = |line: &[Vertex], w: &mut DynWriter| {
        w.begin_array();
        line.iter().for_each(|v| write_place(v.degrees, w));
        w.end();
    };
    w.begin_bag();
    w.key("type");
    if let [line] = lines {
        w.string("LineString");
        w.key("coordinates");
        one(line, w);
    } else {
        w.string("MultiLineString");
        w.key("coordinates");
        w.begin_array();
        lines.iter().for_each(|l| one(l, w));
        w.end();
    }
    w.end();
}
