//! A lookup in a few constant rows as a choice among constants.

use super::{Rewriter, Rows, call, member, rows_of};
use crate::defer::is_pure;
use crate::plan::{Assignment, ColumnId, Expr, ExprKind, Join, JoinKind, Relation, RelationKind};
use kql_types::{Type, Value};

impl Rewriter<'_> {
    /// The constant rows that a join looks up, and the place of the key in them: one row for each key.
    pub(super) fn constant_side(&self, join: &Join) -> Option<(Rows, usize)> {
        if !matches!(join.kind, JoinKind::LeftOuter | JoinKind::Inner) || join.filter.is_some() {
            return None;
        }
        let [(left, right)] = join.on.as_slice() else {
            return None;
        };
        let rows = match &join.right.kind {
            RelationKind::Shared { id, columns } => {
                let there = self.tables.get(id)?;
                let old = |id: &ColumnId| there.columns.iter().position(|(c, _)| c == id);
                let places: Option<Vec<usize>> = columns.iter().map(|(_, c)| old(c)).collect();
                let places = places?;
                Rows {
                    columns: columns
                        .iter()
                        .zip(&places)
                        .filter_map(|((new, _), i)| Some((*new, there.columns.get(*i)?.1)))
                        .collect(),
                    rows: there
                        .rows
                        .iter()
                        .map(|r| places.iter().filter_map(|i| r.get(*i).cloned()).collect())
                        .collect(),
                }
            }
            _ => rows_of(&join.right)?,
        };
        let ExprKind::Column(key) = right.kind else {
            return None;
        };
        let at = rows.columns.iter().position(|(id, _)| *id == key)?;
        let plain = matches!(right.ty, Type::String | Type::Int | Type::Long);
        let keys: Vec<&Value> = rows.rows.iter().filter_map(|r| r.get(at)).collect();
        let unique = keys
            .iter()
            .enumerate()
            .all(|(i, k)| !k.is_null() && !keys.iter().take(i).any(|other| other == k));
        let whole = rows.rows.iter().all(|r| r.len() == rows.columns.len());
        (plain && unique && whole && left.ty == right.ty && is_pure(left, self.functions))
            .then_some((rows, at))
    }

    /// A join with constant rows as a choice among them.
    pub(super) fn choose(&mut self, r: &mut Relation, rows: &Rows, at: usize) {
        let (span, fields, ordered) = (r.span, r.fields.clone(), r.ordered);
        let kind = std::mem::replace(&mut r.kind, Relation::nothing(span).kind);
        let RelationKind::Join(join) = kind else {
            r.kind = kind;
            return;
        };
        let Some((key, _)) = join.on.into_iter().next() else {
            return;
        };
        let mut input = join.left;
        let extend = |input: Relation, assignments| Relation {
            span,
            ..input.over(|input| RelationKind::Extend { input, assignments })
        };
        // A key that is computed is computed once.
        let key = match key.kind {
            ExprKind::Column(_) => key,
            _ => {
                let id = ColumnId(u32::try_from(self.types.len()).unwrap_or(u32::MAX));
                self.types.push(key.ty);
                let (ty, at) = (key.ty, key.span);
                input = extend(input, vec![Assignment { id, value: key }]);
                Expr::column(id, ty, at)
            }
        };
        let equals = |v: &Value| {
            let arguments = vec![key.clone(), Expr::literal(v.clone(), span)];
            call("==", arguments, span)
        };
        let assignments = rows.columns.iter().enumerate().map(|(i, (id, ty))| {
            let branches = rows.rows.iter().filter_map(|row| {
                let value = Expr {
                    ty: *ty,
                    ..Expr::literal(row.get(i)?.clone(), span)
                };
                Some((equals(row.get(at)?), value))
            });
            let otherwise = Expr {
                ty: *ty,
                ..Expr::literal(missing(*ty), span)
            };
            let kind = match rows.rows.is_empty() {
                true => otherwise.kind,
                false => ExprKind::Case {
                    branches: branches.collect(),
                    otherwise: Box::new(otherwise),
                },
            };
            let value = Expr {
                kind,
                ty: *ty,
                span,
            };
            Assignment { id: *id, value }
        });
        let mut out = extend(input, assignments.collect());
        if join.kind == JoinKind::Inner {
            let keys = rows.rows.iter().filter_map(|r| r.get(at).cloned());
            out = Relation {
                fields: Vec::new(),
                span,
                ordered: out.ordered,
                kind: RelationKind::Filter {
                    predicate: member(&key, keys.collect(), span),
                    input: Box::new(out),
                },
            };
        }
        *r = Relation {
            fields,
            ordered,
            ..out
        };
    }
}

/// What a column has where the other side of a join has no row.
fn missing(ty: Type) -> Value {
    match ty {
        Type::String => Value::String(String::new()),
        ty => Value::null(ty),
    }
}
