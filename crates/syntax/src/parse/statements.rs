//! Statements, functions and pipes.

use super::cursor::{Cursor, Res};
use super::lexer::{Kind, is_scalar_operator};
use crate::ast::{
    ColumnDecl, Expr, ExprKind, Function, OperatorKind, Parameter, ParameterKind, Statement,
};
use std::sync::Arc;

/// Operators that need no table in front of them.
const LEADING: [&str; 6] = ["print", "range", "union", "search", "find", "macro-expand"];

impl Cursor<'_> {
    /// All statements of the text.
    pub fn statements(&mut self) -> Vec<Statement> {
        let mut out = Vec::new();
        while !self.done() {
            if self.take(";") {
                continue;
            }
            let start = self.place();
            match self.statement() {
                Ok(s) => {
                    out.push(s);
                    if !self.done() && !self.is(";") {
                        self.unexpected("`|`, `;` or the end of the query", None);
                        self.skip_statement(start, false);
                    }
                }
                Err(_) => self.skip_statement(start, false),
            }
        }
        out
    }

    pub fn statement(&mut self) -> Res<Statement> {
        let t = self.peek();
        let start = t.start;
        if t.kind == Kind::Name {
            match t.text {
                "let" if self.ahead(1).kind == Kind::Name || self.is_ahead(1, "[") => {
                    return self.let_statement();
                }
                "set" if self.ahead(1).kind == Kind::Name => {
                    self.next();
                    let name = self.name()?;
                    let value = if self.take("=") {
                        Some(self.property_value(true)?)
                    } else {
                        None
                    };
                    return Ok(Statement::Set {
                        name,
                        value,
                        span: self.span_from(start),
                    });
                }
                "declare" if self.is_word_ahead(1, "query_parameters") => {
                    self.next();
                    self.next();
                    let parameters = self.function_parameters()?;
                    return Ok(Statement::QueryParameters {
                        parameters,
                        span: self.span_from(start),
                    });
                }
                "declare" if self.is_word_ahead(1, "pattern") => {
                    self.next();
                    self.next();
                    return self.pattern_statement(start);
                }
                "alias" if self.is_word_ahead(1, "database") => {
                    self.next();
                    self.next();
                    let name = self.name()?;
                    self.expect("=")?;
                    let target = self.expr()?;
                    return Ok(Statement::Alias {
                        name,
                        target,
                        span: self.span_from(start),
                    });
                }
                "restrict" if self.is_word_ahead(1, "access") => {
                    self.next();
                    self.next();
                    self.expect_word("to")?;
                    self.expect("(")?;
                    let mut targets = Vec::new();
                    while !self.is(")") {
                        targets.push(self.table()?);
                        if !self.take(",") {
                            break;
                        }
                    }
                    self.expect(")")?;
                    let properties = self.properties()?;
                    return Ok(Statement::Restrict {
                        targets,
                        properties,
                        span: self.span_from(start),
                    });
                }
                _ => {}
            }
        }
        if let Some(fault) = self.sql() {
            return Err(fault);
        }
        let expr = self.pipe_expr()?;
        Ok(Statement::Query {
            expr,
            span: self.span_from(start),
        })
    }

    fn let_statement(&mut self) -> Res<Statement> {
        let start = self.next().start;
        let name = self.name()?;
        self.expect("=")?;
        if self.at_function() {
            let function = self.function()?;
            return Ok(Statement::LetFunction {
                name,
                function: Arc::new(function),
                span: self.span_from(start),
            });
        }
        let value = self.pipe_expr()?;
        Ok(Statement::Let {
            name,
            value: Arc::new(value),
            span: self.span_from(start),
        })
    }

    /// Whether `(params) {` or `view (params) {` is next.
    fn at_function(&self) -> bool {
        let mut n = usize::from(self.is_word("view"));
        if !self.is_ahead(n, "(") {
            return false;
        }
        let mut depth = 0usize;
        loop {
            let t = self.ahead(n);
            if t.kind == Kind::End {
                return false;
            }
            if t.kind == Kind::Mark {
                match t.text {
                    "(" | "[" | "{" => depth += 1,
                    ")" | "]" | "}" => {
                        depth = depth.saturating_sub(1);
                        if depth == 0 {
                            return self.is_ahead(n + 1, "{");
                        }
                    }
                    ";" | "|" => return false,
                    _ => {}
                }
            }
            n += 1;
        }
    }

    /// `view (params) { body }`
    pub fn function(&mut self) -> Res<Function> {
        let start = self.peek().start;
        let view = self.take_word("view");
        let parameters = self.function_parameters()?;
        let (statements, body) = self.body()?;
        Ok(Function {
            view,
            parameters,
            statements,
            body,
            span: self.span_from(start),
        })
    }

    /// `{ statements; result }`; a fault in a statement is reported and the next one is read.
    pub fn body(&mut self) -> Res<(Vec<Statement>, Option<Box<Expr>>)> {
        let open = self.peek();
        self.expect("{")?;
        let mut statements = Vec::new();
        let mut body = None;
        let mut fault = None;
        while !self.is("}") {
            if self.take(";") {
                continue;
            }
            if self.done() {
                self.close("}", open)?;
            }
            let start = self.place();
            match self.statement() {
                Ok(Statement::Query { expr, .. }) => body = Some(Box::new(expr)),
                Ok(other) => statements.push(other),
                Err(f) => {
                    fault = Some(f);
                    self.skip_statement(start, true);
                    continue;
                }
            }
            if !self.is("}") && !self.is(";") {
                if self.done() {
                    self.close("}", open)?;
                }
                fault = Some(self.unexpected("`|`, `;` or `}`", None));
                self.skip_statement(start, true);
            }
        }
        self.next();
        fault.map_or(Ok((statements, body)), Err)
    }

    pub fn function_parameters(&mut self) -> Res<Vec<Parameter>> {
        self.expect("(")?;
        let mut out = Vec::new();
        while !self.is(")") {
            let start = self.peek().start;
            out.push(self.parameter(start)?);
            if !self.take(",") {
                break;
            }
        }
        self.expect(")")?;
        Ok(out)
    }

    /// `name:type = default`
    pub fn parameter(&mut self, start: usize) -> Res<Parameter> {
        let name = self.name()?;
        self.expect(":")?;
        let kind = if self.is("(") {
            self.table_type()?
        } else {
            ParameterKind::Scalar(self.name()?)
        };
        let default = if self.take("=") {
            Some(self.expr()?)
        } else {
            None
        };
        Ok(Parameter {
            name,
            kind,
            default,
            span: self.span_from(start),
        })
    }

    fn table_type(&mut self) -> Res<ParameterKind> {
        self.expect("(")?;
        let mut columns: Vec<ColumnDecl> = Vec::new();
        let mut open = false;
        while !self.is(")") {
            if self.take("*") {
                open = true;
            } else {
                let name = self.name()?;
                self.expect(":")?;
                let type_name = self.name()?;
                columns.push(ColumnDecl {
                    name,
                    type_name,
                    default: None,
                });
            }
            if !self.take(",") {
                break;
            }
        }
        self.expect(")")?;
        Ok(ParameterKind::Table { columns, open })
    }

    /// A scalar, a table, or a table with operators behind it.
    pub fn pipe_expr(&mut self) -> Res<Expr> {
        let start = self.peek().start;
        if self.at_function() {
            let f = self.function()?;
            return Ok(Expr {
                kind: ExprKind::Lambda(Arc::new(f)),
                span: self.span_from(start),
            });
        }
        let leading = self.at_leading();
        let source = if leading {
            None
        } else {
            Some(Box::new(self.expr()?))
        };
        let mut operators = Vec::new();
        if leading {
            operators.push(self.operator());
        }
        while self.is("|") {
            self.next();
            operators.push(self.operator());
        }
        match source {
            Some(s) if operators.is_empty() => Ok(*s),
            source => Ok(Expr {
                kind: ExprKind::Pipe { source, operators },
                span: self.span_from(start),
            }),
        }
    }

    /// `| op | op` without a table in front (the body of `mv-apply` and its like); the first bar may be left out.
    pub fn body_pipe(&mut self) -> Res<Expr> {
        let start = self.peek().start;
        self.take("|");
        let mut operators = vec![self.operator()];
        while self.take("|") {
            operators.push(self.operator());
        }
        Ok(Expr {
            kind: ExprKind::Pipe {
                source: None,
                operators,
            },
            span: self.span_from(start),
        })
    }

    fn at_leading(&self) -> bool {
        let t = self.peek();
        if t.kind != Kind::Name {
            return false;
        }
        let next = self.ahead(1);
        // An operator that requires a table, without one: the binder says so.
        if matches!(
            t.text,
            "where" | "extend" | "project" | "summarize" | "evaluate" | "filter"
        ) && next.kind == Kind::Name
            && !is_scalar_operator(next.text)
        {
            return true;
        }
        if !LEADING
            .iter()
            .any(|l| *l == t.text || l.split('-').next() == Some(t.text))
        {
            return false;
        }
        match t.text {
            "print" => {
                !matches!(next.text, "|" | ";" | ")" | "," | "=" | "." | "==")
                    && next.kind != Kind::End
            }
            "range" => next.kind == Kind::Name && self.is_word_ahead(2, "from"),
            "union" => {
                next.text == "("
                    || next.text == "*"
                    || (next.kind == Kind::Name || next.text == "[")
            }
            "search" => {
                next.text != "|" && next.kind != Kind::End && next.text != "," && next.text != ")"
            }
            "find" => next.kind == Kind::Name || next.text == "(" || next.kind == Kind::String,
            "macro" => self.is_ahead(1, "-") && self.is_word_ahead(2, "expand"),
            _ => false,
        }
    }

    /// One operator; a fault in it is reported, and the text up to the next `|` is passed over.
    fn operator(&mut self) -> crate::ast::Operator {
        let t = self.peek();
        let start = self.place();
        let word = self.hyphenated();
        let span = word.as_ref().map_or(t.span(), |w| w.span);
        let read = match &word {
            Some(w) => self.operator_kind(w),
            None => Err(self.no_operator()),
        };
        let kind = match read {
            Ok(k) => {
                if !matches!(self.peek().text, "|" | ";" | ")" | "}" | "," | "]") && !self.done() {
                    self.unexpected("`|`", word.as_ref().map(|w| w.text.as_str()));
                    self.skip_part(start);
                }
                k
            }
            Err(_) => {
                self.skip_part(start);
                OperatorKind::Error
            }
        };
        crate::ast::Operator {
            kind,
            span: self.span_from(t.start),
            word: span,
        }
    }
}
