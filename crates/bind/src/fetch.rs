//! `summarize arg_max(x, *) by k` in two passes over a table whose columns are stored apart.
//!
//! The first pass reads the keys, what is compared and what the other aggregates need, and whatever stands above and
//! reads none of the other columns (`top`, a filter) cuts its groups. The second pass reads the other columns of the rows
//! that can have won: those whose compared value is one of the winning values and whose key is one of the keys that are
//! left. That is a few more rows than the winners, so the same `arg_max` over them gives the same answer, by the same
//! rule among equal rows.
//!
//! Which of the two plans is the better one follows from how many groups are left: both are in the plan
//! ([`RelationKind::Either`]), and the planner chooses when the first pass is done.

use crate::defer::is_pure;
use crate::plan::{
    Aggregate, Assignment, BoundQuery, ColumnId, Either, Expr, ExprKind, Field, Join, JoinKind,
    Relation, RelationKind, ScalarId, ScalarQuery, SetId, SharedId, SortKey, Step,
};
use crate::prune::columns_of;
use crate::rewrite::inputs_mut;
use kql_diag::Span;
use kql_types::{FunctionCatalog, Type};
use std::collections::HashSet;

/// The weight of columns that a second pass must save.
const WORTH: usize = 6;

/// Splits the aggregations of a query. `apart`: whether the columns of a table are stored apart, so that reading some of
/// them again is cheap.
pub fn fetch(
    query: &mut BoundQuery,
    functions: &dyn FunctionCatalog,
    apart: &dyn Fn(&str) -> bool,
) {
    let mut cx = Splitter {
        functions,
        apart,
        types: std::mem::take(&mut query.column_types),
        scalars: std::mem::take(&mut query.scalars),
        sets: std::mem::take(&mut query.sets),
        shared: std::mem::take(&mut query.shared),
        steps: Vec::new(),
    };
    for step in std::mem::take(&mut query.steps) {
        // A step's relation is out of its place while it is worked on; its own steps come before it.
        match step {
            Step::Scalar(id) => {
                if let Some(mut r) = cx.scalar_mut(id).map(Relation::take) {
                    cx.relation(&mut r);
                    cx.scalar_mut(id).into_iter().for_each(|s| *s = r.clone());
                }
            }
            Step::Set(id) => {
                if let Some(mut r) = cx.sets.get_mut(index(id.0)).map(Relation::take) {
                    cx.relation(&mut r);
                    let slot = cx.sets.get_mut(index(id.0));
                    slot.into_iter().for_each(|s| *s = r.clone());
                }
            }
            Step::Shared(id) => {
                if let Some(mut r) = cx.shared.get_mut(index(id.0)).map(Relation::take) {
                    cx.relation(&mut r);
                    let slot = cx.shared.get_mut(index(id.0));
                    slot.into_iter().for_each(|s| *s = r.clone());
                }
            }
        }
        cx.steps.push(step);
    }
    for r in &mut query.results {
        cx.relation(&mut r.relation);
    }
    query.column_types = cx.types;
    query.scalars = cx.scalars;
    query.sets = cx.sets;
    query.shared = cx.shared;
    query.steps = cx.steps;
}

fn index(id: u32) -> usize {
    usize::try_from(id).unwrap_or(usize::MAX)
}

struct Splitter<'a> {
    functions: &'a dyn FunctionCatalog,
    apart: &'a dyn Fn(&str) -> bool,
    types: Vec<Type>,
    scalars: Vec<ScalarQuery>,
    sets: Vec<Relation>,
    shared: Vec<Relation>,
    steps: Vec<Step>,
}

/// An `arg_max` or `arg_min`: which aggregate, and how many of its columns wait for the second pass.
fn is_arg(a: &Aggregate) -> bool {
    matches!(a.function.as_str(), "arg_max" | "arg_min")
}

