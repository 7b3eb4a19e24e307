//! Lines and polygons from GeoJSON, checked once and kept.

use super::meet::{self, Meet};
use super::plane::{self, Vertex};
use super::sphere::{Point, haversine, triangle};
use crate::prelude::*;
use std::collections::HashMap;
use std::f64::consts::TAU;
use std::sync::{Arc, Mutex, OnceLock};

/// More shapes than this in one process start the store afresh.
const LIMIT: usize = 256;

/// A line or several.
#[derive(Debug)]
pub struct Lines {
    /// Each line's places in degrees and as points.
    pub lines: Vec<Path>,
    /// Whether it was a LineString.
    pub single: bool,
}

/// Places one after the other.
#[derive(Debug, Clone)]
pub struct Path {
    /// In degrees.
    pub degrees: Vec<(f64, f64)>,
    /// On the sphere.
    pub points: Vec<Point>,
}

impl Path {
    /// Neighbouring points.
    pub fn edges(&self) -> impl Iterator<Item = (Point, Point)> + '_ {
        self.points
            .iter()
            .copied()
            .zip(self.points.iter().copied().skip(1))
    }

    /// The length as an angle.
    pub fn length(&self) -> f64 {
        self.degrees
            .iter()
            .zip(self.degrees.iter().skip(1))
            .map(|(a, b)| haversine(*a, *b))
            .sum()
    }
}

/// A polygon or several.
#[derive(Debug)]
pub struct Polygons {
    /// Each polygon's rings: the shell, then the holes.
    pub polygons: Vec<Vec<Ring>>,
    /// They as one shape where some of them meet, once that was asked.
    joined: OnceLock<Result<Option<Vec<Vec<Ring>>>, String>>,
}

/// A closed ring.
#[derive(Debug)]
pub struct Ring {
    /// Its places; the last is the first.
    pub path: Path,
    /// The area on its left.
    left: f64,
    /// A point in its middle, and the cosine of the angle within which all its points are.
    middle: Point,
    reach: f64,
}

impl Ring {
    /// The area of the smaller of its two sides.
    pub fn area(&self) -> f64 {
        self.left.min(2.0 * TAU - self.left)
    }

    /// Whether it goes round its smaller side counter-clockwise.
    pub fn counter_clockwise(&self) -> bool {
        self.left <= TAU
    }

    /// Whether a point is in its smaller side.
    pub fn has(&self, p: Point) -> bool {
        if p.dot(self.middle) < self.reach {
            return false;
        }
        // How often the ring winds round the axis through the point: by where it crosses the half circle from the point
        // by way of `east` to its antipode.
        let east = if p.x.abs() < 0.9 {
            p.cross(Point {
                x: 1.0,
                y: 0.0,
                z: 0.0,
            })
        } else {
            p.cross(Point {
                x: 0.0,
                y: 1.0,
                z: 0.0,
            })
        };
        let side = p.cross(east);
        let mut winds = 0;
        for (a, b) in self.path.edges() {
            let (sa, sb) = (a.dot(side), b.dot(side));
            if (sa >= 0.0) == (sb >= 0.0) {
                continue;
            }
            let crossing = a.dot(east) * sb.abs() + b.dot(east) * sa.abs();
            if crossing > 0.0 {
                winds += if sb >= 0.0 { 1 } else { -1 };
            }
        }
        if self.counter_clockwise() {
            winds > 0
        } else {
            winds < 0
        }
    }
}

impl Polygons {
    /// Whether a point is in one of them.
    pub fn has(&self, p: Point) -> bool {
        self.polygons.iter().any(|rings| ring_has(rings, p))
    }

