//! Whether edges on the sphere meet, and where.

use super::shapes::{Lines, Polygons};
use super::sphere::Point;
use crate::prelude::*;

/// An edge.
pub(super) type Edge = (Point, Point);

/// How two edges meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meet {
    /// They do not.
    No,
    /// They cross, each within the other.
    Cross,
    /// They have an end in common.
    End,
    /// One touches the other, or lies on it, as far as doubles can tell.
    Unclear,
}

/// What is closer to a great circle than this may as well lie on it: six nanometers on the Earth.
const NEAR: f64 = 1e-15;

/// The side of a plane through the centre that a point is on: 0 when that is not clear.
fn side(normal: Point, p: Point) -> i8 {
    let s = normal.dot(p);
    i8::from(s > NEAR) - i8::from(s < -NEAR)
}

/// Whether a point that is on an edge's great circle is within the edge.
fn within(normal: Point, (a, b): Edge, p: Point) -> bool {
    normal.cross(a).dot(p) > -NEAR && b.cross(normal).dot(p) > -NEAR
}

/// How two edges meet. An edge without length meets nothing.
pub(super) fn meet(first: Edge, second: Edge) -> Meet {
    let ((a, b), (c, d)) = (first, second);
    if a == b || c == d {
        return Meet::No;
    }
    if a == c || a == d || b == c || b == d {
        return Meet::End;
    }
    let n = a.normal(b).unit();
    let (sc, sd) = (side(n, c), side(n, d));
    if sc * sd > 0 {
        return Meet::No;
    }
    let m = c.normal(d).unit();
    let (sa, sb) = (side(m, a), side(m, b));
    if sa * sb > 0 {
        return Meet::No;
    }
    if sa * sb < 0 && sc * sd < 0 {
        // The circles cross twice: both edges must have the same crossing.
        return if sa * sd > 0 { Meet::Cross } else { Meet::No };
    }
    let touches = (sc == 0 && within(n, first, c))
        || (sd == 0 && within(n, first, d))
        || (sa == 0 && within(m, second, a))
        || (sb == 0 && within(m, second, b));
    if touches { Meet::Unclear } else { Meet::No }
}

/// Where two edges cross that do.
pub(super) fn crossing((a, b): Edge, (c, d): Edge) -> Point {
    let p = a.normal(b).unit().cross(c.normal(d).unit()).unit();
    if p.dot(a.plus(b)) >= 0.0 {
        p
    } else {
        p.times(-1.0)
    }
}

/// How two sets of edges meet: crossing before ends, ends before what is unclear.
pub(super) fn all(first: impl Iterator<Item = Edge>, second: impl Iterator<Item = Edge>) -> Meet {
    let mut found = Meet::No;
    pairs(first, second, |_, _, how| {
        match how {
            Meet::Cross => found = Meet::Cross,
            Meet::End => found = Meet::End,
            Meet::Unclear if found == Meet::No => found = Meet::Unclear,
            _ => {}
        }
        how != Meet::Cross
    });
    found
}

/// Every two edges that may meet, until one of them is enough.
pub(super) fn pairs(
    first: impl Iterator<Item = Edge>,
    second: impl Iterator<Item = Edge>,
    mut go_on: impl FnMut(Edge, Edge, Meet) -> bool,
) {
    let second: Vec<(Edge, Point, f64)> = second
        .map(|e| (e, e.0.plus(e.1), e.0.minus(e.1).norm()))
        .collect();
    for edge in first {
        let middle = edge.0.plus(edge.1);
        let length = edge.0.minus(edge.1).norm();
        // Edges as arcs are shorter than pi / 2 times their chords.
        let near = |(_, m, l): &&(Edge, Point, f64)| {
            length + l > 0.5 || middle.minus(*m).norm() <= 2.0 * (length + l)
        };
        for (other, ..) in second.iter().filter(near) {
            if !go_on(edge, *other, meet(edge, *other)) {
                return;
            }
        }
    }
}

/// The edges of lines.
pub(super) fn edges(lines: &Lines) -> impl Iterator<Item = Edge> + '_ {
    lines.lines.iter().flat_map(super::shapes::Path::edges)
}

/// Whether a point of each line is in the polygons.
pub(super) fn begins_in(lines: &Lines, polygons: &Polygons) -> bool {
    let mut firsts = lines.lines.iter().filter_map(|l| l.points.first());
    firsts.any(|p| polygons.has(*p))
}

/// Shapes that only touch.
///
/// # Errors
/// Always.
pub(super) fn unclear<T>(function: &str) -> Result<T> {
    Err(KernelError::new(format!(
        "{function} of shapes that only touch each other is not supported: whether they meet depends on digits that a double has not"
    )))
}