impl Splitter<'_> {
    fn scalar_mut(&mut self, id: ScalarId) -> Option<&mut Relation> {
        self.scalars.get_mut(index(id.0)).map(|s| &mut s.relation)
    }

    fn column(&mut self, ty: Type) -> Option<ColumnId> {
        let id = u32::try_from(self.types.len()).ok()?;
        self.types.push(ty);
        Some(ColumnId(id))
    }

    fn type_of(&self, id: ColumnId) -> Type {
        self.types
            .get(index(id.0))
            .copied()
            .unwrap_or(Type::Dynamic)
    }

    fn relation(&mut self, r: &mut Relation) {
        if let Some(either) = self.split(r) {
            r.kind = RelationKind::Either(Box::new(either));
            return;
        }
        for i in inputs_mut(r) {
            self.relation(i);
        }
    }

    /// The table below, if rows come from one table by steps that give the same rows each time.
    fn table<'r>(&self, mut r: &'r Relation) -> Option<&'r str> {
        loop {
            r = match &r.kind {
                RelationKind::Filter { input, predicate } if self.pure(predicate) => input,
                RelationKind::Extend { input, assignments }
                    if assignments.iter().all(|a| self.pure(&a.value)) =>
                {
                    input
                }
                RelationKind::Scan { table, .. } if (self.apart)(table) => return Some(table),
                _ => return None,
            };
        }
    }

    fn pure(&self, e: &Expr) -> bool {
        is_pure(e, self.functions)
    }

    /// The aggregation below steps that keep or order whole groups.
    fn aggregation<'r>(&self, mut r: &'r Relation) -> Option<&'r Relation> {
        loop {
            r = match &r.kind {
                RelationKind::Aggregate { .. } => return Some(r),
                RelationKind::Filter { input, .. }
                | RelationKind::Extend { input, .. }
                | RelationKind::Sort { input, .. } => input,
                RelationKind::Top {
                    input, partition, ..
                }
                | RelationKind::Limit {
                    input, partition, ..
                } if partition.is_empty() => input,
                _ => return None,
            };
        }
    }

    fn split(&mut self, r: &Relation) -> Option<Either> {
        let bottom = self.aggregation(r)?;
        let RelationKind::Aggregate {
            input,
            keys,
            aggregates,
        } = &bottom.kind
        else {
            return None;
        };
        let table = self.table(input)?.to_owned();
        let grouped = |k: &Assignment| {
            !matches!(k.value.ty, Type::Real | Type::Decimal | Type::Dynamic) && self.pure(&k.value)
        };
        if keys.is_empty() || !keys.iter().all(grouped) {
            return None;
        }
        // What waits, and what the first pass reads all the same.
        let mut waits: HashSet<ColumnId> = HashSet::new();
        let mut first: HashSet<ColumnId> = HashSet::new();
        let mut read = |e: &Expr| {
            columns_of(e, &mut |id| {
                first.insert(id);
            });
        };
        keys.iter().for_each(|k| read(&k.value));
        for a in aggregates {
            a.filter.iter().for_each(&mut read);
            if is_arg(a) {
                let compared = a.arguments.first()?;
                let ordered = matches!(
                    compared.ty,
                    Type::Int | Type::Long | Type::DateTime | Type::TimeSpan
                );
                let whole = a.arguments.len() == a.outputs.len();
                if a.filter.is_some() || !ordered || !whole {
                    return None;
                }
                if !a.arguments.iter().all(|e| self.pure(e)) {
                    return None;
                }
                read(compared);
                waits.extend(a.outputs.iter().skip(1));
            } else {
                a.arguments.iter().for_each(&mut read);
            }
        }
        let mut weight = 0;
        let mut seen = HashSet::new();
        for a in aggregates.iter().filter(|a| is_arg(a)) {
            for e in a.arguments.iter().skip(1) {
                columns_of(e, &mut |id| {
                    if !first.contains(&id) && seen.insert(id) {
                        weight += match self.type_of(id) {
                            Type::Dynamic => 4,
                            Type::String => 2,
                            _ => 1,
                        };
                    }
                });
            }
        }
        if weight < WORTH || reads_above(r, &waits) {
            return None;
        }
        let few = self.few(r, bottom)?;
        Some(Either {
            groups: few.0,
            table,
            few: few.1,
            many: r.clone(),
        })
    }

    /// The plan in two passes: the step of the first, and the relation.
    fn few(&mut self, r: &Relation, bottom: &Relation) -> Option<(SharedId, Relation)> {
        let RelationKind::Aggregate {
            input,
            keys,
            aggregates,
        } = &bottom.kind
        else {
            return None;
        };
        let span = bottom.span;
        // First pass.
        let narrow: Vec<Aggregate> = aggregates
            .iter()
            .map(|a| {
                let mut a = a.clone();
                if is_arg(&a) {
                    a.arguments.truncate(1);
                    a.outputs.truncate(1);
                    a.function = if a.function == "arg_max" {
                        "max"
                    } else {
                        "min"
                    }
                    .to_owned();
                }
                a
            })
            .collect();
        let mut ids: Vec<ColumnId> = keys.iter().map(|k| k.id).collect();
        ids.extend(narrow.iter().flat_map(|a| a.outputs.iter().copied()));
        let mut groups = r.clone();
        let at = bottom_mut(&mut groups)?;
        *at = Relation {
            kind: RelationKind::Aggregate {
                input: input.clone(),
                keys: keys.clone(),
                aggregates: narrow,
            },
            fields: Vec::new(),
            span,
            ordered: false,
        };
        let mut order = None;
        made_above(r, &mut ids, &mut order);
        let fields = self.fields(&ids);
        refield(&mut groups, &fields);
        let id = SharedId(u32::try_from(self.shared.len()).ok()?);
        self.shared.push(groups);
        self.steps.push(Step::Shared(id));
        let left = |columns: Vec<ColumnId>, fields: Vec<Field>| Relation {
            kind: RelationKind::Shared {
                id,
                columns: columns.into_iter().map(|c| (c, c)).collect(),
            },
            fields,
            span,
            ordered: false,
        };

        // Second pass: rows that can have won.
        let mut rows = (**input).clone();
        let mut any = Vec::new();
        for a in aggregates.iter().filter(|a| is_arg(a)) {
            let (compared, won) = (a.arguments.first()?, *a.outputs.first()?);
            let of = |s: &mut Self| left(vec![won], s.fields(&[won]));
            let set = self.set(of)?;
            let least = self.extreme("min", won, of, span)?;
            let most = self.extreme("max", won, of, span)?;
            let bound = |function: &str, scalar: ScalarId| {
                call(
                    function,
                    vec![
                        compared.clone(),
                        Expr {
                            kind: ExprKind::Scalar(scalar),
                            ty: compared.ty,
                            span,
                        },
                    ],
                    span,
                )
            };
            any.push(truth(
                ExprKind::And(vec![
                    bound(">=", least),
                    bound("<=", most),
                    member(compared, set, span),
                ]),
                span,
            ));
            any.push(call("isnull", vec![compared.clone()], span));
        }
        rows = filter(rows, truth(ExprKind::Or(any), span));
        for k in keys {
            let of = |s: &mut Self| left(vec![k.id], s.fields(&[k.id]));
            let set = self.set(of)?;
            let mut found = member(&k.value, set, span);
            if k.value.ty != Type::String {
                let null = call("isnull", vec![k.value.clone()], span);
                found = truth(ExprKind::Or(vec![found, null]), span);
            }
            rows = filter(rows, found);
        }
        let mut right_keys = Vec::new();
        let mut on = Vec::new();
        let mut right_ids = Vec::new();
        for k in keys {
            let fresh = self.column(k.value.ty)?;
            right_ids.push(fresh);
            right_keys.push(Assignment {
                id: fresh,
                value: k.value.clone(),
            });
            on.push((
                Expr::column(k.id, k.value.ty, span),
                Expr::column(fresh, k.value.ty, span),
            ));
        }
        let mut wide = Vec::new();
        for a in aggregates.iter().filter(|a| is_arg(a)) {
            let mut a = a.clone();
            let fresh = self.column(a.arguments.first()?.ty)?;
            if let Some(o) = a.outputs.first_mut() {
                *o = fresh;
            }
            right_ids.extend(a.outputs.iter().copied());
            wide.push(a);
        }
        let right = Relation {
            kind: RelationKind::Aggregate {
                input: Box::new(rows),
                keys: right_keys,
                aggregates: wide,
            },
            fields: self.fields(&right_ids),
            span,
            ordered: false,
        };
        let joined = Relation {
            kind: RelationKind::Join(Box::new(Join {
                left: left(ids, fields),
                right,
                kind: JoinKind::LeftOuter,
                on,
                filter: None,
                hints: Vec::new(),
            })),
            fields: r.fields.clone(),
            span,
            ordered: false,
        };
        let few = match order {
            Some(keys) => Relation {
                kind: RelationKind::Sort {
                    input: Box::new(joined),
                    keys,
                },
                fields: r.fields.clone(),
                span,
                ordered: true,
            },
            None => joined,
        };
        Some((id, few))
    }

    fn fields(&self, ids: &[ColumnId]) -> Vec<Field> {
        ids.iter()
            .map(|id| Field {
                name: format!("c{}", id.0),
                id: *id,
                ty: self.type_of(*id),
            })
            .collect()
    }

    fn set(&mut self, of: impl Fn(&mut Self) -> Relation) -> Option<SetId> {
        let id = SetId(u32::try_from(self.sets.len()).ok()?);
        let relation = of(self);
        self.sets.push(relation);
        self.steps.push(Step::Set(id));
        Some(id)
    }

    fn extreme(
        &mut self,
        function: &str,
        of: ColumnId,
        rows: impl Fn(&mut Self) -> Relation,
        span: Span,
    ) -> Option<ScalarId> {
        let id = ScalarId(u32::try_from(self.scalars.len()).ok()?);
        let ty = self.type_of(of);
        let out = self.column(ty)?;
        let input = rows(self);
        let relation = Relation {
            kind: RelationKind::Aggregate {
                input: Box::new(input),
                keys: Vec::new(),
                aggregates: vec![Aggregate {
                    outputs: vec![out],
                    function: function.to_owned(),
                    arguments: vec![Expr::column(of, ty, span)],
                    filter: None,
                    span,
                }],
            },
            fields: self.fields(&[out]),
            span,
            ordered: false,
        };
        self.scalars.push(ScalarQuery { relation, ty });
        self.steps.push(Step::Scalar(id));
        Some(id)
    }
}