    /// Every edge of every ring.
    pub fn edges(&self) -> impl Iterator<Item = (Point, Point)> + '_ {
        self.polygons.iter().flatten().flat_map(|r| r.path.edges())
    }

    /// Whether one of these polygons begins in the others.
    pub fn begin_in(&self, others: &Polygons) -> bool {
        let shells = self.polygons.iter().filter_map(|rings| rings.first());
        let mut firsts = shells.filter_map(|r| r.path.points.first());
        firsts.any(|p| others.has(*p))
    }

    /// The rings of polygons no two of which meet: those that do are joined.
    ///
    /// # Errors
    /// They are too large for that.
    pub fn apart(&self, function: &str) -> Result<&[Vec<Ring>]> {
        let joined = self.joined.get_or_init(|| {
            if self.are_apart() {
                return Ok(None);
            }
            let polygons = self.polygons.iter().map(|p| vec![plane::polygon_of(p)]);
            let joined = plane::joined(polygons.collect())?;
            Ok(joined.iter().map(|p| rings_of(p)).collect())
        });
        match joined {
            Ok(Some(joined)) => Ok(joined),
            Ok(None) => Ok(&self.polygons),
            Err(why) => Err(KernelError::new(format!(
                "{function} of polygons that meet: {why}"
            ))),
        }
    }

    fn are_apart(&self) -> bool {
        let edges = |rings: &[Ring]| -> Vec<(Point, Point)> {
            rings.iter().flat_map(|r| r.path.edges()).collect()
        };
        let begins = |rings: &[Ring], others: &[Ring]| {
            let first = rings.first().and_then(|r| r.path.points.first());
            first.is_some_and(|p| ring_has(others, *p))
        };
        self.polygons.iter().enumerate().all(|(i, a)| {
            self.polygons.iter().skip(i + 1).all(|b| {
                meet::all(edges(a).into_iter(), edges(b).into_iter()) == Meet::No
                    && !begins(a, b)
                    && !begins(b, a)
            })
        })
    }
}

/// Whether a point is in a polygon.
fn ring_has(rings: &[Ring], p: Point) -> bool {
    rings
        .split_first()
        .is_some_and(|(shell, holes)| shell.has(p) && !holes.iter().any(|h| h.has(p)))
}

/// Reads the lines of a value; none when it is no valid line.
pub fn lines(value: &[u8]) -> Option<Arc<Lines>> {
    static STORE: Store<Lines> = OnceLock::new();
    kept(&STORE, value, read_lines)
}

/// Reads the polygons of a value; none when it is no valid polygon.
pub fn polygons(value: &[u8]) -> Option<Arc<Polygons>> {
    static STORE: Store<Polygons> = OnceLock::new();
    kept(&STORE, value, read_polygons)
}

/// By the value's bytes.
type Kept<T> = HashMap<Vec<u8>, Option<Arc<T>>>;
type Store<T> = OnceLock<Mutex<Kept<T>>>;

fn kept<T>(store: &Store<T>, value: &[u8], read: fn(DynRef<'_>) -> Option<T>) -> Option<Arc<T>> {
    let store = store.get_or_init(Mutex::default);
    if let Ok(map) = store.lock()
        && let Some(found) = map.get(value)
    {
        return found.clone();
    }
    let made = read(DynRef::new(value)).map(Arc::new);
    if let Ok(mut map) = store.lock() {
        if map.len() >= LIMIT {
            map.clear();
        }
        map.insert(value.to_vec(), made.clone());
    }
    made
}

fn items<'a>(value: DynRef<'a>) -> Option<impl Iterator<Item = DynRef<'a>> + 'a> {
    match value {
        DynRef::Array(a) => Some(a.iter()),
        _ => None,
    }
}

fn degree(value: DynRef<'_>) -> Option<f64> {
    #[allow(clippy::cast_precision_loss)]
    match value {
        DynRef::Long(n) => Some(n as f64),
        DynRef::Real(x) => Some(x),
        _ => None,
    }
}

fn path(value: DynRef<'_>) -> Option<Path> {
    let mut out = Path {
        degrees: Vec::new(),
        points: Vec::new(),
    };
    for place in items(value)? {
        let mut numbers = items(place)?;
        let place = (degree(numbers.next()?)?, degree(numbers.next()?)?);
        let point = Point::from_degrees(place.0, place.1)?;
        // No edge is half a circle.
        if out
            .points
            .last()
            .is_some_and(|p| p.dot(point) <= -1.0 + 1e-15)
        {
            return None;
        }
        out.degrees.push(place);
        out.points.push(point);
    }
    Some(out)
}

fn geometry<'a>(value: DynRef<'a>) -> Option<(&'a str, DynRef<'a>)> {
    match value.get("type")? {
        DynRef::String(kind) => Some((kind, value.get("coordinates")?)),
        _ => None,
    }
}

