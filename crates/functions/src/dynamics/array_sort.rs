//! `array_sort_asc(array, ..., nulls_last)` and `array_sort_desc`.
//!
//! Of one array the result is that array, sorted. Of several it is an array of arrays, one a column: the binder makes columns of
//! them (`array1_sorted`, ...).

use crate::prelude::*;

/// `array_sort_asc`
pub const ASC: FunctionSpec = FunctionSpec {
    name: "array_sort_asc",
    summary: "Sorts an array upward (numbers, then texts, then guids, then the rest), and other arrays along with it. Nulls come last unless told otherwise.",
    signatures: &[
        sig(
            &[arg_of(
                "array",
                Class::DynamicArray,
                "The array to sort, then arrays that are put in the same order.",
            )
            .repeated(1, 64)],
            DYNAMIC,
        ),
        sig(
            &[
                arg_of(
                    "array",
                    Class::DynamicArray,
                    "The array to sort, then arrays that are put in the same order.",
                )
                .repeated(1, 64),
                arg("nulls_last", BOOL, "Whether nulls come last.").constant(),
            ],
            DYNAMIC,
        ),
    ],
    result_name: ResultName::Sorted,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(array_sort_asc),
    examples: &[
        ex("array_sort_asc(dynamic([1,3,4,5,2]))", "[1,2,3,4,5]"),
        ex(
            "array_sort_asc(dynamic([null,'blue','yellow','green',null]))",
            r#"["blue","green","yellow",null,null]"#,
        ),
        ex(
            "array_sort_asc(dynamic([null,'blue','yellow','green',null]), false)",
            r#"[null,null,"blue","green","yellow"]"#,
        ),
        ex("array_sort_asc(dynamic([3,1,'c','a']))", r#"[1,3,"a","c"]"#),
    ],
    differs: "",
};

/// `array_sort_desc`
pub const DESC: FunctionSpec = FunctionSpec {
    name: "array_sort_desc",
    summary: "Sorts an array downward (numbers, then texts, then guids, then the rest), and other arrays along with it. Nulls come last unless told otherwise.",
    signatures: &[
        sig(
            &[arg_of(
                "array",
                Class::DynamicArray,
                "The array to sort, then arrays that are put in the same order.",
            )
            .repeated(1, 64)],
            DYNAMIC,
        ),
        sig(
            &[
                arg_of(
                    "array",
                    Class::DynamicArray,
                    "The array to sort, then arrays that are put in the same order.",
                )
                .repeated(1, 64),
                arg("nulls_last", BOOL, "Whether nulls come last.").constant(),
            ],
            DYNAMIC,
        ),
    ],
    result_name: ResultName::Sorted,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(array_sort_desc),
    examples: &[
        ex("array_sort_desc(dynamic([1,3,4,5,2]))", "[5,4,3,2,1]"),
        ex(
            "array_sort_desc(dynamic([1,3,'a','c']))",
            r#"[3,1,"c","a"]"#,
        ),
    ],
    differs: "",
};

use super::elements::{take_apart, write_array};
use std::cmp::Ordering;

fn array_sort_asc(args: &Args<'_>) -> Result<ArrayRef> {
    sort(args, false)
}

fn array_sort_desc(args: &Args<'_>) -> Result<ArrayRef> {
    sort(args, true)
}

/// The kinds of elements in the order of both directions.
fn group(v: &DynRef<'_>) -> u8 {
    match v {
        DynRef::Long(_)
        | DynRef::Real(_)
        | DynRef::Decimal(_)
        | DynRef::DateTime(_)
        | DynRef::TimeSpan(_) => 0,
        DynRef::String(_) => 1,
        DynRef::Guid(_) => 2,
        _ => 3,
    }
}

fn within_group(a: &DynRef<'_>, b: &DynRef<'_>) -> Ordering {
    let ticks = |v: &DynRef<'_>| match *v {
        DynRef::Long(n) | DynRef::DateTime(n) | DynRef::TimeSpan(n) => Some(n),
        _ => None,
    };
    match (a, b) {
        (DynRef::String(a), DynRef::String(b)) => a.cmp(b),
        (DynRef::Guid(a), DynRef::Guid(b)) => a.cmp(b),
        (DynRef::Decimal(a), DynRef::Decimal(b)) => a.cmp(b),
        _ => match (ticks(a), ticks(b)) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => match (number(a), number(b)) {
                (Some(a), Some(b)) => a.total_cmp(&b),
                _ => a.bytes().cmp(&b.bytes()),
            },
        },
    }
}

#[allow(clippy::cast_precision_loss)]
fn number(v: &DynRef<'_>) -> Option<f64> {
    match *v {
        DynRef::Long(n) | DynRef::DateTime(n) | DynRef::TimeSpan(n) => Some(n as f64),
        DynRef::Real(x) => Some(x),
        DynRef::Decimal(d) => Some(d as f64 / 1e18),
        _ => None,
    }
}

fn sort(args: &Args<'_>, down: bool) -> Result<ArrayRef> {
    let (arrays, nulls_last) = match args.len().checked_sub(1) {
        Some(last) if args.ty(last) == Type::Bool => (last, Some(args.bool(last)?)),
        _ => (args.len(), None),
    };
    let columns = (0..arrays)
        .map(|i| args.dynamic(i))
        .collect::<Result<Vec<_>>>()?;
    let Some(first) = columns.first() else {
        return Err(KernelError::new("internal: no array to sort"));
    };
    let mut items = Vec::new();
    let mut order: Vec<usize> = Vec::new();
    let mut values: Vec<DynRef<'_>> = Vec::new();
    dyn_result(args.rows, |row, w| {
        let is_array = take_apart(first.get(row), &mut items);
        values.clear();
        values.extend(items.iter().map(|i| DynRef::new(i)));
        let last = nulls_last
            .as_ref()
            .is_none_or(|n| n.get(row) != Some(false));
        order.clear();
        order.extend(0..values.len());
        order.sort_by(|&i, &j| match (values.get(i), values.get(j)) {
            (Some(a), Some(b)) => (a.is_null() == last)
                .cmp(&(b.is_null() == last))
                .then_with(|| group(a).cmp(&group(b)))
                .then_with(|| {
                    let o = within_group(a, b);
                    if down { o.reverse() } else { o }
                }),
            _ => Ordering::Equal,
        });
        let sorted = |items: &[&[u8]], w: &mut DynWriter| {
            write_array(order.iter().filter_map(|&i| items.get(i)).copied(), w);
        };
        if columns.len() == 1 {
            if is_array {
                sorted(&items, w);
            }
            return;
        }
        w.begin_array();
        let mut other = Vec::new();
        for (i, column) in columns.iter().enumerate() {
            let fits = take_apart(column.get(row), &mut other) && is_array;
            if fits && (i == 0 || other.len() == items.len()) {
                sorted(&other, w);
            } else {
                w.null();
            }
        }
        w.end();
    })
}
