//! A predicate over the columns of a union in terms of each table's columns.
//!
//! All tables of a workspace together have thousands of columns, and `search "x"` asks each of them; a table has some tens.
//! So what looks for a term in a column is found by the column.

use crate::plan::{ColumnId, Expr, ExprKind, PathStep};
use kql_types::{Type, Value};
use std::collections::{HashMap, HashSet};

/// What stands for the union's columns in one table; it lacks the others.
pub(super) type Leg<'e> = HashMap<ColumnId, &'e Expr>;

/// A predicate that is put in terms of many tables.
pub(super) struct ByLeg<'e> {
    expr: &'e Expr,
    /// The union's columns.
    all: &'e HashSet<ColumnId>,
    shape: Shape<'e>,
}

enum Shape<'e> {
    All(Vec<ByLeg<'e>>),
    Any {
        items: &'e [Expr],
        /// Places of the items that look for a term in a column.
        terms: HashMap<ColumnId, Vec<usize>>,
        others: Vec<(usize, ByLeg<'e>)>,
    },
    Not(Box<ByLeg<'e>>),
    Other,
}

impl<'e> ByLeg<'e> {
    /// The predicate over these columns.
    pub(super) fn of(expr: &'e Expr, all: &'e HashSet<ColumnId>) -> Self {
        let shape = match &expr.kind {
            ExprKind::And(items) => Shape::All(items.iter().map(|i| ByLeg::of(i, all)).collect()),
            ExprKind::Or(items) => {
                let mut terms: HashMap<ColumnId, Vec<usize>> = HashMap::new();
                let mut others = Vec::new();
                for (place, item) in items.iter().enumerate() {
                    match term_column(item).filter(|c| all.contains(c)) {
                        Some(column) => terms.entry(column).or_default().push(place),
                        None => others.push((place, ByLeg::of(item, all))),
                    }
                }
                Shape::Any {
                    items,
                    terms,
                    others,
                }
            }
            ExprKind::Not(inner) => Shape::Not(Box::new(ByLeg::of(inner, all))),
            _ => Shape::Other,
        };
        ByLeg { expr, all, shape }
    }

    /// The predicate in terms of a table's columns.
    pub(super) fn in_leg(&self, leg: &Leg<'_>) -> Expr {
        match &self.shape {
            Shape::All(items) => joined(self.expr, items.iter().map(|i| i.in_leg(leg))),
            Shape::Any {
                items,
                terms,
                others,
            } => {
                let mut places: Vec<(usize, Option<&ByLeg<'_>>)> = others
                    .iter()
                    .map(|(place, other)| (*place, Some(other)))
                    .collect();
                let of_leg = leg.keys().filter_map(|c| terms.get(c)).flatten();
                places.extend(of_leg.map(|place| (*place, None)));
                places.sort_unstable_by_key(|(place, _)| *place);
                let parts = places.into_iter().filter_map(|(place, other)| match other {
                    Some(other) => Some(other.in_leg(leg)),
                    None => Some(in_leg(items.get(place)?, leg, self.all)),
                });
                joined(self.expr, parts)
            }
            Shape::Not(inner) => Expr {
                kind: ExprKind::Not(Box::new(inner.in_leg(leg))),
                ty: Type::Bool,
                span: self.expr.span,
            },
            Shape::Other => in_leg(self.expr, leg, self.all),
        }
    }
}

/// The column in which a call looks for a term: where there is no such column, it is false.
fn term_column(e: &Expr) -> Option<ColumnId> {
    let ExprKind::Call {
        function,
        arguments,
    } = &e.kind
    else {
        return None;
    };
    let first = arguments.first().filter(|_| is_term(function))?;
    match &first.kind {
        ExprKind::Column(id) => Some(*id),
        ExprKind::Cast(inner) => match &inner.kind {
            ExprKind::Column(id) => Some(*id),
            _ => None,
        },
        _ => None,
    }
}

fn is_term(function: &str) -> bool {
    matches!(
        function,
        "has"
            | "has_cs"
            | "hasprefix"
            | "hasprefix_cs"
            | "hassuffix"
            | "hassuffix_cs"
            | "contains"
            | "contains_cs"
    )
}

/// The parts of an `and` or `or` put together: a false part decides an `and`, a true one an `or`; the others of the kind
/// say nothing.
fn joined(e: &Expr, parts: impl Iterator<Item = Expr>) -> Expr {
    let is = |e: &Expr, b: bool| e.as_literal() == Some(&Value::Bool(b));
    let literal = |b: bool| Expr::literal(Value::Bool(b), e.span);
    let decides = matches!(e.kind, ExprKind::Or(_));
    let mut rest: Vec<Expr> = Vec::new();
    for x in parts {
        if is(&x, decides) {
            return literal(decides);
        }
        if !is(&x, !decides) {
            rest.push(x);
        }
    }
    let kind = match (rest.len(), decides) {
        (0, decides) => return literal(!decides),
        (1, _) => return rest.swap_remove(0),
        (_, true) => ExprKind::Or(rest),
        (_, false) => ExprKind::And(rest),
    };
    Expr {
        kind,
        ty: e.ty,
        span: e.span,
    }
}

/// A predicate over the columns of a union in terms of one table's columns; what the table lacks is null there, and no
/// term stands in a null.
pub(super) fn in_leg(e: &Expr, leg: &Leg<'_>, all: &HashSet<ColumnId>) -> Expr {
    let with = |kind: ExprKind| Expr {
        kind,
        ty: e.ty,
        span: e.span,
    };
    let of = |x: &Expr| in_leg(x, leg, all);
    let inner = |x: &Expr| Box::new(of(x));
    match &e.kind {
        ExprKind::Column(id) => match leg.get(id) {
            Some(value) => (*value).clone(),
            None if all.contains(id) => Expr::literal(Value::null(e.ty), e.span),
            None => e.clone(),
        },
        ExprKind::And(items) | ExprKind::Or(items) => joined(e, items.iter().map(of)),
        ExprKind::Call {
            function,
            arguments,
        } => {
            let arguments: Vec<Expr> = arguments.iter().map(of).collect();
            let empty = |a: &Expr| match &a.kind {
                ExprKind::Cast(x) => x.as_literal().is_some_and(Value::is_null),
                _ => a
                    .as_literal()
                    .is_some_and(|v| v.is_null() || v.as_str() == Some("")),
            };
            if is_term(function) && arguments.first().is_some_and(empty) {
                return Expr::literal(Value::Bool(false), e.span);
            }
            with(ExprKind::Call {
                function: function.clone(),
                arguments,
            })
        }
        ExprKind::Not(x) => with(ExprKind::Not(inner(x))),
        ExprKind::Cast(x) => with(ExprKind::Cast(inner(x))),
        ExprKind::Case {
            branches,
            otherwise,
        } => with(ExprKind::Case {
            branches: branches.iter().map(|(c, v)| (of(c), of(v))).collect(),
            otherwise: inner(otherwise),
        }),
        ExprKind::InSet {
            value,
            set,
            negated,
            ignore_case,
        } => with(ExprKind::InSet {
            value: inner(value),
            set: *set,
            negated: *negated,
            ignore_case: *ignore_case,
        }),
        ExprKind::Path { base, steps } => with(ExprKind::Path {
            base: inner(base),
            steps: steps
                .iter()
                .map(|s| match s {
                    PathStep::Computed(x) => PathStep::Computed(of(x)),
                    other => other.clone(),
                })
                .collect(),
        }),
        ExprKind::Literal(_) | ExprKind::Scalar(_) => e.clone(),
    }
}
