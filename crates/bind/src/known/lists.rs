//! Conditions that list the texts of one column: the shortest list takes the place of the first.

use super::{texts_compared, truth};
use crate::plan::{ColumnId, Expr, ExprKind, Relation, RelationKind};
use crate::rewrite::inputs_mut;
use kql_types::Type;
use std::collections::HashSet;

/// Puts a list of texts in place of a longer one of a condition below: the fewer rows, the earlier the better.
pub(super) fn without_repeats(r: &mut Relation) {
    if let RelationKind::Filter { input, predicate } = &mut r.kind {
        let parts = match &mut predicate.kind {
            ExprKind::And(parts) => std::mem::take(parts),
            kind => vec![Expr {
                kind: std::mem::replace(kind, truth(true)),
                ty: Type::Bool,
                span: predicate.span,
            }],
        };
        let mut left = Vec::with_capacity(parts.len());
        for part in parts {
            let said_below =
                listed(&part).is_some_and(|(key, texts)| shorten(input, key, &texts, &part));
            if !said_below {
                left.push(part);
            }
        }
        if left.is_empty() {
            let inner = input.take();
            r.kind = inner.kind;
            return without_repeats(r);
        }
        predicate.kind = match left.len() {
            1 => left.remove(0).kind,
            _ => ExprKind::And(left),
        };
    }
    inputs_mut(r).into_iter().for_each(without_repeats);
}

/// Puts `part`, which lists texts of a column, in place of a condition of the same rows that lists these and others.
fn shorten(r: &mut Relation, key: ColumnId, texts: &HashSet<String>, part: &Expr) -> bool {
    let (input, predicate) = match &mut r.kind {
        RelationKind::Extend { input, .. } => return shorten(input, key, texts, part),
        RelationKind::Filter { input, predicate } => (input, predicate),
        _ => return false,
    };
    let longer = |e: &Expr| listed(e).is_some_and(|(k, all)| k == key && texts.is_subset(&all));
    let found = match &mut predicate.kind {
        ExprKind::And(parts) => parts.iter_mut().find(|p| longer(p)),
        _ => longer(predicate).then_some(predicate),
    };
    match found {
        Some(place) => {
            place.kind = part.kind.clone();
            true
        }
        None => shorten(input, key, texts, part),
    }
}

/// The string column and the texts of a condition that lists them.
fn listed(e: &Expr) -> Option<(ColumnId, HashSet<String>)> {
    let ExprKind::Call {
        function,
        arguments,
    } = &e.kind
    else {
        return None;
    };
    let first = arguments.first()?;
    let ExprKind::Column(key) = first.kind else {
        return None;
    };
    if !matches!(function.as_str(), "==" | "in") || first.ty != Type::String {
        return None;
    }
    let texts = texts_compared(arguments, Some(key))?;
    Some((key, texts.into_iter().map(str::to_owned).collect()))
}