fn read_lines(value: DynRef<'_>) -> Option<Lines> {
    let (kind, coordinates) = geometry(value)?;
    let lines = match kind {
        "LineString" => vec![path(coordinates)?],
        "MultiLineString" => items(coordinates)?.map(path).collect::<Option<Vec<_>>>()?,
        _ => return None,
    };
    let valid = !lines.is_empty() && lines.iter().all(|l| l.points.len() >= 2);
    valid.then_some(Lines {
        lines,
        single: kind == "LineString",
    })
}

fn read_polygons(value: DynRef<'_>) -> Option<Polygons> {
    let (kind, coordinates) = geometry(value)?;
    let polygons = match kind {
        "Polygon" => vec![rings(coordinates)?],
        "MultiPolygon" => items(coordinates)?.map(rings).collect::<Option<Vec<_>>>()?,
        _ => return None,
    };
    (!polygons.is_empty()).then(|| Polygons {
        polygons,
        joined: OnceLock::new(),
    })
}

fn rings(value: DynRef<'_>) -> Option<Vec<Ring>> {
    let rings = items(value)?.map(ring).collect::<Option<Vec<_>>>()?;
    (!rings.is_empty() && !cross(&rings)).then_some(rings)
}

fn ring(value: DynRef<'_>) -> Option<Ring> {
    let path = path(value)?;
    let points = &path.points;
    if points.len() < 4 || path.degrees.first() != path.degrees.last() {
        return None;
    }
    let mut distinct: Vec<(u64, u64)> = path
        .degrees
        .iter()
        .skip(1)
        .map(|p| ((p.0 + 0.0).to_bits(), (p.1 + 0.0).to_bits()))
        .collect();
    distinct.sort_unstable();
    if distinct.windows(2).any(|w| w.first() == w.last()) {
        return None;
    }
    ring_of(path)
}

/// A ring of places that are known to be valid.
fn ring_of(path: Path) -> Option<Ring> {
    let points = &path.points;
    let first = *points.first()?;
    let area: f64 = path.edges().map(|(a, b)| triangle(first, a, b)).sum();
    let sum = path.edges().fold(
        Point {
            x: 0.0,
            y: 0.0,
            z: 0.0,
        },
        |s, (a, _)| s.plus(a),
    );
    let middle = if sum.norm() > 1e-9 { sum.unit() } else { first };
    let widest = points.iter().map(|p| middle.angle(*p)).fold(0.0, f64::max);
    Some(Ring {
        left: area.rem_euclid(2.0 * TAU),
        middle,
        // An edge bulges past its ends, by at most half the ring's width.
        reach: (widest * 2.0 + 1e-9).min(std::f64::consts::PI).cos() - 1e-12,
        path,
    })
}

/// The rings of a polygon that was made; none where one has no place.
fn rings_of(polygon: &[Vec<Vertex>]) -> Option<Vec<Ring>> {
    let ring = |places: &Vec<Vertex>| {
        let closed = || places.iter().chain(places.first());
        ring_of(Path {
            degrees: closed().map(|v| v.degrees).collect(),
            points: closed().map(|v| v.point).collect(),
        })
    };
    polygon.iter().map(ring).collect()
}

/// Whether two edges cross, or lie on each other.
fn cross(rings: &[Ring]) -> bool {
    let edges: Vec<(Point, Point)> = rings.iter().flat_map(|r| r.path.edges()).collect();
    edges.iter().enumerate().any(|(i, &(a, b))| {
        let ab = a.normal(b);
        edges.iter().skip(i + 1).any(|&(c, d)| {
            if (a == c && b == d) || (a == d && b == c) {
                return true;
            }
            if a == c || a == d || b == c || b == d {
                return false;
            }
            let (sc, sd) = (ab.dot(c), ab.dot(d));
            if sc * sd >= 0.0 {
                return false;
            }
            let cd = c.normal(d);
            let (sa, sb) = (cd.dot(a), cd.dot(b));
            // The circles cross twice: both edges must have the same crossing.
            sa * sb < 0.0 && sa * sd > 0.0
        })
    })
}
