//! `facet`: the values of each of some columns, counted.

use super::fork::{Source, UNNAMED};
use crate::binder::{Binder, Res};
use crate::plan::{Aggregate, Assignment, Expr, Field, Relation, RelationKind, ResultTable};
use kql_diag::{Span, codes};
use kql_syntax::ast;
use kql_types::Type;

impl Binder<'_> {
    pub(super) fn facet(
        &mut self,
        source: &Source,
        by: &[ast::Expr],
        with: Option<&ast::Expr>,
        span: Span,
    ) -> Res<Vec<ResultTable>> {
        let at = self.at(span);
        let mut out = Vec::with_capacity(by.len() + 1);
        let body = with.map(|body| self.table_of_body(source, None, body));
        for column in by {
            let ast::ExprKind::Name(name) = &column.kind else {
                let message = "facet takes columns";
                return Err(self.fail(codes::BAD_VALUE, column.span, message));
            };
            let rows = self.rows_of(source, span);
            let Some(f) = rows.fields.iter().find(|f| f.name == name.text).cloned() else {
                return Err(self.unknown_column(&name.text, name.span, &rows.fields));
            };
            if f.ty == Type::Dynamic {
                let message = "a facet requires a scalar type, not dynamic";
                return Err(self.fail(codes::TYPE_MISMATCH, name.span, message));
            }
            let (id, count) = (self.column(f.ty), self.column(Type::Long));
            let value = Expr::column(f.id, f.ty, at);
            let fields = vec![
                Field { id, ..f.clone() },
                Field {
                    name: format!("count_{}", f.name),
                    id: count,
                    ty: Type::Long,
                },
            ];
            let kind = RelationKind::Aggregate {
                input: Box::new(rows),
                keys: vec![Assignment { id, value }],
                aggregates: vec![Aggregate {
                    outputs: vec![count],
                    function: "count".to_owned(),
                    arguments: Vec::new(),
                    filter: None,
                    span: at,
                }],
            };
            out.push(ResultTable {
                name: UNNAMED.to_owned(),
                relation: Relation {
                    kind,
                    fields,
                    span: at,
                    ordered: false,
                },
                render: None,
            });
        }
        if let Some(body) = body {
            out.insert(0, body?);
        }
        Ok(out)
    }
}
