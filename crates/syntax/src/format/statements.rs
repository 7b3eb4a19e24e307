//! Statements and functions.

use super::Builder;
use super::doc::{Doc, many};
use super::literals::name;
use crate::ast::{ColumnDecl, Expr, Function, Parameter, ParameterKind, Pattern, Statement};

impl Builder<'_> {
    /// Statements, each ended by `;` but the last one of a text.
    pub fn statements(&self, statements: &[Statement], last_bare: bool) -> Doc {
        let mut out = Vec::new();
        for (n, s) in statements.iter().enumerate() {
            if n > 0 {
                out.push(Doc::Hard);
            }
            out.push(self.statement(s));
            if !(last_bare && n + 1 == statements.len()) {
                out.push(";".into());
            }
        }
        Doc::Many(out)
    }

    fn statement(&self, s: &Statement) -> Doc {
        match s {
            Statement::Let { name: n, value, .. } => {
                many![
                    format!("let {} = ", name(n)),
                    Doc::Nest(vec![self.whole(value)])
                ]
            }
            Statement::LetFunction {
                name: n, function, ..
            } => many![format!("let {} = ", name(n)), self.function(function)],
            Statement::Set { name: n, value, .. } => match value {
                Some(v) => many![format!("set {} = ", name(n)), self.expr(v)],
                None => format!("set {}", name(n)).into(),
            },
            Statement::QueryParameters { parameters, .. } => {
                many!["declare query_parameters", self.parameters(parameters)]
            }
            Statement::Alias {
                name: n, target, ..
            } => many![format!("alias database {} = ", name(n)), self.expr(target)],
            Statement::Pattern {
                name: n,
                definition,
                ..
            } => match definition {
                Some(p) => many![format!("declare pattern {} = ", name(n)), self.pattern(p)],
                None => format!("declare pattern {}", name(n)).into(),
            },
            Statement::Restrict {
                targets,
                properties,
                span,
            } => {
                let mut out = vec![
                    "restrict access to ".into(),
                    self.listed("(", self.exprs(targets), ")"),
                ];
                if !properties.is_empty() {
                    out.push(many![" with ", self.properties_in_parentheses(properties)]);
                }
                self.group(*span, out)
            }
            Statement::Query { expr, .. } => self.whole(expr),
        }
    }

    /// A value that stands alone: each step of its pipe on a line.
    fn whole(&self, e: &Expr) -> Doc {
        match &e.kind {
            crate::ast::ExprKind::Pipe { source, operators } => {
                self.pipe(source.as_deref(), operators, Doc::Hard)
            }
            _ => self.expr(e),
        }
    }

    /// `view (a:long) { ... }`
    pub fn function(&self, f: &Function) -> Doc {
        many![
            if f.view { "view " } else { "" },
            self.parameters(&f.parameters),
            " ",
            self.body(f)
        ]
    }

    fn body(&self, f: &Function) -> Doc {
        if f.statements.is_empty() && f.body.is_none() {
            return "{}".into();
        }
        let mut inner = vec![Doc::Hard, self.statements(&f.statements, false)];
        if let Some(b) = &f.body {
            if !f.statements.is_empty() {
                inner.push(Doc::Hard);
            }
            inner.push(self.whole(b));
        }
        many!["{", Doc::Nest(inner), Doc::Hard, "}"]
    }

    /// `(a:long = 1, T:(b:string, *))`
    fn parameters(&self, parameters: &[Parameter]) -> Doc {
        let (Some(first), Some(last)) = (parameters.first(), parameters.last()) else {
            return "()".into();
        };
        let items = parameters.iter().map(|p| self.parameter(p)).collect();
        self.group(first.span.to(last.span), vec![self.listed("(", items, ")")])
    }

    fn parameter(&self, p: &Parameter) -> Doc {
        let kind = match &p.kind {
            ParameterKind::Scalar(t) => name(t),
            ParameterKind::Table { columns, open } => {
                let mut items: Vec<String> = columns.iter().map(|c| self.column_text(c)).collect();
                if *open {
                    items.push("*".to_owned());
                }
                format!("({})", items.join(", "))
            }
        };
        let head = format!("{}:{kind}", name(&p.name));
        match &p.default {
            Some(d) => many![head, " = ", self.expr(d)],
            None => head.into(),
        }
    }

    fn column_text(&self, c: &ColumnDecl) -> String {
        format!("{}:{}", name(&c.name), name(&c.type_name))
    }

    fn pattern(&self, p: &Pattern) -> Doc {
        let mut out = vec![self.parameters(&p.parameters)];
        if let Some(path) = &p.path {
            out.push(many!["[", self.parameter(path), "]"]);
        }
        out.push(" {".into());
        let mut inner = Vec::new();
        for c in &p.cases {
            inner.push(Doc::Hard);
            inner.push(self.listed("(", self.exprs(&c.arguments), ")"));
            if let Some(path) = &c.path {
                inner.push(many![".[", self.expr(path), "]"]);
            }
            inner.push(" = ".into());
            inner.push(self.body(&c.body));
            inner.push(";".into());
        }
        out.push(Doc::Nest(inner));
        out.push(Doc::Hard);
        out.push("}".into());
        Doc::Many(out)
    }
}