fn truth(kind: ExprKind, span: Span) -> Expr {
    Expr {
        kind,
        ty: Type::Bool,
        span,
    }
}

fn call(function: &str, arguments: Vec<Expr>, span: Span) -> Expr {
    truth(
        ExprKind::Call {
            function: function.to_owned(),
            arguments,
        },
        span,
    )
}

fn member(value: &Expr, set: SetId, span: Span) -> Expr {
    truth(
        ExprKind::InSet {
            value: Box::new(value.clone()),
            set,
            negated: false,
            ignore_case: false,
        },
        span,
    )
}

fn filter(input: Relation, predicate: Expr) -> Relation {
    Relation {
        fields: input.fields.clone(),
        span: input.span,
        ordered: false,
        kind: RelationKind::Filter {
            input: Box::new(input),
            predicate,
        },
    }
}

/// Whether a step above the aggregation reads one of the columns.
fn reads_above(mut r: &Relation, columns: &HashSet<ColumnId>) -> bool {
    let mut found = false;
    loop {
        let mut read = |e: &Expr| columns_of(e, &mut |id| found |= columns.contains(&id));
        r = match &r.kind {
            RelationKind::Filter { input, predicate } => {
                read(predicate);
                input
            }
            RelationKind::Extend { input, assignments } => {
                assignments.iter().for_each(|a| read(&a.value));
                input
            }
            RelationKind::Sort { input, keys } => {
                keys.iter().for_each(|k| read(&k.value));
                input
            }
            RelationKind::Top {
                input, keys, count, ..
            } => {
                keys.iter().for_each(|k| read(&k.value));
                read(count);
                input
            }
            RelationKind::Limit { input, count, .. } => {
                read(count);
                input
            }
            _ => return found,
        };
    }
}

