//! `evaluate pivot(column [, aggregate] [, column1, ...])`: the values of a column as columns.

use super::Call;
use crate::binder::{Binder, Res};
use crate::expr::{Collector, Row};
use crate::plan::{Aggregate, Assignment, Expr, Field, Relation, RelationKind};
use crate::prune::columns_of;
use kql_diag::codes;
use kql_syntax::ast;
use kql_types::{Type, Value};
use std::collections::HashSet;

/// The aggregates that a cell may have.
const AGGREGATES: [&str; 13] = [
    "min",
    "max",
    "take_any",
    "sum",
    "dcount",
    "avg",
    "stdev",
    "variance",
    "make_list",
    "make_bag",
    "make_set",
    "count",
    "any",
];

impl Binder<'_> {
    pub(super) fn pivot(&mut self, call: Call<'_>) -> Res<Relation> {
        let at = self.at(call.span);
        let Some((first, rest)) = call.arguments.split_first() else {
            return Err(self.fail(codes::BAD_VALUE, call.span, "pivot requires a column"));
        };
        let pivoted = self.column_argument(&first.value, &call.input)?;
        let (aggregate, others) = match rest.split_first() {
            Some((a, tail)) if matches!(a.value.kind, ast::ExprKind::Call { .. }) => {
                (Some(&a.value), tail)
            }
            _ => (None, rest),
        };
        let fields = call.input.fields.clone();
        let (cell, ty) = match aggregate {
            Some(e) => self.cell(e, &fields)?,
            None => {
                let id = self.column(Type::Long);
                let count = Aggregate {
                    outputs: vec![id],
                    function: "count".to_owned(),
                    arguments: Vec::new(),
                    filter: None,
                    span: at,
                };
                (count, Type::Long)
            }
        };
        let mut keys: Vec<Field> = Vec::new();
        if others.is_empty() {
            let mut used: HashSet<_> = HashSet::from([pivoted.id]);
            for a in &cell.arguments {
                columns_of(a, &mut |id| {
                    used.insert(id);
                });
            }
            keys.extend(fields.iter().filter(|f| !used.contains(&f.id)).cloned());
        } else {
            for a in others {
                keys.push(self.column_argument(&a.value, &call.input)?);
            }
        }
        let declared = match call.schema {
            Some(columns) => Some(self.declared_columns(columns)?),
            None => None,
        };
        let values: Vec<String> = match &declared {
            Some(columns) => columns
                .iter()
                .map(|(n, _)| n.clone())
                .filter(|n| keys.iter().all(|k| k.name != *n))
                .collect(),
            None => self.values_of(&call.input, &pivoted, call.span)?,
        };
        let text = self.cast(Expr::column(pivoted.id, pivoted.ty, at), Type::String);
        let mut assignments = Vec::new();
        let text_id = self.as_column(text, &mut assignments);
        let input = self.extend(call.input, assignments);
        let mut out = Vec::new();
        let mut groups = Vec::new();
        for k in &keys {
            let id = self.column(k.ty);
            groups.push(Assignment {
                id,
                value: Expr::column(k.id, k.ty, at),
            });
            out.push(Field { id, ..k.clone() });
        }
        let mut aggregates = Vec::new();
        for name in values {
            let same = vec![
                Expr::column(text_id, Type::String, at),
                Expr::literal(Value::String(name.clone()), at),
            ];
            let filter = self.call_or_fold("==", same, Type::Bool, at);
            let id = self.column(ty);
            aggregates.push(Aggregate {
                outputs: vec![id],
                filter: Some(filter),
                ..cell.clone()
            });
            out.push(Field { name, id, ty });
        }
        let rotated = Relation {
            kind: RelationKind::Aggregate {
                input: Box::new(input),
                keys: groups,
                aggregates,
            },
            fields: Vec::new(),
            span: at,
            ordered: false,
        };
        let Some(declared) = declared else {
            return Ok(self.with_fields(rotated, out));
        };
        // Exactly the declared columns.
        let mut made = Vec::new();
        let mut only = Vec::with_capacity(declared.len());
        for (name, ty) in declared {
            let value = match out.iter().find(|f| f.name == name) {
                Some(f) => Expr::column(f.id, f.ty, at),
                None => Expr::literal(Value::null(ty), at),
            };
            let value = self.cast(value, ty);
            let id = self.as_column(value, &mut made);
            only.push(Field { name, id, ty });
        }
        let rotated = self.extend(rotated, made);
        Ok(self.with_fields(rotated, only))
    }

    /// The aggregate of a cell.
    fn cell(&mut self, e: &ast::Expr, fields: &[Field]) -> Res<(Aggregate, Type)> {
        let facts = match &e.kind {
            ast::ExprKind::Call { name, .. } if AGGREGATES.contains(&name.text.as_str()) => {
                self.catalog.aggregate(&name.text)
            }
            _ => None,
        };
        let (Some(facts), ast::ExprKind::Call { arguments, .. }) = (facts, &e.kind) else {
            return Err(self.fail(
                codes::AGGREGATE_PLACE,
                e.span,
                "pivot requires an aggregate such as count(), sum(x) or make_set(x)",
            ));
        };
        self.collector = Some(Collector {
            aggregates_allowed: true,
            ..Default::default()
        });
        let made = self.aggregate_call(facts, arguments, e.span, Row::of(fields));
        self.collector = None;
        let (outputs, aggregate) = made?;
        match outputs.as_slice() {
            [(_, _, ty)] => Ok((aggregate, *ty)),
            _ => Err(self.fail(
                codes::AGGREGATE_PLACE,
                e.span,
                "pivot requires one aggregate",
            )),
        }
    }

    /// The distinct values of a column as texts, sorted; nothing where the query may not run.
    fn values_of(
        &mut self,
        input: &Relation,
        column: &Field,
        span: kql_diag::Span,
    ) -> Res<Vec<String>> {
        let at = self.at(span);
        let value = self.cast(Expr::column(column.id, column.ty, at), Type::String);
        let id = self.column(Type::String);
        let distinct = Relation {
            kind: RelationKind::Aggregate {
                input: Box::new(input.clone()),
                keys: vec![Assignment { id, value }],
                aggregates: Vec::new(),
            },
            fields: vec![Field {
                name: "value".to_owned(),
                id,
                ty: Type::String,
            }],
            span: at,
            ordered: false,
        };
        let Some(rows) = self.probe(distinct)? else {
            return Ok(Vec::new());
        };
        let mut out: Vec<String> = rows
            .iter()
            .filter_map(|r| r.first()?.as_str().map(str::to_owned))
            .collect();
        out.sort();
        Ok(out)
    }
}
