//! Work that depends on the keys of a `summarize` alone is done once a group and not once a row.
//!
//! In `T | extend d = extract(..., Host) | where d !in (Known) | summarize sum(Bytes) by d, Host` both steps depend on
//! `Host` only, and `Host` is a key. So the rows are grouped by `Host`, and `d` and the filter are worked out for the
//! groups: the same answer with fewer calls and one key less to hash.
//!
//! What is moved: computed keys whose value follows from other keys, and conditions that say what a row must *not* be,
//! since such conditions keep most rows. A positive condition stays below, where it makes the groups fewer. Nothing that
//! is volatile is moved, and keys of type `real`, `decimal` and `dynamic` carry nothing: values of theirs that are equal
//! as keys may still be told apart by a function.

use crate::plan::{
    Aggregate, Assignment, BoundQuery, ColumnId, Expr, ExprKind, PathStep, Relation, RelationKind,
};
use crate::prune::{columns_of, merge_extends};
use crate::rewrite::inputs_mut;
use kql_types::{FunctionCatalog, Type, Volatility};
use std::collections::{HashMap, HashSet};

/// Moves work above the aggregations of a query.
pub fn defer(query: &mut BoundQuery, functions: &dyn FunctionCatalog) {
    for r in query.relations_mut() {
        relation(r, functions);
    }
}

fn relation(r: &mut Relation, functions: &dyn FunctionCatalog) {
    if matches!(&r.kind, RelationKind::Aggregate { keys, .. } if !keys.is_empty()) {
        aggregation(r, functions);
    }
    inputs_mut(r)
        .into_iter()
        .for_each(|i| relation(i, functions));
}

/// A step of the chain below an aggregation, from the aggregation down.
enum Link {
    Condition(Expr),
    Column(Assignment),
}

fn aggregation(r: &mut Relation, functions: &dyn FunctionCatalog) {
    let RelationKind::Aggregate {
        input,
        keys,
        aggregates,
    } = &mut r.kind
    else {
        return;
    };
    let chain = chain(input);
    let Some(moved) = choose(&chain, keys, aggregates, functions) else {
        return;
    };
    // The output id of each key that stays, by the column that it is.
    let mut renamed: HashMap<ColumnId, ColumnId> = HashMap::new();
    for k in keys.iter() {
        if let ExprKind::Column(id) = k.value.kind {
            renamed.entry(id).or_insert(k.id);
        }
    }
    let made_above: HashSet<ColumnId> = moved
        .iter()
        .filter_map(|i| match chain.get(*i) {
            Some(Link::Column(a)) => Some(a.id),
            _ => None,
        })
        .collect();
    // A key that is made above may stand twice; the first takes the place, the others copy it.
    let mut copies = Vec::new();
    let mut taken = HashSet::new();
    keys.retain(|k| match k.value.kind {
        ExprKind::Column(id) if made_above.contains(&id) => {
            if !taken.insert(id) {
                copies.push((k.id, id, k.value.clone()));
            }
            false
        }
        _ => true,
    });
    let mut above = Vec::new();
    let mut below = Vec::new();
    for (i, link) in chain.into_iter().enumerate() {
        if moved.contains(&i) {
            above.push(link);
        } else {
            below.push(link);
        }
    }
    let span = r.span;
    let fields = r.fields.clone();
    let ordered = r.ordered;
    let bottom = input.take();
    **input = rebuild(bottom_of(bottom), below);
    let aggregate = std::mem::replace(&mut r.kind, Relation::nothing(span).kind);
    let mut top = Relation {
        kind: aggregate,
        fields: fields.clone(),
        span,
        ordered: false,
    };
    if above.iter().any(|l| matches!(l, Link::Condition(_))) {
        top = top.over(|input| RelationKind::Fence { input });
    }
    for link in &mut above {
        match link {
            Link::Condition(e) => rename(e, &renamed),
            Link::Column(a) => {
                rename(&mut a.value, &renamed);
                if let Some(id) = renamed.get(&a.id) {
                    a.id = *id;
                }
            }
        }
    }
    top = rebuild(top, above);
    if !copies.is_empty() {
        let assignments = copies
            .into_iter()
            .map(|(id, from, mut value)| {
                value.kind = ExprKind::Column(renamed.get(&from).copied().unwrap_or(from));
                Assignment { id, value }
            })
            .collect();
        top = top.over(|input| RelationKind::Extend { input, assignments });
    }
    *r = top;
    r.fields = fields;
    r.ordered = ordered;
}

