//! Aggregates without keys inside of `mv-apply` and `partition`: a subtable without rows has one row of them too.
//!
//! Grouping gives rows only to subtables that still have some. So every subtable is kept by its key, and one that the
//! grouping has not gets what the aggregates give over no rows.

use crate::binder::{Binder, Res};
use crate::plan::{
    Aggregate, Assignment, ColumnId, Expr, ExprKind, Field, Join, JoinKind, Relation, RelationKind,
    SharedId,
};
use crate::prune::columns_of;
use kql_diag::Span;
use kql_types::{Type, Value};
use std::collections::{BTreeMap, HashMap};

/// The keys of all subtables of the body at hand.
#[derive(Debug, Clone)]
pub struct Subtables {
    /// A row a subtable.
    pub rows: SharedId,
    /// The keys there, as [`Binder::partition`] has them.
    pub keys: Vec<Field>,
}

impl Binder<'_> {
    /// Aggregates by nothing but the subtable, with a row for each subtable.
    pub(super) fn for_each_subtable(
        &mut self,
        input: Relation,
        aggregates: Vec<Aggregate>,
        span: Span,
    ) -> Res<Relation> {
        let at = self.at(span);
        let keys = self.partition_keys(at);
        let relation = |kind: RelationKind| Relation {
            kind,
            fields: Vec::new(),
            span: at,
            ordered: false,
        };
        let whole = self
            .subtables
            .clone()
            .filter(|s| s.keys.len() == keys.len());
        let Some(subtables) = whole else {
            return Ok(relation(RelationKind::Aggregate {
                input: Box::new(input),
                keys,
                aggregates,
            }));
        };

        // What the aggregates give over no rows.
        let mut below: BTreeMap<ColumnId, Type> = BTreeMap::new();
        for a in &aggregates {
            for e in a.arguments.iter().chain(&a.filter) {
                columns_of(e, &mut |id| {
                    below.insert(id, Type::Dynamic);
                });
            }
        }
        let spare = self.column(Type::Bool);
        below.insert(spare, Type::Bool);
        let columns: Vec<(ColumnId, Type)> =
            below.into_keys().map(|id| (id, self.type_of(id))).collect();
        let nothing = relation(RelationKind::Values {
            columns,
            rows: Vec::new(),
        });
        let mut outputs: Vec<ColumnId> = Vec::new();
        for id in aggregates.iter().flat_map(|a| &a.outputs) {
            if !outputs.contains(id) {
                outputs.push(*id);
            }
        }
        let (empty_ids, empty) = self.with_other_outputs(&aggregates);
        let empty = relation(RelationKind::Aggregate {
            input: Box::new(nothing),
            keys: Vec::new(),
            aggregates: empty,
        });

        // What they give over the rows there are; the count is null where there are none.
        let (some_ids, mut some) = self.with_other_outputs(&aggregates);
        let count = self.column(Type::Long);
        some.push(Aggregate {
            outputs: vec![count],
            function: "count".to_owned(),
            arguments: Vec::new(),
            filter: None,
            span: at,
        });
        let grouped = relation(RelationKind::Aggregate {
            input: Box::new(input),
            keys,
            aggregates: some,
        });
        let all = self.use_shared(subtables.rows, &subtables.keys, false, span);
        let ids: Vec<ColumnId> = all.fields.iter().map(|f| f.id).collect();
        let on = ids
            .iter()
            .zip(&self.partition)
            .map(|(mine, theirs)| {
                let side = |id: ColumnId| Expr::column(id, self.type_of(id), at);
                (side(*mine), side(*theirs))
            })
            .collect();
        let join = |left: Relation, right: Relation, kind: JoinKind, on: Vec<(Expr, Expr)>| {
            relation(RelationKind::Join(Box::new(Join {
                left,
                right,
                kind,
                on,
                filter: None,
                hints: Vec::new(),
            })))
        };
        let out = join(all, grouped, JoinKind::LeftOuter, on);
        let out = join(out, empty, JoinKind::Inner, Vec::new());
        let mut made = Vec::with_capacity(outputs.len());
        for id in outputs {
            let ty = self.type_of(id);
            let (Some(one), Some(other)) = (some_ids.get(&id), empty_ids.get(&id)) else {
                continue;
            };
            let count = Expr::column(count, Type::Long, at);
            let none = self.call_or_fold("isnull", vec![count], Type::Bool, at);
            let value = Expr {
                kind: ExprKind::Case {
                    branches: vec![(none, Expr::column(*other, ty, at))],
                    otherwise: Box::new(Expr::column(*one, ty, at)),
                },
                ty,
                span: at,
            };
            made.push(Assignment { id, value });
        }
        let out = self.extend(out, made);
        self.partition = ids;
        Ok(out)
    }

    /// The same aggregates with other outputs.
    fn with_other_outputs(
        &mut self,
        aggregates: &[Aggregate],
    ) -> (HashMap<ColumnId, ColumnId>, Vec<Aggregate>) {
        let mut ids = HashMap::new();
        let mut out = aggregates.to_vec();
        for id in out.iter_mut().flat_map(|a| &mut a.outputs) {
            let new = self.column(self.type_of(*id));
            ids.insert(*id, new);
            *id = new;
        }
        (ids, out)
    }

    /// A table of its own for each value of a column, which has its name there as a scalar: the rows of both beside each
    /// other. Fields are those of the table.
    pub(super) fn table_for_each(
        &mut self,
        values: Relation,
        by: &Field,
        table: Relation,
        span: Span,
    ) -> (Relation, Expr) {
        let at = self.at(span);
        let key = self.column(by.ty);
        let keys = Relation {
            kind: RelationKind::Aggregate {
                input: Box::new(values),
                keys: vec![Assignment {
                    id: key,
                    value: Expr::column(by.id, by.ty, at),
                }],
                aggregates: Vec::new(),
            },
            fields: Vec::new(),
            span: at,
            ordered: false,
        };
        let fields = table.fields.clone();
        let both = Relation {
            kind: RelationKind::Join(Box::new(Join {
                left: table,
                right: keys,
                kind: JoinKind::Inner,
                on: Vec::new(),
                filter: None,
                hints: Vec::<(String, Value)>::new(),
            })),
            fields,
            span: at,
            ordered: false,
        };
        (both, Expr::column(key, by.ty, at))
    }
}
