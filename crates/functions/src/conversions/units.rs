//! `convert_angle(value, from, to)` and its kind: a number of one unit as a number of another.
//!
//! Kusto converts by a published library, over a base unit and with that library's factors, some of which have few digits. These
//! are its factors of the edition that has the same units and gives the values of the reference pages.

use crate::prelude::*;

/// How a number of a unit becomes one of the base unit, and back.
#[derive(Clone, Copy)]
pub(super) enum Unit {
    /// So many of the base unit.
    Times(f64),
    /// So many make one base unit.
    Per(f64),
    /// Whatever it is.
    By(fn(f64) -> f64, fn(f64) -> f64),
}

impl Unit {
    fn to_base(self, x: f64) -> f64 {
        match self {
            Unit::Times(f) => x * f,
            Unit::Per(f) => x / f,
            Unit::By(to, _) => to(x),
        }
    }

    fn from_base(self, x: f64) -> f64 {
        match self {
            Unit::Times(f) => x / f,
            Unit::Per(f) => x * f,
            Unit::By(_, from) => from(x),
        }
    }
}

/// A unit by name; a prefix such as `Kilo` is a factor on the unit's own number.
pub(super) struct Named {
    pub name: &'static str,
    pub unit: Unit,
    pub prefix: f64,
}

pub(super) const fn unit(name: &'static str, unit: Unit) -> Named {
    Named {
        name,
        unit,
        prefix: 1.0,
    }
}

pub(super) const fn prefixed(name: &'static str, prefix: f64, unit: Unit) -> Named {
    Named { name, unit, prefix }
}

/// One function of the family.
pub(super) fn convert(args: &Args<'_>, units: &[Named]) -> Result<ArrayRef> {
    let (value, from, to) = (args.real(0)?, args.str(1)?, args.str(2)?);
    let find = |name: &str| {
        let same = |u: &&Named| u.name == name;
        let alike = |u: &Named| u.name.eq_ignore_ascii_case(name);
        match units.iter().find(same) {
            None if units.iter().any(alike) => Err(KernelError::new(format!(
                "`{name}` is the name of a unit in other letters"
            ))),
            found => Ok(found),
        }
    };
    try_real_result(args.rows, |row| {
        let (from, to) = (find(from.get(row))?, find(to.get(row))?);
        let (Some(from), Some(to), Some(x)) = (from, to, value.get(row)) else {
            return Ok(None);
        };
        if from.name == to.name {
            return Ok(Some(x));
        }
        let base = from.unit.to_base(x) * from.prefix;
        Ok(Some(to.unit.from_base(base) / to.prefix))
    })
}
