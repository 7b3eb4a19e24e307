//! Polygons joined and cut: in a plane on which great circles are straight lines.
//!
//! The plane touches the sphere in the middle of the shapes, so that they must be smaller than a hemisphere. What comes back is put
//! on the places that went in, and on the exact crossings of their edges. The order of rings and where each begins follow the
//! order of the edges that went in.

use super::cube::{Cell, MAX_LEVEL};
use super::meet::{Edge, Meet, crossing, meet};
use super::shapes::{Path, Ring};
use super::sphere::Point;
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::core::solver::Solver;
use i_overlay::float::overlay::{FloatOverlay, OverlayOptions};
use std::collections::{BTreeMap, HashMap};

/// More places than this are refused.
const MOST: usize = 500_000;
/// The cosine of how far from the middle shapes may reach.
const REACH: f64 = 0.1;
/// How near to each other, in parts of the whole width, places count as one: some steps of the grid that they are joined on.
const NEAR: f64 = 4e-9;
/// How many cells wide the index of the edges is.
const CELLS: f64 = 256.0;

type Flat = [f64; 2];

/// A place in degrees and as a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Vertex {
    pub(super) degrees: (f64, f64),
    pub(super) point: Point,
}

impl Vertex {
    pub(super) fn of(point: Point) -> Vertex {
        Vertex {
            degrees: point.to_degrees(),
            point,
        }
    }
}

/// Rings, the shell first, each without its last place, which is its first: with the area on their left.
pub(super) type Polygon = Vec<Vec<Vertex>>;

/// A polygon that was read.
pub(super) fn polygon_of(rings: &[Ring]) -> Polygon {
    rings
        .iter()
        .enumerate()
        .map(|(i, ring)| {
            let mut places: Vec<Vertex> = vertices(&ring.path).skip(1).collect();
            // The last place is the first.
            places.rotate_right(1);
            if ring.counter_clockwise() != (i == 0) {
                places.reverse();
            }
            places
        })
        .collect()
}

pub(super) fn vertices(path: &Path) -> impl Iterator<Item = Vertex> + '_ {
    path.degrees
        .iter()
        .zip(&path.points)
        .map(|(degrees, point)| Vertex {
            degrees: *degrees,
            point: *point,
        })
}

fn edges(polygons: &[Polygon]) -> impl Iterator<Item = (Vertex, Vertex)> + '_ {
    polygons.iter().flatten().flat_map(|ring| {
        ring.iter()
            .copied()
            .zip(ring.iter().copied().cycle().skip(1))
    })
}

/// The edges of polygons as arcs.
pub(super) fn arcs(polygons: &[Polygon]) -> impl Iterator<Item = Edge> + '_ {
    edges(polygons).map(|(a, b)| (a.point, b.point))
}

/// The plane.
struct View {
    middle: Point,
    east: Point,
    north: Point,
    near: f64,
    low: Flat,
    step: f64,
}

impl View {
    fn of<'a>(all: impl Iterator<Item = &'a Vertex> + Clone) -> Result<View, String> {
        let mut sum = Point {
            x: 0.0,
            y: 0.0,
            z: 0.0,
        };
        for v in all.clone() {
            sum = sum.plus(v.point);
        }
        let far = || "shapes that are not within one hemisphere are not supported".to_owned();
        if sum.norm() < 1e-9 {
            return Err(far());
        }
        let middle = sum.unit();
        if all.clone().any(|v| v.point.dot(middle) < REACH) {
            return Err(far());
        }
        let pole = Point {
            x: 0.0,
            y: 0.0,
            z: 1.0,
        };
        let east = match pole.cross(middle) {
            e if e.norm() > 1e-6 => e.unit(),
            _ => Point {
                x: 0.0,
                y: 1.0,
                z: 0.0,
            },
        };
        let mut view = View {
            middle,
            east,
            north: middle.cross(east),
            near: 0.0,
            low: [0.0; 2],
            step: 1.0,
        };
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for v in all {
            for ((l, h), x) in low.iter_mut().zip(&mut high).zip(view.flat(v.point)) {
                *l = l.min(x);
                *h = h.max(x);
            }
        }
        let [x, y] = low;
        let [right, top] = high;
        let width = (right - x).max(top - y).max(1e-15);
        view.near = width * NEAR;
        view.low = low;
        view.step = width / CELLS;
        Ok(view)
    }

    fn flat(&self, p: Point) -> Flat {
        let depth = p.dot(self.middle);
        [p.dot(self.east) / depth, p.dot(self.north) / depth]
    }

    fn point(&self, [x, y]: Flat) -> Point {
        self.middle
            .plus(self.east.times(x))
            .plus(self.north.times(y))
            .unit()
    }

    fn contours(&self, polygons: &[Polygon]) -> Vec<Vec<Flat>> {
        polygons
            .iter()
            .flatten()
            .map(|ring| ring.iter().map(|v| self.flat(v.point)).collect())
            .collect()
    }

    #[allow(clippy::cast_possible_truncation)]
    fn cell(&self, x: f64, low: f64) -> i64 {
        ((x - low) / self.step).floor() as i64
    }

    fn cells(&self, a: Flat, b: Flat) -> impl Iterator<Item = (i64, i64)> + use<> {
        let [x, y] = self.low;
        let ([ax, ay], [bx, by]) = (a, b);
        let xs = self.cell(ax.min(bx) - self.near, x)..=self.cell(ax.max(bx) + self.near, x);
        let ys = self.cell(ay.min(by) - self.near, y)..=self.cell(ay.max(by) + self.near, y);
        xs.flat_map(move |x| ys.clone().map(move |y| (x, y)))
    }
}

