//! `sort`, `top`, `take`, `sample` and their like.

use crate::binder::{Binder, Poison, Res};
use crate::expr::Row;
use crate::plan::{Aggregate, Assignment, Expr, ExprKind, Field, Relation, RelationKind, SortKey};
use kql_diag::{Span, codes};
use kql_syntax::ast;
use kql_types::Type;

impl Binder<'_> {
    fn keys(&mut self, input: &Relation, keys: &[ast::SortKey]) -> Res<Vec<SortKey>> {
        let mut out = Vec::with_capacity(keys.len());
        let mut failed = false;
        for k in keys {
            let Ok(value) = self.expr(&k.expr.value, Row::of(&input.fields)) else {
                failed = true;
                continue;
            };
            let ascending = k.ascending.unwrap_or(false);
            let nulls_first = k.nulls_first.unwrap_or(ascending);
            // A constant orders nothing.
            if value.as_literal().is_none() {
                out.push(SortKey {
                    value,
                    ascending,
                    nulls_first,
                });
            }
        }
        if failed { Err(Poison) } else { Ok(out) }
    }

    pub(super) fn sort(
        &mut self,
        input: Relation,
        keys: &[ast::SortKey],
        span: Span,
    ) -> Res<Relation> {
        let keys = self.keys(&input, keys)?;
        let fields = input.fields.clone();
        Ok(Relation {
            kind: RelationKind::Sort {
                input: Box::new(input),
                keys,
            },
            fields,
            span: self.at(span),
            ordered: true,
        })
    }

    pub(super) fn top(
        &mut self,
        input: Relation,
        count: &ast::Expr,
        keys: &[ast::SortKey],
        span: Span,
    ) -> Res<Relation> {
        let count = self.count_of(count, "top")?;
        let keys = self.keys(&input, keys)?;
        let fields = input.fields.clone();
        let partition = self.partition.clone();
        Ok(Relation {
            kind: RelationKind::Top {
                input: Box::new(input),
                keys,
                count,
                partition,
            },
            fields,
            span: self.at(span),
            ordered: true,
        })
    }

    pub(super) fn take(&mut self, input: Relation, count: &ast::Expr, span: Span) -> Res<Relation> {
        let count = self.count_of(count, "take")?;
        let (fields, ordered) = (input.fields.clone(), input.ordered);
        let partition = self.partition.clone();
        Ok(Relation {
            kind: RelationKind::Limit {
                input: Box::new(input),
                count,
                partition,
            },
            fields,
            span: self.at(span),
            ordered,
        })
    }

    pub(super) fn sample(
        &mut self,
        input: Relation,
        count: &ast::Expr,
        span: Span,
    ) -> Res<Relation> {
        let count = self.count_of(count, "sample")?;
        let fields = input.fields.clone();
        let at = self.at(span);
        let kind = if self.partition.is_empty() {
            RelationKind::Sample {
                input: Box::new(input),
                count,
            }
        } else {
            // Of each group, the first rows in an order by chance.
            let id = self.column(Type::Real);
            let value = self.chance(at);
            let input = self.extend(input, vec![Assignment { id, value }]);
            RelationKind::Top {
                input: Box::new(input),
                keys: vec![SortKey {
                    value: Expr::column(id, Type::Real, at),
                    ascending: true,
                    nulls_first: true,
                }],
                count,
                partition: self.partition.clone(),
            }
        };
        Ok(Relation {
            kind,
            fields,
            span: at,
            ordered: false,
        })
    }

    /// `rand()`
    pub(super) fn chance(&self, at: Span) -> Expr {
        Expr {
            kind: ExprKind::Call {
                function: "rand".to_owned(),
                arguments: Vec::new(),
            },
            ty: Type::Real,
            span: at,
        }
    }

    /// Some of the distinct values of a column.
    pub(super) fn sample_distinct(
        &mut self,
        input: Relation,
        count: &ast::Expr,
        of: &ast::Expr,
        span: Span,
    ) -> Res<Relation> {
        if !matches!(of.kind, ast::ExprKind::Name(_)) {
            let message = "sample-distinct requires a column";
            return Err(self.fail(codes::BAD_VALUE, of.span, message));
        }
        let item = ast::NamedExpr {
            names: Vec::new(),
            value: of.clone(),
            span: of.span,
        };
        let distinct = self.distinct(input, &[item], span)?;
        self.take(distinct, count, span)
    }

    /// `top-hitters n of x by y`: the values of `x` with the greatest sums (or counts), counted exactly.
    pub(super) fn top_hitters(
        &mut self,
        input: Relation,
        count: &ast::Expr,
        of: &ast::Expr,
        by: Option<&ast::Expr>,
        span: Span,
    ) -> Res<Relation> {
        let at = self.at(span);
        let count = self.count_of(count, "top-hitters")?;
        let value = self.expr(of, Row::of(&input.fields))?;
        let name = crate::names::of_expr(of, self.catalog).unwrap_or_else(|| "Column1".to_owned());
        let (function, arguments, out_name, out_type) = match by {
            None => (
                "count",
                Vec::new(),
                format!("approximate_count_{name}"),
                Type::Long,
            ),
            Some(by) => {
                let e = self.expr(by, Row::of(&input.fields))?;
                if !e.ty.is_number() {
                    return Err(self.fail(
                        codes::TYPE_MISMATCH,
                        by.span,
                        format!("top-hitters requires a number, not {}", e.ty),
                    ));
                }
                let ty = if e.ty == Type::Int { Type::Long } else { e.ty };
                let own = crate::names::of_expr(by, self.catalog).unwrap_or_default();
                (
                    "sum",
                    vec![self.cast(e, ty)],
                    format!("approximate_sum_{own}"),
                    ty,
                )
            }
        };
        let (key, sum) = (self.column(value.ty), self.column(out_type));
        let ty = value.ty;
        let mut group = self.partition_keys(at);
        group.push(Assignment { id: key, value });
        let aggregated = Relation {
            kind: RelationKind::Aggregate {
                input: Box::new(input),
                keys: group,
                aggregates: vec![Aggregate {
                    outputs: vec![sum],
                    function: function.to_owned(),
                    arguments,
                    filter: None,
                    span: at,
                }],
            },
            fields: Vec::new(),
            span: at,
            ordered: false,
        };
        let keys = vec![SortKey {
            value: Expr::column(sum, out_type, at),
            ascending: false,
            nulls_first: false,
        }];
        Ok(Relation {
            kind: RelationKind::Top {
                input: Box::new(aggregated),
                keys,
                count,
                partition: self.partition.clone(),
            },
            fields: vec![
                Field { name, id: key, ty },
                Field {
                    name: out_name,
                    id: sum,
                    ty: out_type,
                },
            ],
            span: at,
            ordered: true,
        })
    }
}
