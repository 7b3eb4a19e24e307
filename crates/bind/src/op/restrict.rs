//! `restrict access to (...)`: what the statements after it can name.

use super::matches;
use crate::binder::{Binder, Res};
use crate::env::{Env, Meaning, Restriction};
use crate::scope::{StoredFunction, TableSchema};
use kql_diag::codes;
use kql_syntax::ast;
use std::rc::Rc;

impl Binder<'_> {
    /// Hides the tables, views and patterns that are not listed. Scalars and scalar functions are no entities and stay.
    pub fn restrict(&mut self, targets: &[ast::Expr], properties: &[ast::Property]) -> Res<()> {
        if let Some(p) = properties.first() {
            return Err(self.unsupported(p.name.span, "properties of restrict"));
        }
        let declared: Vec<String> = self.env.names().into_iter().map(str::to_owned).collect();
        let mut kept: Vec<String> = Vec::new();
        let mut open = Vec::new();
        for t in targets {
            match &t.kind {
                ast::ExprKind::Name(n) if declared.contains(&n.text) => kept.push(n.text.clone()),
                ast::ExprKind::Name(n) => {
                    if self.known_table("", &n.text).is_none() && !self.is_known_function(&n.text) {
                        return Err(self.unknown_table(&n.text, n.span));
                    }
                    open.push((String::new(), n.text.clone()));
                }
                // A pattern alone means what the text declares.
                ast::ExprKind::Star => kept.push("*".to_owned()),
                ast::ExprKind::Wildcard(n) => kept.push(n.text.clone()),
                ast::ExprKind::Member { base, member } => {
                    let database = self.database_of(base)?;
                    open.push((database, member.text.clone()));
                }
                _ => {
                    let message = "restrict takes names of tables, views, functions and patterns";
                    return Err(self.fail(codes::BAD_VALUE, t.span, message));
                }
            }
        }
        let mut hidden = std::collections::HashSet::new();
        for name in declared {
            let e = ast::Expr {
                kind: ast::ExprKind::Name(ast::Name {
                    text: name.clone(),
                    bracketed: false,
                    span: kql_diag::Span::default(),
                }),
                span: kql_diag::Span::default(),
            };
            if self.is_table(&e, &[]) && !kept.iter().any(|k| matches(k, &name)) {
                hidden.insert(name);
            }
        }
        let meaning = Meaning::Restricted(Rc::new(Restriction { hidden, open }));
        self.env = self.env.with("", meaning);
        Ok(())
    }

    /// The name in `database("name")`, `cluster("c").database("name")`.
    pub fn database_of(&mut self, e: &ast::Expr) -> Res<String> {
        if let ast::ExprKind::Call { name, arguments }
        | ast::ExprKind::MethodCall {
            name, arguments, ..
        } = &e.kind
            && name.text == "database"
        {
            match arguments.first().map(|a| &a.value.kind) {
                None => return Ok(String::new()),
                Some(ast::ExprKind::Literal(ast::Literal::String(s))) => return Ok(s.clone()),
                Some(_) => {}
            }
        }
        let message = "a database is written as database(\"name\")";
        Err(self.fail(codes::BAD_VALUE, e.span, message))
    }

    /// A table of the scope that may be named here.
    pub fn known_table(&self, database: &str, name: &str) -> Option<TableSchema> {
        self.known_table_in(&self.env, database, name)
    }

    /// A table of the scope that may be named in an environment.
    pub fn known_table_in(&self, env: &Env, database: &str, name: &str) -> Option<TableSchema> {
        env.opens(database, name)
            .then(|| self.scope.table(database, name))
            .flatten()
    }

    /// Whether a stored function may be named here.
    pub fn is_known_function(&self, name: &str) -> bool {
        self.env.opens("", name) && self.scope.has_function(name)
    }

    /// A stored function that may be named here.
    pub fn known_function(&self, name: &str) -> Option<std::sync::Arc<StoredFunction>> {
        self.env
            .opens("", name)
            .then(|| self.scope.function(name))
            .flatten()
    }
}
