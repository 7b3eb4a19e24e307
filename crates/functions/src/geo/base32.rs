//! Geohashes as cells of a grid.

/// The digits, without a, i, l and o.
const DIGITS: &[u8; 32] = b"0123456789bcdefghjkmnpqrstuvwxyz";

/// A cell: its column and row, and how many characters its name has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// From longitude -180.
    pub column: u64,
    /// From latitude -90.
    pub row: u64,
    /// 1 to 18.
    pub accuracy: u8,
}

impl Cell {
    fn bits(self) -> (u32, u32) {
        let all = u32::from(self.accuracy) * 5;
        (all.div_ceil(2), all / 2)
    }

    /// How many columns and rows there are.
    pub fn size(self) -> (u64, u64) {
        let (x, y) = self.bits();
        (1 << x, 1 << y)
    }

    /// The cell of a place.
    pub fn at(place: (f64, f64), accuracy: u8) -> Cell {
        let mut cell = Cell {
            column: 0,
            row: 0,
            accuracy,
        };
        let (columns, rows) = cell.size();
        cell.column = index(place.0 + 180.0, 360.0, columns);
        cell.row = index(place.1 + 90.0, 180.0, rows);
        cell
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Cell> {
        let accuracy = u8::try_from(name.len())
            .ok()
            .filter(|n| (1..=18).contains(n))?;
        let mut cell = Cell {
            column: 0,
            row: 0,
            accuracy,
        };
        let mut even = true;
        for b in name.bytes() {
            let digit = DIGITS.iter().position(|d| *d == b)?;
            for shift in (0..5).rev() {
                let bit = u64::from(digit >> shift & 1 == 1);
                let part = if even {
                    &mut cell.column
                } else {
                    &mut cell.row
                };
                *part = *part << 1 | bit;
                even = !even;
            }
        }
        Some(cell)
    }

    /// Writes the name.
    pub fn write(self, out: &mut String) {
        let (mut x, mut y) = self.bits();
        let mut even = true;
        for _ in 0..self.accuracy {
            let mut digit = 0usize;
            for _ in 0..5 {
                let (part, left) = if even {
                    (self.column, &mut x)
                } else {
                    (self.row, &mut y)
                };
                *left = left.saturating_sub(1);
                digit = digit << 1 | usize::from(part >> *left & 1 == 1);
                even = !even;
            }
            out.extend(DIGITS.get(digit).map(|b| char::from(*b)));
        }
    }

    /// West, south, east and north in degrees.
    #[allow(clippy::cast_precision_loss)]
    pub fn bounds(self) -> (f64, f64, f64, f64) {
        let (columns, rows) = self.size();
        let lng = |c: u64| c as f64 / columns as f64 * 360.0 - 180.0;
        let lat = |r: u64| r as f64 / rows as f64 * 180.0 - 90.0;
        (
            lng(self.column),
            lat(self.row),
            lng(self.column + 1),
            lat(self.row + 1),
        )
    }

    /// The cell some columns and rows away: round the Earth, but not past a pole.
    pub fn step(self, columns: i64, rows: i64) -> Option<Cell> {
        let (width, height) = self.size();
        let column = self.column.wrapping_add_signed(columns) % width;
        let row = self.row.checked_add_signed(rows).filter(|r| *r < height)?;
        Some(Cell {
            column,
            row,
            ..self
        })
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss
)]
fn index(degrees: f64, whole: f64, cells: u64) -> u64 {
    ((degrees / whole * cells as f64) as u64).min(cells - 1)
}