/// The conditions and computed columns between an aggregation and the first other step, from the top down. A condition
/// of several parts is several links.
fn chain(input: &Relation) -> Vec<Link> {
    let mut out = Vec::new();
    let mut at = input;
    loop {
        match &at.kind {
            RelationKind::Filter { input, predicate } => {
                match &predicate.kind {
                    ExprKind::And(parts) => {
                        out.extend(parts.iter().rev().cloned().map(Link::Condition));
                    }
                    _ => out.push(Link::Condition(predicate.clone())),
                }
                at = input;
            }
            RelationKind::Extend { input, assignments } => {
                out.extend(assignments.iter().rev().cloned().map(Link::Column));
                at = input;
            }
            _ => return out,
        }
    }
}

/// What stands below the chain.
fn bottom_of(mut r: Relation) -> Relation {
    loop {
        r = match r.kind {
            RelationKind::Filter { input, .. } | RelationKind::Extend { input, .. } => *input,
            kind => return Relation { kind, ..r },
        };
    }
}

/// Which links of the chain are moved; none when none is.
fn choose(
    chain: &[Link],
    keys: &[Assignment],
    aggregates: &[Aggregate],
    functions: &dyn FunctionCatalog,
) -> Option<HashSet<usize>> {
    let made: HashSet<ColumnId> = chain
        .iter()
        .filter_map(|l| match l {
            Link::Column(a) => Some(a.id),
            Link::Condition(_) => None,
        })
        .collect();
    let plain_keys: HashMap<ColumnId, Type> = keys
        .iter()
        .filter_map(|k| match k.value.kind {
            ExprKind::Column(id) => Some((id, k.value.ty)),
            _ => None,
        })
        .collect();
    let carries = |ty: Type| !matches!(ty, Type::Real | Type::Decimal | Type::Dynamic);
    // What is known of a group: its keys, and what follows from them.
    let mut known: HashSet<ColumnId> = plain_keys
        .iter()
        .filter(|(id, ty)| !made.contains(id) && carries(**ty))
        .map(|(id, _)| *id)
        .collect();
    let mut candidates: HashSet<usize> = HashSet::new();
    for (i, link) in chain.iter().enumerate().rev() {
        match link {
            Link::Column(a) => {
                if follows(&a.value, &known) && is_pure(&a.value, functions) {
                    known.insert(a.id);
                    candidates.insert(i);
                } else if plain_keys.contains_key(&a.id) && carries(a.value.ty) {
                    known.insert(a.id);
                }
            }
            Link::Condition(e) => {
                if is_negative(e) && follows(e, &known) && is_pure(e, functions) {
                    candidates.insert(i);
                }
            }
        }
    }
    // Whatever stays needs its columns below; that may keep more.
    loop {
        let mut needed: HashSet<ColumnId> = HashSet::new();
        let mut add = |e: &Expr| {
            columns_of(e, &mut |id| {
                needed.insert(id);
            });
        };
        for k in keys {
            if !matches!(k.value.kind, ExprKind::Column(_)) {
                add(&k.value);
            }
        }
        for a in aggregates {
            a.arguments.iter().for_each(&mut add);
            a.filter.iter().for_each(&mut add);
        }
        for (i, link) in chain.iter().enumerate() {
            if !candidates.contains(&i) {
                match link {
                    Link::Condition(e) => add(e),
                    Link::Column(a) => add(&a.value),
                }
            }
        }
        let above: HashSet<ColumnId> = candidates
            .iter()
            .filter_map(|i| match chain.get(*i) {
                Some(Link::Column(a)) => Some(a.id),
                _ => None,
            })
            .collect();
        let before = candidates.len();
        candidates.retain(|i| {
            let (uses, makes) = match chain.get(*i) {
                Some(Link::Condition(e)) => (e, None),
                Some(Link::Column(a)) => (&a.value, Some(a.id)),
                None => return false,
            };
            let mut there = true;
            columns_of(uses, &mut |id| {
                there &= above.contains(&id) || plain_keys.contains_key(&id);
            });
            there && makes.is_none_or(|id| !needed.contains(&id))
        });
        if candidates.len() == before {
            break;
        }
    }
    (!candidates.is_empty()).then_some(candidates)
}

