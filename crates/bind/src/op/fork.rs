//! `fork`: several results of the same rows.

use super::word;
use crate::binder::{Binder, Res};
use crate::plan::{Field, Relation, ResultTable, SharedId};
use kql_diag::{Span, codes};
use kql_syntax::ast::{self, OperatorKind as K};

/// What a result is called that the query does not name.
pub(super) const UNNAMED: &str = "GenericResult";

/// Rows that several results come from.
pub(super) struct Source {
    pub id: SharedId,
    pub fields: Vec<Field>,
    pub ordered: bool,
}

impl Binder<'_> {
    /// The results of an operator that gives several tables.
    pub fn tables_of(&mut self, input: Relation, o: &ast::Operator) -> Res<Vec<ResultTable>> {
        let (fields, ordered) = (input.fields.clone(), input.ordered);
        let id = self.add_shared(input);
        let source = Source {
            id,
            fields,
            ordered,
        };
        match &o.kind {
            K::Fork { branches } => self.fork(&source, branches),
            K::Facet { by, with } => self.facet(&source, by, with.as_deref(), o.span),
            K::Evaluate { arguments, .. } => self.preview(&source, arguments, o.span),
            other => Err(self.unsupported(o.word, format!("operator `{}`", word(other)))),
        }
    }

    fn fork(
        &mut self,
        source: &Source,
        branches: &[(Option<ast::Name>, ast::Expr)],
    ) -> Res<Vec<ResultTable>> {
        let mut out = Vec::with_capacity(branches.len());
        let mut failed = None;
        for (name, body) in branches {
            match self.branch(source, name.as_ref(), body) {
                Ok(table) => out.push(table),
                Err(poison) => failed = Some(poison),
            }
        }
        failed.map_or(Ok(out), Err)
    }

    fn branch(
        &mut self,
        source: &Source,
        name: Option<&ast::Name>,
        body: &ast::Expr,
    ) -> Res<ResultTable> {
        if let ast::ExprKind::Pipe {
            source: None,
            operators,
        } = &body.kind
            && let Some(o) = operators.iter().find(|o| !may_fork(&o.kind))
        {
            let message = format!("operator `{}` cannot stand in a fork", word(&o.kind));
            return Err(self.fail(codes::BAD_VALUE, o.word, message));
        }
        self.table_of_body(source, name, body)
    }

    /// The result of a body over the rows.
    pub(super) fn table_of_body(
        &mut self,
        source: &Source,
        name: Option<&ast::Name>,
        body: &ast::Expr,
    ) -> Res<ResultTable> {
        let input = self.use_shared(source.id, &source.fields, source.ordered, body.span);
        let env = self.env.clone();
        let implicit = std::mem::replace(&mut self.implicit, vec![input]);
        self.result_name = None;
        self.quiet_names = false;
        let relation = self.relation(body);
        self.implicit = implicit;
        self.env = env;
        let named = self.result_name.take();
        let name = name.map(|n| n.text.clone()).or(named);
        Ok(ResultTable {
            name: name.unwrap_or_else(|| UNNAMED.to_owned()),
            relation: relation?,
            render: self.render.take(),
        })
    }

    /// Rows of the source.
    pub(super) fn rows_of(&mut self, source: &Source, span: Span) -> Relation {
        self.use_shared(source.id, &source.fields, source.ordered, span)
    }
}

/// The operators that a branch may have.
fn may_fork(kind: &K) -> bool {
    !matches!(
        kind,
        K::AssertSchema { .. }
            | K::Consume { .. }
            | K::Evaluate { .. }
            | K::Facet { .. }
            | K::Fork { .. }
            | K::GetSchema
            | K::Join { .. }
            | K::Lookup { .. }
            | K::MakeGraph { .. }
            | K::MakeSeries { .. }
            | K::MvApply { .. }
            | K::Partition { .. }
            | K::Render { .. }
            | K::Scan { .. }
            | K::Search { .. }
            | K::Serialize { .. }
            | K::Union { .. }
    )
}