/// The columns that steps above the aggregation make, and the order that the last of them gives.
fn made_above(r: &Relation, ids: &mut Vec<ColumnId>, order: &mut Option<Vec<SortKey>>) {
    match &r.kind {
        RelationKind::Filter { input, .. } | RelationKind::Limit { input, .. } => {
            made_above(input, ids, order);
        }
        RelationKind::Extend { input, assignments } => {
            made_above(input, ids, order);
            ids.extend(assignments.iter().map(|a| a.id));
        }
        RelationKind::Sort { input, keys } | RelationKind::Top { input, keys, .. } => {
            made_above(input, ids, order);
            *order = Some(keys.clone());
        }
        _ => {}
    }
}

/// The aggregation under the steps.
fn bottom_mut(mut r: &mut Relation) -> Option<&mut Relation> {
    loop {
        if matches!(r.kind, RelationKind::Aggregate { .. }) {
            return Some(r);
        }
        r = inputs_mut(r).into_iter().next()?;
    }
}

/// Gives every step down to the aggregation these fields.
fn refield(r: &mut Relation, fields: &[Field]) {
    r.fields = fields.to_vec();
    if !matches!(r.kind, RelationKind::Aggregate { .. }) {
        inputs_mut(r).into_iter().for_each(|i| refield(i, fields));
    }
}
