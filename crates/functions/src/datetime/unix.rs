//! What the functions of times since 1970 share.

use super::calendar::in_range;
use crate::conversions::numbers::to_real;
use crate::prelude::*;
use kql_types::text::datetime::UNIX_EPOCH;

/// How long a unit is.
#[derive(Debug, Clone, Copy)]
pub enum Unit {
    /// So many ticks.
    Ticks(i64),
    /// So many of them are a tick.
    OfTick(i64),
}

/// The datetime so many units after 1970-01-01; none when there is no such datetime.
///
/// # Errors
/// None of the data's making.
pub fn since_1970(args: &Args<'_>, unit: Unit) -> Result<ArrayRef> {
    let after = |ticks: i64| UNIX_EPOCH.checked_add(ticks).and_then(in_range);
    if matches!(args.ty(0), INT | LONG) {
        let count = args.integer(0)?;
        return long_result(args.rows, |row| {
            let ticks = match unit {
                Unit::Ticks(n) => count(row)?.checked_mul(n)?,
                Unit::OfTick(n) => count(row)?.div_euclid(n),
            };
            after(ticks)
        });
    }
    let count = args.any(0)?;
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
    long_result(args.rows, |row| {
        let count = to_real(&count.get(row))?;
        let ticks = match unit {
            Unit::Ticks(n) => count * n as f64,
            Unit::OfTick(n) => count / n as f64,
        };
        if !ticks.is_finite() || ticks.abs() > 9e18 {
            return None;
        }
        after(ticks.round() as i64)
    })
}
