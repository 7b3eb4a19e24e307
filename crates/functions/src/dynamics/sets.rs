//! Arrays as sets: `set_union`, `set_intersect`, `set_difference`, `set_equals`, `jaccard_index`.
//!
//! Results keep the order of first appearance.

use crate::prelude::*;

/// `set_union`
pub const UNION: FunctionSpec = FunctionSpec {
    name: "set_union",
    summary: "Returns the distinct elements of all arrays.",
    signatures: &[sig(
        &[arg_of("set", Class::DynamicArray, "An array.").repeated(2, 64)],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(set_union),
    examples: &[
        ex(
            "set_union(dynamic([1,2,1,4]), dynamic([1,2]), dynamic([8]))",
            "[1,2,4,8]",
        ),
        ex(
            "set_union(dynamic(['A4','A2','A4']), dynamic([]))",
            r#"["A4","A2"]"#,
        ),
    ],
    differs: "What an argument that is no array does is not documented; the result is null then.",
};

/// `set_intersect`
pub const INTERSECT: FunctionSpec = FunctionSpec {
    name: "set_intersect",
    summary: "Returns the distinct elements that every array has.",
    signatures: &[sig(
        &[arg_of("set", Class::DynamicArray, "An array.").repeated(2, 64)],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(set_intersect),
    examples: &[
        ex(
            "set_intersect(dynamic([1,2,1,4]), dynamic([1,2]), dynamic([8,1]))",
            "[1]",
        ),
        ex("set_intersect(dynamic([1,2,3]), dynamic([4,5]))", "[]"),
    ],
    differs: "What an argument that is no array does is not documented; the result is null then.",
};

/// `set_difference`
pub const DIFFERENCE: FunctionSpec = FunctionSpec {
    name: "set_difference",
    summary: "Returns the distinct elements of the first array that no other array has.",
    signatures: &[sig(
        &[arg_of("set", Class::DynamicArray, "An array.").repeated(2, 64)],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(set_difference),
    examples: &[
        ex(
            "set_difference(dynamic([1,2,1,4]), dynamic([1]), dynamic([2,8]))",
            "[4]",
        ),
        ex("set_difference(dynamic([1,2,3]), dynamic([1,2,3]))", "[]"),
    ],
    differs: "What an argument that is no array does is not documented; the result is null then.",
};

/// `set_equals`
pub const EQUALS: FunctionSpec = FunctionSpec {
    name: "set_equals",
    summary: "Whether two arrays have the same distinct elements.",
    signatures: &[sig(
        &[
            arg_of("set1", Class::DynamicArray, "An array."),
            arg_of("set2", Class::DynamicArray, "An array."),
        ],
        BOOL,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(set_equals),
    examples: &[
        ex("set_equals(dynamic([1,2,1]), dynamic([2,1]))", "True"),
        ex("set_equals(dynamic([1,2]), dynamic([1]))", "False"),
    ],
    differs: "What an argument that is no array does is not documented; the result is null then.",
};

/// `jaccard_index`
pub const JACCARD: FunctionSpec = FunctionSpec {
    name: "jaccard_index",
    summary: "Returns how many distinct elements two arrays share, divided by how many they have together.",
    signatures: &[sig(
        &[arg_of("set", Class::DynamicArray, "An array.").repeated(2, 2)],
        DYNAMIC,
    )],
    result_name: ResultName::None,
    nulls: Nulls::Strict,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(jaccard_index),
    examples: &[
        ex(
            "jaccard_index(dynamic([1,2,3]), dynamic([1,2,3,4]))",
            "0.75",
        ),
        ex("jaccard_index(dynamic([1,1]), dynamic([1]))", "1.0"),
    ],
    differs: "Of two empty arrays the result is not documented; here it is NaN.",
};

use super::elements::key;
use hashbrown::{HashMap, HashSet};
use std::borrow::Cow;

type Key<'a> = Cow<'a, [u8]>;

fn columns<'a>(args: &Args<'a>) -> Result<Vec<Dyns<'a>>> {
    (0..args.len()).map(|i| args.dynamic(i)).collect()
}

/// All arguments of the row as arrays, or none.
fn arrays<'a>(
    columns: &[Dyns<'a>],
    row: usize,
    out: &mut Vec<kql_types::dynamic::ArrayRef<'a>>,
) -> bool {
    out.clear();
    out.extend(columns.iter().filter_map(|c| match c.get(row) {
        DynRef::Array(a) => Some(a),
        _ => None,
    }));
    out.len() == columns.len()
}

fn set_union(args: &Args<'_>) -> Result<ArrayRef> {
    let columns = columns(args)?;
    let (mut sets, mut seen) = (Vec::new(), HashSet::<Key<'_>>::new());
    dyn_result(args.rows, |row, w| {
        if !arrays(&columns, row, &mut sets) {
            return;
        }
        seen.clear();
        w.begin_array();
        for item in sets.iter().flat_map(|s| s.raw()) {
            if seen.insert(key(item)) {
                w.raw(item);
            }
        }
        w.end();
    })
}

/// Writes the distinct elements of the first array that are in `keep(how many of the others)`.
fn filter_first(args: &Args<'_>, keep: impl Fn(usize, usize) -> bool) -> Result<ArrayRef> {
    let columns = columns(args)?;
    // How many of the other arrays have the element, and the last that was seen to.
    let (mut sets, mut counts) = (Vec::new(), HashMap::<Key<'_>, (usize, usize)>::new());
    dyn_result(args.rows, |row, w| {
        if !arrays(&columns, row, &mut sets) {
            return;
        }
        counts.clear();
        let Some((first, others)) = sets.split_first() else {
            return;
        };
        for item in first.raw() {
            counts.insert(key(item), (0, 0));
        }
        for (i, other) in others.iter().enumerate() {
            for item in other.raw() {
                if let Some((n, last)) = counts.get_mut(&key(item))
                    && *last <= i
                {
                    *n += 1;
                    *last = i + 1;
                }
            }
        }
        w.begin_array();
        for item in first.raw() {
            // Taken out, so that a repeated element is written once.
            if let Some((n, _)) = counts.remove(&key(item))
                && keep(n, others.len())
            {
                w.raw(item);
            }
        }
        w.end();
    })
}

fn set_intersect(args: &Args<'_>) -> Result<ArrayRef> {
    filter_first(args, |n, others| n == others)
}

fn set_difference(args: &Args<'_>) -> Result<ArrayRef> {
    filter_first(args, |n, _| n == 0)
}

/// How many distinct elements are in both, and in either.
fn overlap(args: &Args<'_>, mut f: impl FnMut(usize, Option<(usize, usize)>)) -> Result<()> {
    let columns = columns(args)?;
    let mut sets = Vec::new();
    let (mut left, mut right) = (HashSet::<Key<'_>>::new(), HashSet::<Key<'_>>::new());
    for row in 0..args.rows {
        if !arrays(&columns, row, &mut sets) {
            f(row, None);
            continue;
        }
        left.clear();
        right.clear();
        if let [a, b] = sets.as_slice() {
            left.extend(a.raw().map(key));
            right.extend(b.raw().map(key));
        }
        let both = left.iter().filter(|k| right.contains(*k)).count();
        f(row, Some((both, left.len() + right.len() - both)));
    }
    Ok(())
}

fn set_equals(args: &Args<'_>) -> Result<ArrayRef> {
    let mut out = Vec::with_capacity(args.rows);
    overlap(args, |_, n| out.push(n.map(|(both, all)| both == all)))?;
    bool_result(args.rows, |row| out.get(row).copied().flatten())
}

fn jaccard_index(args: &Args<'_>) -> Result<ArrayRef> {
    let mut out = Vec::with_capacity(args.rows);
    #[allow(clippy::cast_precision_loss)]
    overlap(args, |_, n| {
        out.push(n.map(|(both, all)| both as f64 / all as f64));
    })?;
    dyn_result(args.rows, |row, w| {
        if let Some(x) = out.get(row).copied().flatten() {
            w.real(x);
        }
    })
}
