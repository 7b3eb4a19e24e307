//! `geo_polygon_to_h3cells(polygon, resolution, radius)`: the hexagons that stand for a polygon.

use super::arguments::{number, whole};
use super::buffer;
use super::combined::{each, failed};
use super::plane::Polygon;
use super::shapes::polygons;
use super::sphere::EARTH;
use crate::prelude::*;
use h3o::{CellIndex, LatLng, Resolution};
use std::collections::BTreeSet;
use std::fmt::Write;

/// `geo_polygon_to_h3cells`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "geo_polygon_to_h3cells",
    summary: "Returns the H3 cells whose centres are in a polygon, which may be grown by a radius first; null when an argument is not valid, or there are more than 61680. The edges are straight in degrees.",
    signatures: &[sig(
        &[
            arg_of(
                "polygon",
                Class::DynamicBag,
                "A Polygon or MultiPolygon in GeoJSON.",
            ),
            arg_of("resolution", Class::Number, "0 to 15; 6 unless given.").optional(),
            arg_of("radius", Class::Number, "Meters; 0 unless given.").optional(),
        ],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(geo_polygon_to_h3cells),
    examples: &[
        ex(
            r#"array_sort_asc(geo_polygon_to_h3cells(dynamic({"type":"Polygon","coordinates":[[[-3.659,40.553],[-3.913,40.409],[-3.729,40.273],[-3.524,40.440],[-3.659,40.553]]]})))"#,
            r#"["86390ca07ffffff","86390ca27ffffff","86390ca2fffffff","86390ca37ffffff","86390cb07ffffff","86390cb0fffffff","86390cb17ffffff","86390cb1fffffff","86390cb57ffffff","86390cb87ffffff","86390cb8fffffff","86390cba7ffffff","86390cbafffffff"]"#,
        ),
        ex(
            r#"array_length(geo_polygon_to_h3cells(dynamic({"type":"Polygon","coordinates":[[[-3.659,40.553],[-3.913,40.409],[-3.729,40.273],[-3.524,40.440],[-3.659,40.553]]]}), 6, 3000)) > 13"#,
            "True",
        ),
        ex(
            r#"geo_polygon_to_h3cells(dynamic({"type":"Polygon","coordinates":[[[0,0],[40,0],[40,40],[0,40],[0,0]]]}), 15)"#,
            "null",
        ),
        ex(
            r#"geo_polygon_to_h3cells(dynamic({"type":"Polygon","coordinates":[[[0,0],[1,1]]]}))"#,
            "null",
        ),
    ],
    differs: "The order of the cells is not documented: here it is that of their numbers. The outline of a grown polygon is that of `geo_polygon_buffer`. A polygon that goes round a pole is refused.",
};

/// More cells than this give null.
const MOST: usize = 61_680;

type Flat = (f64, f64);

/// The rings of a polygon in degrees, longitudes going on past 180 where an edge does.
fn flat(polygon: &Polygon) -> Option<Vec<Vec<Flat>>> {
    let mut near: Option<f64> = None;
    polygon
        .iter()
        .map(|ring| {
            let start = near;
            let mut out: Vec<Flat> = Vec::with_capacity(ring.len());
            let mut last = start;
            for v in ring {
                let (mut lng, lat) = v.degrees;
                if let Some(last) = last {
                    lng += 360.0 * ((last - lng) / 360.0).round();
                }
                last = Some(lng);
                near = near.or(last);
                out.push((lng, lat));
            }
            // Back at the beginning, or once around the Earth.
            let (first, last) = out.first().zip(out.last())?;
            ((first.0 - last.0).abs() <= 180.0).then_some(out)
        })
        .collect()
}

fn sides(rings: &[Vec<Flat>]) -> impl Iterator<Item = (Flat, Flat)> + '_ {
    rings.iter().flat_map(|ring| {
        ring.iter()
            .copied()
            .zip(ring.iter().copied().cycle().skip(1))
    })
}

/// About how large a polygon is, in square meters.
fn area(rings: &[Vec<Flat>]) -> f64 {
    let flat = |p: Flat| (p.0.to_radians(), p.1.to_radians().sin());
    let double: f64 = sides(rings)
        .map(|(a, b)| {
            let (a, b) = (flat(a), flat(b));
            a.0 * b.1 - a.1 * b.0
        })
        .sum();
    double.abs() / 2.0 * EARTH * EARTH
}