fn follows(e: &Expr, known: &HashSet<ColumnId>) -> bool {
    let mut all = true;
    let mut any = false;
    columns_of(e, &mut |id| {
        any = true;
        all &= known.contains(&id);
    });
    all && any
}

/// Whether a condition says what a row must not be.
fn is_negative(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Not(_) => true,
        ExprKind::InSet { negated, .. } => *negated,
        ExprKind::Call { function, .. } => function.starts_with('!') && function != "!=",
        _ => false,
    }
}

/// Whether an expression gives the same value whenever it is computed.
pub(crate) fn is_pure(e: &Expr, functions: &dyn FunctionCatalog) -> bool {
    match &e.kind {
        ExprKind::Literal(_) | ExprKind::Column(_) | ExprKind::Scalar(_) => true,
        ExprKind::Call {
            function,
            arguments,
        } => {
            functions
                .scalar(function)
                .is_some_and(|f| f.volatility != Volatility::Volatile)
                && arguments.iter().all(|a| is_pure(a, functions))
        }
        ExprKind::Cast(x) | ExprKind::Not(x) => is_pure(x, functions),
        ExprKind::Case {
            branches,
            otherwise,
        } => {
            branches
                .iter()
                .all(|(c, v)| is_pure(c, functions) && is_pure(v, functions))
                && is_pure(otherwise, functions)
        }
        ExprKind::And(xs) | ExprKind::Or(xs) => xs.iter().all(|x| is_pure(x, functions)),
        ExprKind::InSet { value, .. } => is_pure(value, functions),
        ExprKind::Path { base, steps } => {
            is_pure(base, functions)
                && steps.iter().all(|s| match s {
                    PathStep::Computed(e) => is_pure(e, functions),
                    PathStep::Key(_) | PathStep::Index(_) => true,
                })
        }
    }
}

/// Puts links, given from the top down, over a relation.
fn rebuild(mut r: Relation, links: Vec<Link>) -> Relation {
    for link in links.into_iter().rev() {
        r = match link {
            Link::Condition(predicate) => r.over(|input| RelationKind::Filter { input, predicate }),
            Link::Column(a) => {
                let mut r = r.over(|input| RelationKind::Extend {
                    input,
                    assignments: vec![a],
                });
                merge_extends(&mut r);
                r
            }
        };
    }
    r
}

fn rename(e: &mut Expr, renamed: &HashMap<ColumnId, ColumnId>) {
    match &mut e.kind {
        ExprKind::Literal(_) | ExprKind::Scalar(_) => {}
        ExprKind::Column(id) => {
            if let Some(new) = renamed.get(id) {
                *id = *new;
            }
        }
        ExprKind::Call { arguments, .. } => arguments.iter_mut().for_each(|a| rename(a, renamed)),
        ExprKind::Cast(x) | ExprKind::Not(x) => rename(x, renamed),
        ExprKind::Case {
            branches,
            otherwise,
        } => {
            for (c, v) in branches {
                rename(c, renamed);
                rename(v, renamed);
            }
            rename(otherwise, renamed);
        }
        ExprKind::And(xs) | ExprKind::Or(xs) => xs.iter_mut().for_each(|x| rename(x, renamed)),
        ExprKind::InSet { value, .. } => rename(value, renamed),
        ExprKind::Path { base, steps } => {
            rename(base, renamed);
            for s in steps {
                if let PathStep::Computed(e) = s {
                    rename(e, renamed);
                }
            }
        }
    }
}
