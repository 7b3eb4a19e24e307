//! Comparing a stored timestamp with a constant in the file's own unit, so that row groups and pages can be pruned.
//!
//! A constant between two stored values is rounded to the side that leaves the answer exact; one beyond the range of the
//! unit makes the answer the same for every row that is not null.

use crate::expr::compare::Op;
use crate::expr::literal::bool_lit;
use crate::expr::stored::EPOCH;
use crate::form::Form;
use arrow::datatypes::{DataType, TimeUnit};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::binary_expr;
use datafusion::prelude::Expr;

/// How many ticks one stored step is; none when a tick is several steps.
fn ticks_per_step(form: &Form) -> Option<Option<i64>> {
    match form {
        Form::Stored(DataType::Timestamp(unit, _)) => Some(match unit {
            TimeUnit::Second => Some(10_000_000),
            TimeUnit::Millisecond => Some(10_000),
            TimeUnit::Microsecond => Some(10),
            TimeUnit::Nanosecond => None,
        }),
        Form::Stored(DataType::Date32) => Some(Some(864_000_000_000)),
        _ => None,
    }
}

/// Nanoseconds in a tick.
const NANOS: i64 = 100;

/// A stored value as a constant.
fn constant(form: &Form, v: i64) -> Option<Expr> {
    let scalar = match form {
        Form::Stored(DataType::Timestamp(unit, zone)) => {
            let zone = zone.clone();
            match unit {
                TimeUnit::Second => ScalarValue::TimestampSecond(Some(v), zone),
                TimeUnit::Millisecond => ScalarValue::TimestampMillisecond(Some(v), zone),
                TimeUnit::Microsecond => ScalarValue::TimestampMicrosecond(Some(v), zone),
                TimeUnit::Nanosecond => ScalarValue::TimestampNanosecond(Some(v), zone),
            }
        }
        Form::Stored(DataType::Date32) => ScalarValue::Date32(Some(i32::try_from(v).ok()?)),
        _ => return None,
    };
    Some(Expr::Literal(scalar, None))
}

/// The stored value that is exactly this time, if there is one.
pub(crate) fn exactly(form: &Form, ticks: i64) -> Option<Option<Expr>> {
    let step = ticks_per_step(form)??;
    let since = ticks - EPOCH;
    Some(if since.rem_euclid(step) == 0 {
        constant(form, since.div_euclid(step))
    } else {
        None
    })
}

/// True exactly for the rows whose time compares so with the constant; none when the form is no stored time.
pub(crate) fn compare(column: &Expr, form: &Form, op: Op, ticks: i64) -> Option<Expr> {
    let step = ticks_per_step(form)?;
    let since = ticks.checked_sub(EPOCH)?;
    // The stored values that fall into the constant's tick are lo..=hi; none at all when lo > hi.
    let (lo, hi) = match step {
        Some(step) => {
            let below = since.div_euclid(step);
            let exact = since.rem_euclid(step) == 0;
            (if exact { below } else { below + 1 }, below)
        }
        None => match since.checked_mul(NANOS) {
            Some(lo) => (lo, lo.saturating_add(NANOS - 1)),
            None if since > 0 => return Some(beyond(column, op, true)),
            None => return Some(beyond(column, op, false)),
        },
    };
    let (Some(low), Some(high)) = (constant(form, lo), constant(form, hi)) else {
        return Some(beyond(column, op, since > 0));
    };
    let is = |op, value| binary_expr(column.clone(), op, value);
    use datafusion::logical_expr::Operator as O;
    Some(match op {
        Op::Gt => is(O::Gt, high),
        Op::Ge => is(O::GtEq, low),
        Op::Lt => is(O::Lt, low),
        Op::Le => is(O::LtEq, high),
        Op::Eq if lo == hi => is(O::Eq, low),
        Op::Eq if lo > hi => bool_lit(false),
        Op::Eq => is(O::GtEq, low).and(is(O::LtEq, high)),
        Op::Ne if lo == hi => is(O::IsDistinctFrom, low),
        Op::Ne if lo > hi => bool_lit(true),
        Op::Ne => column
            .clone()
            .is_null()
            .or(is(O::Lt, low))
            .or(is(O::Gt, high)),
    })
}

/// The constant lies above or below everything that the unit can hold.
fn beyond(column: &Expr, op: Op, above: bool) -> Expr {
    match op {
        Op::Eq => bool_lit(false),
        Op::Ne => bool_lit(true),
        Op::Lt | Op::Le if above => column.clone().is_not_null(),
        Op::Gt | Op::Ge if !above => column.clone().is_not_null(),
        _ => bool_lit(false),
    }
}
