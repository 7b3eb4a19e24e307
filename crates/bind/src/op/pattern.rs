//! `declare pattern`: tables by the values of some strings.

use crate::binder::{Binder, Res};
use crate::env::{Meaning, Pattern};
use crate::plan::{Expr, Relation};
use kql_diag::{Span, codes};
use kql_syntax::ast;
use kql_types::{Type, Value};
use std::rc::Rc;

impl Binder<'_> {
    pub fn declare_pattern(
        &mut self,
        name: &ast::Name,
        definition: Option<&ast::Pattern>,
    ) -> Res<()> {
        let parameters = definition
            .iter()
            .flat_map(|d| d.parameters.iter().chain(&d.path));
        for p in parameters {
            let text = match &p.kind {
                ast::ParameterKind::Scalar(t) => Type::from_name(&t.text) == Some(Type::String),
                ast::ParameterKind::Table { .. } => false,
            };
            if !text || p.default.is_some() {
                self.env = self.env.with(&name.text, Meaning::Poison);
                let message = "a pattern takes strings without defaults";
                return Err(self.fail(codes::ARGUMENT_TYPE, p.span, message));
            }
        }
        let pattern = Pattern {
            name: name.text.clone(),
            definition: definition.cloned(),
            env: self.env.clone(),
            source: self.source,
        };
        self.env = self
            .env
            .with(&name.text, Meaning::Pattern(Rc::new(pattern)));
        Ok(())
    }

    /// The table of the case that has these values.
    pub(super) fn pattern_call(
        &mut self,
        pattern: &Rc<Pattern>,
        arguments: &[ast::Argument],
        path: Option<&str>,
        span: Span,
    ) -> Res<Relation> {
        let mut values = Vec::with_capacity(arguments.len());
        for a in arguments {
            values.push(self.pattern_value(&a.value)?);
        }
        let Some(definition) = &pattern.definition else {
            return Err(self.no_case(&pattern.name, &values, path, span));
        };
        let source = std::mem::replace(&mut self.source, pattern.source);
        let mut found = Ok(None);
        for case in &definition.cases {
            match self.is_case(case, &values, path) {
                Ok(true) => {
                    found = Ok(Some(case));
                    break;
                }
                Ok(false) => {}
                Err(poison) => {
                    found = Err(poison);
                    break;
                }
            }
        }
        self.source = source;
        let Some(case) = found? else {
            return Err(self.no_case(&pattern.name, &values, path, span));
        };
        let at = self.at(span);
        let mut env = pattern.env.clone();
        let given = values.iter().map(String::as_str).chain(path);
        let parameters = definition.parameters.iter().chain(&definition.path);
        for (p, value) in parameters.zip(given) {
            let value = Expr::literal(Value::String(value.to_owned()), at);
            env = env.with(&p.name.text, Meaning::Scalar(value));
        }
        self.enter(&pattern.name, pattern.source, case.span, span)?;
        let env = std::mem::replace(&mut self.env, env);
        let source = std::mem::replace(&mut self.source, pattern.source);
        let out =
            self.local_statements(&case.body.statements)
                .and_then(|()| match &case.body.body {
                    Some(body) => self.isolated_relation(body),
                    None => {
                        let message = "this case of the pattern gives no table";
                        Err(self.fail(codes::NOT_SCALAR, case.span, message))
                    }
                });
        self.env = env;
        self.source = source;
        self.calls.pop();
        out
    }

    fn is_case(
        &mut self,
        case: &ast::PatternCase,
        values: &[String],
        path: Option<&str>,
    ) -> Res<bool> {
        let mut same = case.arguments.len() == values.len();
        for (a, value) in case.arguments.iter().zip(values) {
            same &= self.pattern_value(a)? == *value;
        }
        let own = match &case.path {
            Some(p) => Some(self.pattern_value(p)?),
            None => None,
        };
        Ok(same && own.as_deref() == path)
    }

    fn pattern_value(&mut self, e: &ast::Expr) -> Res<String> {
        match &e.kind {
            ast::ExprKind::Literal(ast::Literal::String(s)) => Ok(s.clone()),
            _ => Err(self.fail(
                codes::NOT_CONSTANT,
                e.span,
                "a pattern requires string literals",
            )),
        }
    }

    fn no_case(
        &mut self,
        name: &str,
        values: &[String],
        path: Option<&str>,
        span: Span,
    ) -> crate::binder::Poison {
        let values: Vec<String> = values.iter().map(|v| format!("'{v}'")).collect();
        let path = path.map_or_else(String::new, |p| format!(".['{p}']"));
        let message = format!(
            "pattern {name}({}){path} is not declared",
            values.join(", ")
        );
        self.fail(codes::UNKNOWN_TABLE, span, message)
    }
}