fn has(rings: &[Vec<Flat>], (lng, lat): Flat) -> bool {
    let middle = rings.iter().flatten().next().map_or(0.0, |p| p.0);
    let close = lng + 360.0 * ((middle - lng) / 360.0).round();
    [close - 360.0, close, close + 360.0].into_iter().any(|x| {
        sides(rings)
            .filter(|(a, b)| {
                (a.1 > lat) != (b.1 > lat) && x < a.0 + (lat - a.1) / (b.1 - a.1) * (b.0 - a.0)
            })
            .count()
            % 2
            == 1
    })
}

/// Whether there is room for more.
fn cover(rings: &[Vec<Flat>], resolution: Resolution, found: &mut BTreeSet<CellIndex>) -> bool {
    let inside = |cell: CellIndex| {
        let centre = LatLng::from(cell);
        has(rings, (centre.lng(), centre.lat()))
    };
    if area(rings) > 4.0 * resolution.area_m2() * 61_680.0 {
        return false;
    }
    // Cells along the border first: what is inside is next to them or to others inside.
    let step = resolution.edge_length_m() / 111_200.0 / 2.0;
    let mut seen: BTreeSet<CellIndex> = BTreeSet::new();
    let mut queue: Vec<CellIndex> = Vec::new();
    for ((x, y), (to_x, to_y)) in sides(rings) {
        let steps = ((to_x - x).hypot(to_y - y) / step).ceil().max(1.0);
        let mut i = 0.0;
        while i < steps {
            let (lng, lat) = (x + (to_x - x) * i / steps, y + (to_y - y) * i / steps);
            if let Ok(p) = LatLng::new(lat, lng) {
                let cell = p.to_cell(resolution);
                if seen.insert(cell) {
                    queue.push(cell);
                }
            }
            if seen.len() > 8 * MOST {
                return false;
            }
            i += 1.0;
        }
    }
    let border: Vec<CellIndex> = queue.clone();
    for cell in border {
        for next in cell.grid_disk::<Vec<CellIndex>>(1) {
            if seen.insert(next) {
                queue.push(next);
            }
        }
    }
    while let Some(cell) = queue.pop() {
        if !inside(cell) {
            continue;
        }
        found.insert(cell);
        if found.len() > MOST {
            return false;
        }
        for next in cell.grid_disk::<Vec<CellIndex>>(1) {
            if seen.insert(next) {
                queue.push(next);
            }
        }
    }
    true
}

fn geo_polygon_to_h3cells(args: &Args<'_>) -> Result<ArrayRef> {
    const NAME: &str = "geo_polygon_to_h3cells";
    let shapes = args.dynamic(0)?;
    let resolution = (args.len() > 1).then(|| number(args, 1)).transpose()?;
    let radius = (args.len() > 2).then(|| number(args, 2)).transpose()?;
    let mut text = String::new();
    try_dyn_result(args.rows, |row, w| {
        let wanted = whole(resolution.as_ref(), row, 6, 0..=15);
        let radius = radius.as_ref().map_or(Some(0.0), |r| r(row));
        let (Some(shape), Some(wanted), Some(radius)) = (polygons(shapes.raw(row)), wanted, radius)
        else {
            return Ok(());
        };
        let Ok(wanted) = Resolution::try_from(wanted) else {
            return Ok(());
        };
        if radius.is_nan() || radius < 0.0 {
            return Ok(());
        }
        let all: Vec<Polygon> = if radius > 0.0 {
            match buffer::grown(NAME, &shape, radius)? {
                Some(all) => all,
                None => return Ok(()),
            }
        } else {
            each(&shape).collect()
        };
        let mut found = BTreeSet::new();
        for polygon in &all {
            let rings = flat(polygon)
                .ok_or_else(|| failed(NAME, "a polygon around a pole is not supported"))?;
            if !cover(&rings, wanted, &mut found) {
                return Ok(());
            }
        }
        w.begin_array();
        for cell in &found {
            text.clear();
            let _ = write!(text, "{cell}");
            w.string(&text);
        }
        w.end();
        Ok(())
    })
}
