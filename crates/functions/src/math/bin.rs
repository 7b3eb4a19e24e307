//! `bin(value, roundTo)`, `floor(value, roundTo)`: down to a multiple.

use crate::prelude::*;

const SIGNATURES: &[Signature] = &[
    sig_as(
        &[
            arg_of("value", Class::Number, "The value."),
            arg_of("roundTo", Class::Number, "The width of a bin."),
        ],
        Returns::Widest,
    ),
    sig(
        &[
            arg("value", TIMESPAN, "The value."),
            arg("roundTo", TIMESPAN, "The width of a bin."),
        ],
        TIMESPAN,
    ),
    sig(
        &[
            arg("value", DATETIME, "The value."),
            arg("roundTo", TIMESPAN, "The width of a bin."),
        ],
        DATETIME,
    ),
];

const DIFFERS: &str = "A negative width of a timespan or datetime is null, as documented; of numbers a real engine counts on, against the reference.";

/// `bin`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "bin",
    summary: "The start of the bin that holds the value: the greatest multiple of the width that is not greater.",
    signatures: SIGNATURES,
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(bin),
    examples: &[
        ex("bin(7, 5)", "5"),
        ex("bin(-7, 5)", "-10"),
        ex("bin(4.5, 1)", "4.0"),
        ex("bin(7, -5)", "10"),
        ex("bin(7, 0)", "null"),
        ex("bin(7.5, 0)", "NaN"),
        ex("bin(decimal(-1.5), decimal(1))", "-2"),
        ex("bin(14d + 3h, 1d)", "14.00:00:00"),
        ex(
            "bin(datetime(2007-03-05 12:34), 1d)",
            "2007-03-05T00:00:00.0000000Z",
        ),
        ex("bin(datetime(2007-03-05), -1d)", "null"),
    ],
    differs: DIFFERS,
};

/// `floor`
pub const FLOOR: FunctionSpec = FunctionSpec {
    name: "floor",
    summary: "The same as `bin`.",
    signatures: SIGNATURES,
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(bin),
    examples: &[ex("floor(-7, 5)", "-10"), ex("floor(7.5, 0.5)", "7.5")],
    differs: DIFFERS,
};

fn bin(args: &Args<'_>) -> Result<ArrayRef> {
    match args.ty(0) {
        REAL => {
            let (a, b) = (args.real(0)?, args.real(1)?);
            real_result(args.rows, |row| {
                Some((a.value(row) / b.value(row)).floor() * b.value(row))
            })
        }
        INT => {
            let (a, b) = (args.int(0)?, args.int(1)?);
            int_result(args.rows, |row| {
                let (a, b) = (i64::from(a.value(row)), i64::from(b.value(row)));
                down(a, b).and_then(|n| i32::try_from(n).ok())
            })
        }
        DECIMAL => {
            let (a, b) = (args.decimal(0)?, args.decimal(1)?);
            decimal_result(args.rows, |row| {
                let (a, b) = (a.value(row), b.value(row));
                (b > 0).then(|| a.checked_sub(a.rem_euclid(b)))?
            })
        }
        ty => {
            let (a, b) = (args.long(0)?, args.long(1)?);
            let numbers = ty == LONG;
            let known = b.get(0).filter(|_| b.is_constant());
            if let Some(width) = known.filter(|w| *w > 0) {
                let mut bins = Bins::new(width, 0);
                return long_result(args.rows, |row| bins.of(a.value(row)));
            }
            long_result(args.rows, |row| {
                let width = b.value(row);
                (width > 0 || numbers).then(|| down(a.value(row), width))?
            })
        }
    }
}

/// The bins of a width that start at a point. Rows of a log come by time: a number in the bin of the one before it is not
/// divided.
pub(super) struct Bins {
    width: i64,
    point: i64,
    /// The bin of the last number, from its first number to its last.
    first: i64,
    last: i64,
}

impl Bins {
    /// Bins of a width above nought.
    pub(super) fn new(width: i64, point: i64) -> Self {
        Bins {
            width,
            point,
            first: 1,
            last: 0,
        }
    }

    /// Where the bin of a number starts; none when that is out of range.
    #[inline]
    pub(super) fn of(&mut self, value: i64) -> Option<i64> {
        if value < self.first || value > self.last {
            let behind = value.checked_sub(self.point)?.rem_euclid(self.width);
            self.first = value.checked_sub(behind)?;
            self.last = self.first.saturating_add(self.width - 1);
        }
        Some(self.first)
    }
}

/// The whole quotient, rounded down, times the width; none for a width of nothing or a result out of range.
fn down(value: i64, width: i64) -> Option<i64> {
    let quotient = value.checked_div(width)?;
    let below = value % width != 0 && (value < 0) != (width < 0);
    quotient.checked_sub(i64::from(below))?.checked_mul(width)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that stay in a bin, leave it and lie at the ends have the bins that dividing each of them gives.
    #[test]
    fn bins_are_those_of_dividing() {
        let ends = [i64::MIN, i64::MIN + 1, i64::MAX - 1, i64::MAX, 0, -1, 1];
        for (width, point) in [(1, 0), (7, 3), (1000, -999), (i64::MAX, 5), (10, i64::MAX)] {
            let mut bins = Bins::new(width, point);
            let near = (0..200).map(|i: i64| i * i % 61 - 30);
            for value in near.chain(ends).chain(ends) {
                let behind = value.checked_sub(point).map(|d| d.rem_euclid(width));
                let want = behind.and_then(|b| value.checked_sub(b));
                assert_eq!(bins.of(value), want, "{value} {width} {point}");
            }
        }
    }
}
