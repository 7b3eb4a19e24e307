//! S2 cells: squares on the six faces of a cube round the Earth, numbered along a space-filling curve.

use super::sphere::Point;

/// The deepest level.
pub const MAX_LEVEL: u8 = 30;

/// A cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// 0 to 5.
    pub face: u8,
    /// Its column among 2^level.
    pub i: u32,
    /// Its row.
    pub j: u32,
    /// 0 to 30.
    pub level: u8,
}

/// For each orientation of the curve the square (column bit, row bit) at each of its four places.
const SQUARES: [[u8; 4]; 4] = [[0, 1, 3, 2], [0, 2, 3, 1], [3, 2, 0, 1], [3, 1, 0, 2]];
/// How the orientation changes at each place.
const TURNS: [u8; 4] = [1, 0, 0, 3];

impl Cell {
    /// The cell of a point.
    pub fn at(p: Point, level: u8) -> Cell {
        let (face, u, v) = face_of(p);
        let (i, j) = (index(square(u)), index(square(v)));
        Cell {
            face,
            i: i >> (MAX_LEVEL - level),
            j: j >> (MAX_LEVEL - level),
            level,
        }
    }

    /// The number along the curve, ended by a single bit.
    pub fn id(self) -> u64 {
        let mut id = u64::from(self.face);
        let mut turn = self.face & 1;
        for k in (0..self.level).rev() {
            let bits = (self.i >> k & 1) << 1 | (self.j >> k & 1);
            let at = SQUARES
                .get(usize::from(turn))
                .and_then(|s| s.iter().position(|q| u32::from(*q) == bits))
                .unwrap_or(0);
            id = id << 2 | u64::try_from(at).unwrap_or(0);
            turn ^= TURNS.get(at).copied().unwrap_or(0);
        }
        (id << 1 | 1) << (60 - 2 * u32::from(self.level))
    }

    /// The number in hexadecimal digits, without zeros at the end.
    pub fn token(self) -> String {
        format!("{:016x}", self.id())
            .trim_end_matches('0')
            .to_owned()
    }

    /// Reads a token.
    pub fn parse(token: &str) -> Option<Cell> {
        if token.is_empty() || token.len() > 16 || !token.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let id = u64::from_str_radix(&format!("{token:0<16}"), 16).ok()?;
        let low = id.trailing_zeros();
        if low > 60 || low % 2 == 1 {
            return None;
        }
        let level = u8::try_from((60 - low) / 2).ok()?;
        let face = u8::try_from(id >> 61).ok().filter(|f| *f < 6)?;
        let mut turn = face & 1;
        let (mut i, mut j) = (0, 0);
        for k in 0..u32::from(level) {
            let at = usize::try_from(id >> (59 - 2 * k) & 3).ok()?;
            let bits = u32::from(*SQUARES.get(usize::from(turn))?.get(at)?);
            i = i << 1 | bits >> 1;
            j = j << 1 | (bits & 1);
            turn ^= TURNS.get(at)?;
        }
        Some(Cell { face, i, j, level })
    }

    /// A point of the cell: (0, 0) is its first corner, (1, 1) the opposite one.
    fn point(self, x: f64, y: f64) -> Point {
        let size = f64::from(1u32 << self.level);
        let u = flat((f64::from(self.i) + x) / size);
        let v = flat((f64::from(self.j) + y) / size);
        on_face(self.face, u, v).unit()
    }

    /// Its four parts.
    pub fn children(self) -> [Cell; 4] {
        [(0, 0), (1, 0), (1, 1), (0, 1)].map(|(i, j)| Cell {
            face: self.face,
            i: self.i << 1 | i,
            j: self.j << 1 | j,
            level: self.level + 1,
        })
    }

    /// The middle.
    pub fn center(self) -> Point {
        self.point(0.5, 0.5)
    }

    /// The corners, counter-clockwise.
    pub fn corners(self) -> [Point; 4] {
        [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)].map(|(x, y)| self.point(x, y))
    }

    /// The cell some columns and rows away; beyond the face's edge it is on the next face. None at a corner of the cube.
    pub fn step(self, x: i64, y: i64) -> Option<Cell> {
        let size = 1i64 << self.level;
        let (i, j) = (i64::from(self.i) + x, i64::from(self.j) + y);
        let within = |n: i64| (0..size).contains(&n);
        if within(i) && within(j) {
            return Some(Cell {
                i: u32::try_from(i).ok()?,
                j: u32::try_from(j).ok()?,
                ..self
            });
        }
        if !within(i) && !within(j) {
            return None;
        }
        // In the plane of this face just beyond its edge is a point of the next face. Along the edge the squares of both
        // faces meet, which the flat (not the curved) division keeps.
        #[allow(clippy::cast_precision_loss)]
        let plane = |n: i64| {
            let limit = 1.0 + f64::EPSILON;
            ((2 * n + 1) as f64 / size as f64 - 1.0).clamp(-limit, limit)
        };
        let (face, u, v) = face_of(on_face(self.face, plane(i), plane(j)));
        let shift = MAX_LEVEL - self.level;
        Some(Cell {
            face,
            i: index(0.5 * (u + 1.0)) >> shift,
            j: index(0.5 * (v + 1.0)) >> shift,
            level: self.level,
        })
    }
}

/// The face that a point is on, and where on it, from -1 to 1.
fn face_of(p: Point) -> (u8, f64, f64) {
    let (x, y, z) = (p.x.abs(), p.y.abs(), p.z.abs());
    if x > y && x > z {
        if p.x < 0.0 {
            (3, p.z / p.x, p.y / p.x)
        } else {
            (0, p.y / p.x, p.z / p.x)
        }
    } else if y > z {
        if p.y < 0.0 {
            (4, p.z / p.y, -p.x / p.y)
        } else {
            (1, -p.x / p.y, p.z / p.y)
        }
    } else if p.z < 0.0 {
        (5, -p.y / p.z, -p.x / p.z)
    } else {
        (2, -p.x / p.z, -p.y / p.z)
    }
}

fn on_face(face: u8, u: f64, v: f64) -> Point {
    let (x, y, z) = match face {
        0 => (1.0, u, v),
        1 => (-u, 1.0, v),
        2 => (-u, -v, 1.0),
        3 => (-1.0, -v, -u),
        4 => (v, -1.0, -u),
        _ => (v, u, -1.0),
    };
    Point { x, y, z }
}

/// From -1..1 on the face to 0..1, so that cells are of like size.
fn square(u: f64) -> f64 {
    if u >= 0.0 {
        0.5 * (1.0 + 3.0 * u).sqrt()
    } else {
        1.0 - 0.5 * (1.0 - 3.0 * u).sqrt()
    }
}

/// The inverse.
fn flat(s: f64) -> f64 {
    if s >= 0.5 {
        (4.0 * s * s - 1.0) / 3.0
    } else {
        (1.0 - 4.0 * (1.0 - s) * (1.0 - s)) / 3.0
    }
}

/// The column or row of the deepest level.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn index(s: f64) -> u32 {
    let cells = 1u32 << MAX_LEVEL;
    ((s * f64::from(cells)).max(0.0) as u32).min(cells - 1)
}
