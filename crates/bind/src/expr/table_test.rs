//! Whether an expression is a table, before it is bound.

use crate::binder::Binder;
use crate::env::{Env, Meaning};
use crate::plan::Field;
use kql_syntax::ast::{Expr, ExprKind};

/// Functions of the language that give a table.
const TABULAR: [&str; 9] = [
    "AssignedIPAddresses",
    "materialize",
    "table",
    "external_table",
    "materialized_view",
    "stored_query_result",
    "cluster",
    "database",
    "workspace",
];

impl Binder<'_> {
    /// Whether `e` is a table where `fields` are the columns in scope (a column hides a table of its name).
    pub fn is_table(&self, e: &Expr, fields: &[Field]) -> bool {
        self.is_table_in(e, fields, &self.env, 0)
    }

    /// Whether `e` is the name of a tabular `let`, also where a column has its name.
    pub fn is_table_variable(&self, e: &Expr) -> bool {
        match &e.kind {
            ExprKind::Paren(inner) => self.is_table_variable(inner),
            ExprKind::Name(n) => matches!(
                self.env.get(&n.text),
                Some(Meaning::Table { .. } | Meaning::Shared { .. })
            ),
            _ => false,
        }
    }

    fn is_table_in(&self, e: &Expr, fields: &[Field], env: &Env, depth: usize) -> bool {
        if depth > 64 {
            return false;
        }
        match &e.kind {
            ExprKind::Pipe { .. } | ExprKind::DataTable { .. } | ExprKind::ExternalData { .. } => {
                true
            }
            ExprKind::Paren(inner) => self.is_table_in(inner, fields, env, depth + 1),
            ExprKind::Name(n) => {
                if fields.iter().any(|f| f.name == n.text) {
                    return false;
                }
                match env.get(&n.text) {
                    Some(Meaning::Table { .. } | Meaning::Shared { .. }) => true,
                    Some(Meaning::Function(f)) => f.function.body.as_ref().is_some_and(|b| {
                        self.is_body_table(b, &f.function.statements, &f.env, depth)
                    }),
                    Some(Meaning::Pattern(_)) => true,
                    Some(_) => false,
                    None => {
                        (env.opens("", &n.text) && self.scope.has_function(&n.text))
                            || (env.opens("", &n.text) && self.scope.has_table("", &n.text))
                    }
                }
            }
            ExprKind::Wildcard(_) => true,
            ExprKind::Member { base, .. } | ExprKind::MethodCall { base, .. } => match &base.kind {
                ExprKind::Name(n) => {
                    matches!(env.get(&n.text), Some(Meaning::Entity(_)))
                        && !fields.iter().any(|f| f.name == n.text)
                        && !matches!(&e.kind, ExprKind::Member { member, .. } if member.text.starts_with('$'))
                }
                ExprKind::Call { name, .. } => {
                    matches!(env.get(&name.text), Some(Meaning::Pattern(_)))
                        || matches!(
                            name.text.as_str(),
                            "cluster"
                                | "database"
                                | "workspace"
                                | "app"
                                | "resource"
                                | "adx"
                                | "arg"
                        )
                }
                ExprKind::Member { .. } | ExprKind::MethodCall { .. } => {
                    self.is_table_in(base, fields, env, depth + 1)
                }
                _ => false,
            },
            ExprKind::Call { name, .. } => {
                match env.get(&name.text) {
                    Some(Meaning::Function(f)) => f.function.body.as_ref().is_some_and(|b| {
                        self.is_body_table(b, &f.function.statements, &f.env, depth)
                    }),
                    Some(Meaning::Pattern(_)) => true,
                    Some(_) => false,
                    None if TABULAR.contains(&name.text.as_str()) => true,
                    None => {
                        self.catalog.scalar(&name.text).is_none()
                            && self.catalog.aggregate(&name.text).is_none()
                            && env.opens("", &name.text)
                            && self.scope.has_function(&name.text)
                            && !self.is_stored_scalar(&name.text, depth)
                    }
                }
            }
            _ => false,
        }
    }

    /// Whether a stored function gives a scalar, as far as its text alone says so.
    fn is_stored_scalar(&self, name: &str, depth: usize) -> bool {
        let Some(stored) = self.scope.function(name) else {
            return false;
        };
        let read = self.scope.read(&stored);
        let Some(f) = &read.function else {
            return false;
        };
        let Some(body) = &f.body else {
            return false;
        };
        // A name may be that of a table or function that is not there: whoever binds it says so.
        let declared = |name: &str| {
            f.statements.iter().any(|s| {
                matches!(s, kql_syntax::ast::Statement::LetFunction { name: n, .. } if n.text == name)
            })
        };
        let named = match &body.kind {
            ExprKind::Name(_) | ExprKind::Member { .. } | ExprKind::MethodCall { .. } => true,
            ExprKind::Call { name, .. } => {
                let n = name.text.as_str();
                n != "toscalar"
                    && self.catalog.scalar(n).is_none()
                    && !declared(n)
                    && !self.scope.has_function(n)
            }
            _ => false,
        };
        !named && !self.is_body_table(body, &f.statements, &Env::default(), depth + 1)
    }

    /// A body's own `let`s hide names, so only what they declare as tables counts.
    fn is_body_table(
        &self,
        body: &Expr,
        statements: &[kql_syntax::ast::Statement],
        env: &Env,
        depth: usize,
    ) -> bool {
        let mut env = env.clone();
        for s in statements {
            match s {
                kql_syntax::ast::Statement::Let { name, value, .. } => {
                    let meaning = if self.is_table_in(value, &[], &env, depth + 1) {
                        Meaning::Table {
                            body: std::sync::Arc::clone(value),
                            env: env.clone(),
                            source: 0,
                        }
                    } else {
                        Meaning::Poison
                    };
                    env = env.with(&name.text, meaning);
                }
                kql_syntax::ast::Statement::LetFunction { name, function, .. } => {
                    let f = crate::env::UserFunction {
                        name: name.text.clone(),
                        function: std::sync::Arc::clone(function),
                        env: env.clone(),
                        source: 0,
                    };
                    env = env.with(&name.text, Meaning::Function(std::rc::Rc::new(f)));
                }
                _ => {}
            }
        }
        self.is_table_in(body, &[], &env, depth + 1)
    }
}
