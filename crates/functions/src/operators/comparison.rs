//! `==`, `!=`, `<`, `<=`, `>`, `>=`, `between`, `!between` as values. (In a filter the planner compares natively.)
//!
//! `==` with one null is false, with two it is null; `!=` with one null is true, with two null. The others are null when an
//! operand is.

use crate::prelude::*;
use std::cmp::Ordering;

const PAIR: &[Param] = &[
    arg_of("left", Class::Scalar, "Left operand."),
    arg_of("right", Class::Scalar, "Right operand."),
];
const RANGE: &[Param] = &[
    arg_of("value", Class::Scalar, "The value."),
    arg_of("low", Class::Scalar, "The least value."),
    arg_of("high", Class::Scalar, "The greatest value."),
];

const TWO: &[Signature] = &[sig(PAIR, BOOL)];
const THREE: &[Signature] = &[sig(RANGE, BOOL)];

const fn operator(
    name: &'static str,
    summary: &'static str,
    params: &'static [Param],
    kernel: Kernel,
    examples: &'static [Example],
) -> FunctionSpec {
    let signatures = if params.len() == 2 { TWO } else { THREE };
    FunctionSpec {
        name,
        summary,
        signatures,
        result_name: ResultName::None,
        nulls: Nulls::Seen,
        volatility: Volatility::Immutable,
        lower: Lower::Kernel(kernel),
        examples,
        differs: "",
    }
}

/// `==`
pub const EQUAL: FunctionSpec = operator(
    "==",
    "True when both sides are equal; case counts.",
    PAIR,
    |args| equal(args, false),
    &[
        ex("1 == 1.0", "True"),
        ex("'a' == 'A'", "False"),
        ex("long(null) == 1", "False"),
        ex("long(null) == long(null)", "null"),
    ],
);
/// `!=`
pub const NOT_EQUAL: FunctionSpec = operator(
    "!=",
    "True when the sides differ; case counts.",
    PAIR,
    |args| equal(args, true),
    &[ex("1 != 2", "True"), ex("long(null) != 1", "True")],
);
/// `<`
pub const LESS: FunctionSpec = operator(
    "<",
    "True when the left side is less.",
    PAIR,
    |args| order(args, Ordering::is_lt),
    &[ex("1 < 2", "True")],
);
/// `<=`
pub const LESS_EQUAL: FunctionSpec = operator(
    "<=",
    "True when the left side is not greater.",
    PAIR,
    |args| order(args, Ordering::is_le),
    &[ex("2 <= 2", "True")],
);
/// `>`
pub const GREATER: FunctionSpec = operator(
    ">",
    "True when the left side is greater.",
    PAIR,
    |args| order(args, Ordering::is_gt),
    &[ex("long(null) > 1", "null")],
);
/// `>=`
pub const GREATER_EQUAL: FunctionSpec = operator(
    ">=",
    "True when the left side is not less.",
    PAIR,
    |args| order(args, Ordering::is_ge),
    &[ex("2 >= 2", "True")],
);
/// `between`
pub const BETWEEN: FunctionSpec = operator(
    "between",
    "True when the value lies in the range, ends included.",
    RANGE,
    |args| between(args, false),
    &[
        ex("5 between (1 .. 5)", "True"),
        ex("long(null) between (1 .. 5)", "null"),
    ],
);
/// `!between`
pub const NOT_BETWEEN: FunctionSpec = operator(
    "!between",
    "True when the value lies outside of the range.",
    RANGE,
    |args| between(args, true),
    &[ex("6 !between (1 .. 5)", "True")],
);

/// How two values of one type stand to each other; none when they have no order (NaN, nulls, arrays).
fn compare(a: &DynRef<'_>, b: &DynRef<'_>) -> Option<Ordering> {
    #[allow(clippy::cast_precision_loss)]
    match (a, b) {
        (DynRef::Bool(a), DynRef::Bool(b)) => Some(a.cmp(b)),
        (DynRef::Long(a), DynRef::Long(b))
        | (DynRef::DateTime(a), DynRef::DateTime(b))
        | (DynRef::TimeSpan(a), DynRef::TimeSpan(b)) => Some(a.cmp(b)),
        (DynRef::Real(a), DynRef::Real(b)) => a.partial_cmp(b),
        (DynRef::Long(a), DynRef::Real(b)) => (*a as f64).partial_cmp(b),
        (DynRef::Real(a), DynRef::Long(b)) => a.partial_cmp(&(*b as f64)),
        (DynRef::Decimal(a), DynRef::Decimal(b)) => Some(a.cmp(b)),
        (DynRef::String(a), DynRef::String(b)) => Some(a.cmp(b)),
        (DynRef::Guid(a), DynRef::Guid(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

fn equal(args: &Args<'_>, negated: bool) -> Result<ArrayRef> {
    if args.ty(0) == DYNAMIC && args.ty(1) == DYNAMIC {
        return Err(KernelError::new(
            "two dynamic values cannot be compared: convert them to a scalar type first",
        ));
    }
    let (a, b) = (args.any(0)?, args.any(1)?);
    bool_result(args.rows, |r| {
        let (a, b) = (a.get(r), b.get(r));
        match (a.is_null(), b.is_null()) {
            (true, true) => None,
            (true, false) | (false, true) => Some(negated),
            (false, false) => Some((compare(&a, &b) == Some(Ordering::Equal)) != negated),
        }
    })
}

fn order(args: &Args<'_>, holds: fn(Ordering) -> bool) -> Result<ArrayRef> {
    let (a, b) = (args.any(0)?, args.any(1)?);
    bool_result(args.rows, |r| {
        let (a, b) = (a.get(r), b.get(r));
        if a.is_null() || b.is_null() {
            return None;
        }
        Some(compare(&a, &b).is_some_and(holds))
    })
}

fn between(args: &Args<'_>, negated: bool) -> Result<ArrayRef> {
    let (v, lo, hi) = (args.any(0)?, args.any(1)?, args.any(2)?);
    bool_result(args.rows, |r| {
        let (v, lo, hi) = (v.get(r), lo.get(r), hi.get(r));
        if v.is_null() || lo.is_null() || hi.is_null() {
            return None;
        }
        let inside = compare(&v, &lo).is_some_and(Ordering::is_ge)
            && compare(&v, &hi).is_some_and(Ordering::is_le);
        Some(inside != negated)
    })
}
