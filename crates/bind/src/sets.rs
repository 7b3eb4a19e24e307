//! A set of a list needs no `distinct`.
//!
//! `x in (externaldata(y:string)[...] | distinct y)` asks for the values of a list, and the set that is made of them holds
//! each of them once anyway. A list has few values twice: to make it distinct before would only keep all of them twice.
//! Rows of a table have the same values many times, and there all threads group them faster than one fills a set.

use crate::defer::is_pure;
use crate::plan::{BoundQuery, Relation, RelationKind};
use kql_types::FunctionCatalog;

/// Takes `distinct` (groups of which nothing is counted) out of the lists whose values become sets.
pub fn repeat(query: &mut BoundQuery, functions: &dyn FunctionCatalog) {
    for set in &mut query.sets {
        each_row(set, functions);
    }
}

/// The relation with a row for each row of a group, where what stands above looks at every row by itself.
fn each_row(r: &mut Relation, functions: &dyn FunctionCatalog) {
    match &mut r.kind {
        RelationKind::Extend { input, assignments }
            if assignments.iter().all(|a| is_pure(&a.value, functions)) =>
        {
            each_row(input, functions);
        }
        RelationKind::Filter { input, predicate } if is_pure(predicate, functions) => {
            each_row(input, functions);
        }
        RelationKind::Aggregate {
            input,
            keys,
            aggregates,
        } if aggregates.is_empty() && !keys.is_empty() && is_list(input) => {
            r.kind = RelationKind::Extend {
                input: Box::new(input.take()),
                assignments: std::mem::take(keys),
            };
            each_row(r, functions);
        }
        _ => {}
    }
}

/// Whether a relation is a list from outside, or of the query itself.
fn is_list(r: &Relation) -> bool {
    match &r.kind {
        RelationKind::External { .. } | RelationKind::Values { .. } => true,
        RelationKind::Extend { input, .. } | RelationKind::Filter { input, .. } => is_list(input),
        _ => false,
    }
}
