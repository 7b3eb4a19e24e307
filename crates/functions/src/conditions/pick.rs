//! Row by row one of the arguments.

use crate::prelude::*;
use std::cmp::Ordering;

/// The argument that is greater (or less) than the others.
///
/// # Errors
/// None of the data's making.
pub fn extreme(args: &Args<'_>, want: Ordering) -> Result<ArrayRef> {
    pick(args, |values, row| {
        let mut best: Option<usize> = None;
        for (i, v) in values.iter().enumerate() {
            let v = v.get(row);
            if v.is_null() {
                continue;
            }
            let better = match best {
                None => true,
                Some(b) => order(&v, &values[b].get(row)) == want,
            };
            if better {
                best = Some(i);
            }
        }
        best
    })
}

fn order(a: &DynRef<'_>, b: &DynRef<'_>) -> Ordering {
    match (a, b) {
        (DynRef::Long(a), DynRef::Long(b))
        | (DynRef::DateTime(a), DynRef::DateTime(b))
        | (DynRef::TimeSpan(a), DynRef::TimeSpan(b)) => a.cmp(b),
        (DynRef::Real(a), DynRef::Real(b)) => a.partial_cmp(b).unwrap_or(Ordering::Equal),
        (DynRef::Decimal(a), DynRef::Decimal(b)) => a.cmp(b),
        (DynRef::String(a), DynRef::String(b)) => a.cmp(b),
        (DynRef::Bool(a), DynRef::Bool(b)) => a.cmp(b),
        (DynRef::Guid(a), DynRef::Guid(b)) => a.cmp(b),
        _ => Ordering::Equal,
    }
}

/// Row by row one of the arguments: the function gives its place, none is null.
///
/// # Errors
/// None of the data's making.
pub fn pick(
    args: &Args<'_>,
    choose: impl Fn(&[Any<'_>], usize) -> Option<usize>,
) -> Result<ArrayRef> {
    let values = (0..args.len())
        .map(|i| args.any(i))
        .collect::<Result<Vec<_>>>()?;
    let mut out = Vec::with_capacity(args.rows);
    for row in 0..args.rows {
        out.push(match choose(&values, row) {
            Some(i) => values[i].to_value(row),
            None => Value::null(args.returns),
        });
    }
    array_from_values(args.returns, &out)
}
