//! Calls of the query's own functions and of stored ones.

use super::{Row, convertible};
use crate::binder::{Binder, Poison, Res};
use crate::env::{Meaning, UserFunction};
use crate::plan::{Expr, ExprKind};
use kql_diag::{Diagnostic, Span, codes};
use kql_syntax::ast;
use kql_types::Type;
use std::rc::Rc;

impl Binder<'_> {
    /// A stored function by name, ready to be called.
    pub fn stored(&mut self, name: &str, span: Span) -> Option<Res<Rc<UserFunction>>> {
        if let Some(known) = self.stored.get(name)
            && self.env.opens("", name)
        {
            return Some(known.clone().ok_or(Poison));
        }
        let stored = self.known_function(name)?;
        let read = self.scope.read(&stored);
        let read = self.read_stored(name, &read, span);
        self.stored.insert(name.to_owned(), read.clone().ok());
        Some(read)
    }

    /// A stored function that was read, as one of this text.
    pub fn read_stored(
        &mut self,
        name: &str,
        read: &crate::scope::ReadFunction,
        span: Span,
    ) -> Res<Rc<UserFunction>> {
        self.sources.push(read.source.clone());
        let source = u32::try_from(self.sources.len()).unwrap_or(u32::MAX);
        let mut bad = false;
        for d in &read.diagnostics {
            bad |= d.is_error();
            let primary = d.primary.in_source(source);
            self.report(Diagnostic {
                primary,
                ..d.clone()
            });
        }
        if let Some(function) = &read.function {
            return Ok(Rc::new(UserFunction {
                name: name.to_owned(),
                function: std::sync::Arc::clone(function),
                env: crate::env::Env::default(),
                source,
            }));
        }
        if !bad {
            self.fail(
                codes::BAD_VALUE,
                span,
                format!("stored function `{name}` cannot be read"),
            );
        }
        Err(Poison)
    }

    /// Calls a user function whose body is a scalar.
    pub(super) fn call_user(
        &mut self,
        f: &Rc<UserFunction>,
        arguments: &[ast::Argument],
        span: Span,
        row: Row<'_>,
    ) -> Res<Expr> {
        self.functions.insert(f.name.clone());
        self.enter(&f.name, f.source, f.function.span, span)?;
        let out = self.call_user_inner(f, arguments, span, row);
        self.calls.pop();
        out
    }

    fn call_user_inner(
        &mut self,
        f: &Rc<UserFunction>,
        arguments: &[ast::Argument],
        span: Span,
        row: Row<'_>,
    ) -> Res<Expr> {
        let env = self.parameters(f, arguments, span, row)?;
        let saved_env = std::mem::replace(&mut self.env, env);
        let saved_source = std::mem::replace(&mut self.source, f.source);
        let saved_collector = self.collector.take();
        let graph = self.graph_scope.take();
        let out = (|| {
            self.local_statements(&f.function.statements)?;
            match &f.function.body {
                Some(body) => self.expr(body, Row::default()),
                None => Err(self.fail(
                    codes::NOT_SCALAR,
                    f.function.span,
                    format!("function `{}` has no result", f.name),
                )),
            }
        })();
        self.env = saved_env;
        self.source = saved_source;
        self.collector = saved_collector;
        self.graph_scope = graph;
        let out = out?;
        Ok(Expr {
            span: self.at(span),
            ..out
        })
    }

    /// The environment of a call: the function's own and its parameters.
    pub fn parameters(
        &mut self,
        f: &Rc<UserFunction>,
        arguments: &[ast::Argument],
        span: Span,
        row: Row<'_>,
    ) -> Res<crate::env::Env> {
        let params = &f.function.parameters;
        let mut given: Vec<Option<&ast::Expr>> = vec![None; params.len()];
        for (i, a) in arguments.iter().enumerate() {
            let slot = match &a.name {
                Some(n) => params.iter().position(|p| p.name.text == n.text),
                None => Some(i).filter(|i| *i < params.len()),
            };
            match (slot, &a.name) {
                (Some(slot), _) => given[slot] = Some(&a.value),
                (None, Some(n)) => {
                    return Err(self.fail(
                        codes::UNKNOWN_OPTION,
                        n.span,
                        format!("function `{}` has no parameter `{}`", f.name, n.text),
                    ));
                }
                (None, None) => {
                    let most = params.len();
                    return Err(self.fail(
                        codes::ARGUMENT_COUNT,
                        span,
                        format!(
                            "`{}` requires at most {most} arguments, not {}",
                            f.name,
                            arguments.len()
                        ),
                    ));
                }
            }
        }
        let mut env = f.env.clone();
        for (p, a) in params.iter().zip(given) {
            let meaning = match (&p.kind, a) {
                (ast::ParameterKind::Table { .. }, Some(table)) => Meaning::Table {
                    body: std::sync::Arc::new(table.clone()),
                    env: self.env.clone(),
                    source: self.source,
                },
                (ast::ParameterKind::Table { .. }, None) => {
                    return Err(self.missing_argument(f, p, span));
                }
                (ast::ParameterKind::Scalar(type_name), a) => {
                    let Some(ty) = Type::from_name(&type_name.text) else {
                        return Err(self.fail(
                            codes::TYPE_MISMATCH,
                            type_name.span,
                            format!("type `{}` not found", type_name.text),
                        ));
                    };
                    let value = match (a, &p.default) {
                        (Some(a), _) => {
                            let e = self.expr(a, row)?;
                            // The official binder takes any type here; what cannot be converted is refused all the same.
                            if !self.converts(&e, ty) {
                                return Err(self.report(Diagnostic::error(
                                    codes::ARGUMENT_TYPE,
                                    e.span,
                                    format!(
                                        "`{}` requires {ty} for `{}`, not {}",
                                        f.name, p.name.text, e.ty
                                    ),
                                )));
                            }
                            e
                        }
                        (None, Some(d)) => {
                            let saved = std::mem::replace(&mut self.source, f.source);
                            let e = self.expr(d, Row::default());
                            self.source = saved;
                            e?
                        }
                        (None, None) => return Err(self.missing_argument(f, p, span)),
                    };
                    Meaning::Scalar(self.cast(value, ty))
                }
            };
            env = env.with(&p.name.text, meaning);
        }
        Ok(env)
    }

    fn missing_argument(&mut self, f: &UserFunction, p: &ast::Parameter, span: Span) -> Poison {
        self.fail(
            codes::ARGUMENT_COUNT,
            span,
            format!("`{}` requires an argument for `{}`", f.name, p.name.text),
        )
    }

    /// Whether an argument may stand for a parameter of a type.
    fn converts(&self, e: &Expr, ty: Type) -> bool {
        e.ty == ty
            || convertible(e.ty, ty)
            || matches!(&e.kind, ExprKind::Literal(v) if v.is_null())
    }
}
