//! `summarize`, `distinct`, `count`.

use crate::binder::{Binder, Poison, Res};
use crate::expr::{Collector, Row};
use crate::names::{Unique, of_distinct, of_existing, of_expr};
use crate::plan::{Aggregate, Assignment, ColumnId, Expr, Field, Relation, RelationKind};
use kql_diag::{Span, codes};
use kql_syntax::ast;
use kql_types::Type;
use std::collections::HashSet;

impl Binder<'_> {
    /// The hints of a summarize change nothing here, but one that the engine refuses is refused.
    pub(super) fn summarize_hints(
        &mut self,
        parameters: &[ast::Property],
        by: &[ast::NamedExpr],
    ) -> Res<()> {
        for (p, (name, value)) in parameters.iter().zip(self.properties(parameters)?) {
            let good = match name.as_str() {
                "hint.strategy" => value.as_str() == Some("shuffle"),
                "hint.shufflekey" => {
                    is_name(&p.value)
                        && by
                            .iter()
                            .any(|b| of_expr(&b.value, self.catalog).as_deref() == value.as_str())
                }
                "hint.num_partitions" => value.as_long().is_some(),
                _ => false,
            };
            if !good {
                let message = format!("summarize does not take this `{}`", p.name.text);
                return Err(self.fail(codes::BAD_VALUE, p.name.span, message));
            }
        }
        Ok(())
    }

    pub(super) fn summarize(
        &mut self,
        input: Relation,
        aggregates: &[ast::NamedExpr],
        by: &[ast::NamedExpr],
        span: Span,
    ) -> Res<Relation> {
        let at = self.at(span);
        let row_fields = input.fields.clone();
        let row = Row::of(&row_fields);
        let mut failed = false;
        let mut unique = Unique::new();
        for n in aggregates.iter().chain(by).flat_map(|i| &i.names) {
            unique.take(&n.text);
        }
        // `ColumnN` steps past the names of the input.
        let mut numbers = Unique::over(&row_fields);
        for n in aggregates.iter().chain(by).flat_map(|i| &i.names) {
            numbers.take(&n.text);
        }
        let mut fields: Vec<Field> = Vec::new();
        // Columns that are keys as they are.
        let mut spelled: HashSet<String> = HashSet::new();
        let mut keys = self.partition_keys(at);
        let own = if aggregates.is_empty() {
            of_distinct
        } else {
            of_expr
        };
        for item in by {
            let Ok(value) = self.expr(&item.value, row) else {
                failed = true;
                continue;
            };
            if value.ty == Type::Dynamic && !self.open_schema {
                let d = kql_diag::Diagnostic::error(
                    codes::TYPE_MISMATCH,
                    value.span,
                    "a group key requires a scalar type, not dynamic",
                )
                .with_help("tostring(...) makes a key of it");
                self.report(d);
                failed = true;
                continue;
            }
            let name = match item.names.first() {
                Some(n) => n.text.clone(),
                None => match own(&item.value, self.catalog)
                    .or_else(|| of_existing(&item.value, &value, &row_fields))
                    .filter(|n| !n.is_empty())
                {
                    Some(n) => {
                        let plain = matches!(item.value.kind, ast::ExprKind::Name(_));
                        if plain && !spelled.insert(n.clone()) {
                            let message = format!("column `{n}` is made twice");
                            self.fail(codes::DUPLICATE_NAME, item.span, message);
                            failed = true;
                            continue;
                        }
                        unique.of(&n)
                    }
                    None => {
                        let n = numbers.column();
                        unique.of(&n)
                    }
                },
            };
            let ty = value.ty;
            let id = self.column(ty);
            keys.push(Assignment { id, value });
            fields.push(Field { name, id, ty });
        }
        // What `*` leaves out: the keys, and the columns that keys are under another name.
        let renamed = by.iter().filter_map(|b| match &b.value.kind {
            ast::ExprKind::Name(n) => Some(n.text.clone()),
            _ => None,
        });
        let key_names: HashSet<String> = fields
            .iter()
            .map(|f| f.name.clone())
            .chain(renamed)
            .collect();
        let mut calls: Vec<Aggregate> = Vec::new();
        let mut after: Vec<Assignment> = Vec::new();
        for item in aggregates {
            self.collector = Some(Collector {
                aggregates_allowed: true,
                ordered: input.ordered,
                ..Default::default()
            });
            let out = self.aggregate_item(
                item,
                row,
                &key_names,
                &mut unique,
                &mut fields,
                &mut calls,
                &mut after,
            );
            if let Some(c) = self.collector.take() {
                calls.extend(c.aggregates);
            }
            failed |= out.is_err();
        }
        if failed {
            return Err(Poison);
        }
        let aggregated = if by.is_empty() && !aggregates.is_empty() {
            self.for_each_subtable(input, calls, span)?
        } else {
            Relation {
                kind: RelationKind::Aggregate {
                    input: Box::new(input),
                    keys,
                    aggregates: calls,
                },
                fields: Vec::new(),
                span: at,
                ordered: false,
            }
        };
        let out = self.extend(aggregated, after);
        Ok(self.with_fields(out, fields))
    }

    #[allow(clippy::too_many_arguments)]
    fn aggregate_item(
        &mut self,
        item: &ast::NamedExpr,
        row: Row<'_>,
        keys: &HashSet<String>,
        unique: &mut Unique,
        fields: &mut Vec<Field>,
        calls: &mut Vec<Aggregate>,
        after: &mut Vec<Assignment>,
    ) -> Res<()> {
        // An aggregate that stands alone may have several outputs.
        if let ast::ExprKind::Call { name, arguments } = &item.value.kind
            && self.env.get(&name.text).is_none()
            && let Some(facts) = self.catalog.aggregate(&name.text)
        {
            self.functions.insert(name.text.clone());
            let (outputs, call) = self.aggregate_call(facts, arguments, item.value.span, row)?;
            calls.push(call);
            let several = outputs.len() > 1;
            let multi = several
                || matches!(
                    name.text.as_str(),
                    "arg_max" | "arg_min" | "argmax" | "argmin" | "take_any"
                );
            for (i, (own, id, ty)) in outputs.into_iter().enumerate() {
                let name = match (item.names.get(i), own) {
                    (Some(n), _) => n.text.clone(),
                    (None, Some(own)) => {
                        // `arg_max(x, *)` gives what it is asked for, and of `*` no column that is a key.
                        let starred =
                            star_in(&item.value) && (i > 0 || name.text.starts_with("take"));
                        if multi && starred && keys.contains(&own) {
                            continue;
                        }
                        unique.of(&own)
                    }
                    (None, None) => {
                        match of_expr(&item.value, self.catalog).filter(|n| !n.is_empty()) {
                            Some(n) => unique.of(&n),
                            None => unique.column(),
                        }
                    }
                };
                fields.push(Field { name, id, ty });
            }
            return Ok(());
        }
        let value = self.expr(&item.value, row)?;
        if self
            .collector
            .as_ref()
            .is_none_or(|c| c.aggregates.is_empty())
        {
            let message = "summarize requires an aggregate here";
            return Err(self.fail(codes::AGGREGATE_PLACE, item.value.span, message));
        }
        let outside = uses_input(&value, row.fields);
        if let Some(name) = outside {
            return Err(self.fail(
                codes::AGGREGATE_PLACE,
                item.value.span,
                format!("column `{name}` stands outside of an aggregate"),
            ));
        }
        let name = match item.names.first() {
            Some(n) => n.text.clone(),
            None => match of_expr(&item.value, self.catalog).filter(|n| !n.is_empty()) {
                Some(n) => unique.of(&n),
                None => unique.column(),
            },
        };
        let ty = value.ty;
        let id = self.as_column(value, after);
        fields.push(Field { name, id, ty });
        Ok(())
    }

    pub(super) fn distinct(
        &mut self,
        input: Relation,
        items: &[ast::NamedExpr],
        span: Span,
    ) -> Res<Relation> {
        let star = |e: &ast::Expr| matches!(e.kind, ast::ExprKind::Star);
        if items.iter().any(|i| star(&i.value)) {
            let at = self.at(span);
            let mut keys = self.partition_keys(at);
            let mut fields = Vec::new();
            for f in &input.fields {
                let id = self.column(f.ty);
                keys.push(Assignment {
                    id,
                    value: Expr::column(f.id, f.ty, at),
                });
                fields.push(Field { id, ..f.clone() });
            }
            return Ok(Relation {
                kind: RelationKind::Aggregate {
                    input: Box::new(input),
                    keys,
                    aggregates: Vec::new(),
                },
                fields,
                span: at,
                ordered: false,
            });
        }
        self.summarize(input, &[], items, span)
    }

    /// The columns that the rows of a `mv-apply` or `partition` body belong to: they are keys of whatever groups there.
    pub(super) fn partition_keys(&self, at: Span) -> Vec<Assignment> {
        let key = |id: &ColumnId| Assignment {
            id: *id,
            value: Expr::column(*id, self.type_of(*id), at),
        };
        self.partition.iter().map(key).collect()
    }

    pub(super) fn count(
        &mut self,
        input: Relation,
        name: Option<&ast::Name>,
        span: Span,
    ) -> Res<Relation> {
        let at = self.at(span);
        let id = self.column(Type::Long);
        let aggregate = Aggregate {
            outputs: vec![id],
            function: "count".to_owned(),
            arguments: Vec::new(),
            filter: None,
            span: at,
        };
        let name = name.map_or_else(|| "Count".to_owned(), |n| n.text.clone());
        let out = self.for_each_subtable(input, vec![aggregate], span)?;
        let fields = vec![Field {
            name,
            id,
            ty: Type::Long,
        }];
        Ok(self.with_fields(out, fields))
    }
}

/// A column of the input that an expression over aggregates names, if any.
pub(super) fn uses_input<'f>(e: &Expr, fields: &'f [Field]) -> Option<&'f str> {
    let mut found = None;
    crate::prune::columns_of(e, &mut |id| {
        if let Some(f) = fields.iter().find(|f| f.id == id) {
            found = Some(f.name.as_str());
        }
    });
    found
}

/// Whether a parameter's value is a name and no text.
fn is_name(e: &ast::Expr) -> bool {
    matches!(e.kind, ast::ExprKind::Name(_))
}

fn star_in(e: &ast::Expr) -> bool {
    match &e.kind {
        ast::ExprKind::Call { arguments, .. } => arguments
            .iter()
            .any(|a| matches!(a.value.kind, ast::ExprKind::Star)),
        _ => false,
    }
}