/// The edges that went in, found by where they are.
struct Index<'v> {
    view: &'v View,
    edges: Vec<(Vertex, Vertex, Flat, Flat)>,
    by_cell: HashMap<(i64, i64), Vec<usize>>,
}

fn distance([ax, ay]: Flat, [bx, by]: Flat) -> f64 {
    (ax - bx).hypot(ay - by)
}

/// How far a point is from a straight edge.
fn off(p: Flat, a: Flat, b: Flat) -> f64 {
    let ([px, py], [ax, ay], [bx, by]) = (p, a, b);
    let (dx, dy) = (bx - ax, by - ay);
    let length = dx * dx + dy * dy;
    let t = if length > 0.0 {
        (((px - ax) * dx + (py - ay) * dy) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    distance(p, [ax + t * dx, ay + t * dy])
}

impl<'v> Index<'v> {
    fn new(view: &'v View, edges: impl Iterator<Item = (Vertex, Vertex)>) -> Index<'v> {
        let mut index = Index {
            view,
            edges: Vec::new(),
            by_cell: HashMap::new(),
        };
        for (a, b) in edges {
            let (from, to) = (view.flat(a.point), view.flat(b.point));
            let id = index.edges.len();
            for cell in view.cells(from, to) {
                index.by_cell.entry(cell).or_default().push(id);
            }
            index.edges.push((a, b, from, to));
        }
        index
    }

    /// The edges that a point is on, in order.
    fn on(&self, p: Flat) -> Vec<usize> {
        let [x, y] = self.view.low;
        let [px, py] = p;
        let cell = (self.view.cell(px, x), self.view.cell(py, y));
        let Some(ids) = self.by_cell.get(&cell) else {
            return Vec::new();
        };
        let near = |id: &usize| {
            self.edges
                .get(*id)
                .is_some_and(|(_, _, a, b)| off(p, *a, *b) <= self.view.near)
        };
        ids.iter().copied().filter(near).collect()
    }

    /// The place that a point of the result stands for.
    fn exact(&self, p: Flat) -> Vertex {
        let on: Vec<&(Vertex, Vertex, Flat, Flat)> = self
            .on(p)
            .into_iter()
            .filter_map(|id| self.edges.get(id))
            .collect();
        let mut ends = on.iter().flat_map(|(a, b, from, to)| [(a, from), (b, to)]);
        if let Some((v, _)) = ends.find(|(_, f)| distance(p, **f) <= self.view.near) {
            return *v;
        }
        for (i, (a, b, ..)) in on.iter().enumerate() {
            for (c, d, ..) in on.iter().skip(i + 1) {
                let (first, second): (Edge, Edge) = ((a.point, b.point), (c.point, d.point));
                if meet(first, second) == Meet::Cross {
                    let there = crossing(first, second);
                    if distance(p, self.view.flat(there)) <= 10.0 * self.view.near {
                        return Vertex::of(there);
                    }
                }
            }
        }
        Vertex::of(self.view.point(p))
    }

    /// The first edge that a part of the result is of.
    fn source(&self, a: Flat, b: Flat) -> usize {
        let ends = self.on(b);
        let along = |id: &usize| {
            ends.contains(id)
                && self.edges.get(*id).is_some_and(|(_, _, from, to)| {
                    let ([ax, ay], [bx, by], [fx, fy], [tx, ty]) = (a, b, *from, *to);
                    (bx - ax) * (tx - fx) + (by - ay) * (ty - fy) > 0.0
                })
        };
        self.on(a).into_iter().find(along).unwrap_or(0)
    }

    /// A ring, beginning after the part of the last edge that went in.
    fn ring(&self, flat: &[Flat]) -> Option<(usize, Vec<Vertex>)> {
        let mut places: Vec<(Vertex, Flat)> = Vec::with_capacity(flat.len());
        for p in flat {
            let v = self.exact(*p);
            if places.last().is_none_or(|(last, _)| *last != v) {
                places.push((v, *p));
            }
        }
        while places.len() > 1 && places.first().map(|p| p.0) == places.last().map(|p| p.0) {
            places.pop();
        }
        if places.len() < 3 {
            return None;
        }
        let first = places
            .iter()
            .enumerate()
            .min_by_key(|(_, (v, _))| Cell::at(v.point, MAX_LEVEL).id())?
            .0;
        places.rotate_left(first);
        let sources: Vec<usize> = places
            .iter()
            .zip(places.iter().cycle().skip(1))
            .map(|(a, b)| self.source(a.1, b.1))
            .collect();
        let (mut last, mut highest, mut gap) = (0, *sources.first()?, false);
        for (i, id) in sources.iter().enumerate().skip(1) {
            if *id < highest {
                gap = true;
            } else if *id > highest || !gap {
                (last, highest, gap) = (i, *id, false);
            }
        }
        let begin = (last + 1) % places.len();
        places.rotate_left(begin);
        let source = sources.get(begin).copied().unwrap_or_default();
        Some((source, places.into_iter().map(|p| p.0).collect()))
    }

    fn polygons(&self, shapes: &[Vec<Vec<Flat>>]) -> Vec<Polygon> {
        let mut found: Vec<(usize, Polygon)> = shapes
            .iter()
            .filter_map(|shape| {
                let (shell, holes) = shape.split_first()?;
                let (source, shell) = self.ring(shell)?;
                let mut holes: Vec<(usize, Vec<Vertex>)> =
                    holes.iter().filter_map(|h| self.ring(h)).collect();
                holes.sort_by_key(|h| h.0);
                let rings = std::iter::once(shell).chain(holes.into_iter().map(|h| h.1));
                Some((source, rings.collect()))
            })
            .collect();
        found.sort_by_key(|p| p.0);
        found.into_iter().map(|p| p.1).collect()
    }
}

fn size(polygons: &[Polygon]) -> usize {
    polygons.iter().flatten().map(Vec::len).sum()
}

fn overlay(a: &[Polygon], b: &[Polygon], rule: OverlayRule) -> Result<Vec<Polygon>, String> {
    if size(a) + size(b) > MOST {
        return Err(format!(
            "shapes of more than {MOST} places are not supported"
        ));
    }
    let all = || a.iter().chain(b).flatten().flatten();
    if all().next().is_none() {
        return Ok(Vec::new());
    }
    let view = View::of(all())?;
    let mut options = OverlayOptions::<f64>::default();
    options.preserve_input_collinear = true;
    options.preserve_output_collinear = true;
    let (subject, clip) = (view.contours(a), view.contours(b));
    let shapes =
        FloatOverlay::with_subj_and_clip_custom(&subject, &clip, options, Solver::default())
            .overlay(rule, FillRule::NonZero);
    let index = Index::new(&view, edges(a).chain(edges(b)));
    Ok(index.polygons(&shapes))
}

/// What two shapes share.
///
/// # Errors
/// They are too large.
pub(super) fn shared(a: &[Polygon], b: &[Polygon]) -> Result<Vec<Polygon>, String> {
    overlay(a, b, OverlayRule::Intersect)
}

/// Shapes in one: always the two that have the fewest places first.
///
/// # Errors
/// They are too large.
pub(super) fn joined(polygons: Vec<Vec<Polygon>>) -> Result<Vec<Polygon>, String> {
    let mut queue: BTreeMap<(usize, usize), Vec<Polygon>> = BTreeMap::new();
    let mut number = 0;
    if polygons.iter().map(|p| size(p)).sum::<usize>() > MOST {
        return Err(format!(
            "shapes of more than {MOST} places are not supported"
        ));
    }
    for polygon in polygons {
        queue.insert((size(&polygon), number), polygon);
        number += 1;
    }
    while let Some((_, first)) = queue.pop_first() {
        let Some((_, second)) = queue.pop_first() else {
            return Ok(first);
        };
        let both = overlay(&first, &second, OverlayRule::Union)?;
        queue.insert((size(&both), number), both);
        number += 1;
    }
    Ok(Vec::new())
}

/// Many rings in one at once.
///
/// # Errors
/// They are too large.
pub(super) fn melted(polygons: &[Polygon]) -> Result<Vec<Polygon>, String> {
    overlay(polygons, &[], OverlayRule::Subject)
}
