//! `macro-expand`: a query over each database of a group.
//!
//! There is one set of tables here, whatever database a text names. So a group of one database runs, and a group of
//! several does not: its rows would be counted several times.

use crate::binder::{Binder, Res};
use crate::env::Meaning;
use crate::plan::{Expr, Relation};
use kql_diag::{Diagnostic, Span, codes};
use kql_syntax::ast;
use kql_types::Value;
use std::rc::Rc;

/// The query and what it calls the database.
pub(super) struct Body<'a> {
    pub scope: &'a ast::Name,
    pub statements: &'a [ast::Statement],
    pub body: Option<&'a ast::Expr>,
}

impl Binder<'_> {
    pub(super) fn macro_expand(
        &mut self,
        parameters: &[ast::Property],
        group: &ast::Expr,
        body: &Body<'_>,
        span: Span,
    ) -> Res<Relation> {
        for (p, (name, value)) in parameters.iter().zip(self.properties(parameters)?) {
            let good = match name.as_str() {
                "kind" => matches!(value.as_str(), Some("inner" | "outer")),
                "isfuzzy" => {
                    matches!(value, Value::Bool(_))
                        || matches!(value.as_str(), Some("true" | "false"))
                }
                _ => false,
            };
            if !good {
                let message = format!("macro-expand does not take this `{}`", p.name.text);
                return Err(self.fail(codes::UNKNOWN_OPTION, p.name.span, message));
            }
        }
        let entities = match &group.kind {
            ast::ExprKind::EntityGroup(entities) => Rc::new(entities.clone()),
            ast::ExprKind::Name(n) => match self.env.get(&n.text).cloned() {
                Some(Meaning::Entities(entities)) => entities,
                Some(Meaning::Poison) => return Err(crate::binder::Poison),
                _ => {
                    let message = format!("entity group `{}` not found", n.text);
                    return Err(self.fail(codes::UNKNOWN_TABLE, n.span, message));
                }
            },
            _ => {
                let message = "macro-expand requires an entity group";
                return Err(self.fail(codes::BAD_VALUE, group.span, message));
            }
        };
        let mut databases = Vec::with_capacity(entities.len());
        for e in entities.iter() {
            databases.push(self.database_of(e)?);
        }
        let [entity] = entities.as_slice() else {
            let at = self.at(group.span);
            let what = "an entity group of several databases";
            let why =
                "there is one set of tables here, and each database would give its rows again";
            return Err(self.report(Diagnostic::unsupported(at, what).with_help(why)));
        };
        let Some(query) = body.body else {
            let message = "macro-expand requires a query in its brackets";
            return Err(self.fail(codes::EMPTY, span, message));
        };
        let env = self.env.clone();
        let entity = Meaning::Entity(Rc::new(entity.clone()));
        self.env = env.with(&body.scope.text, entity);
        let calls = self.calls.len();
        // Its variables are its own.
        self.calls.push(format!("macro-expand {}", body.scope.text));
        let out = self
            .local_statements(body.statements)
            .and_then(|()| self.isolated_relation(query));
        self.calls.truncate(calls);
        self.env = env;
        out
    }

    /// `X.$current_database`
    pub fn entity_property(&mut self, entity: &ast::Expr, member: &ast::Name) -> Res<Expr> {
        match member.text.as_str() {
            "$current_database" => {
                let name = self.database_of(entity)?;
                let at = self.at(member.span);
                Ok(Expr::literal(Value::String(name), at))
            }
            "$current_cluster_endpoint" => {
                Err(self.unsupported(member.span, "the name of a cluster"))
            }
            _ => Err(self.fail(
                codes::NOT_SCALAR,
                member.span,
                "a table stands where a scalar is required",
            )),
        }
    }
}
