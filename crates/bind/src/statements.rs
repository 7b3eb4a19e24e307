//! Statements: `let`, `set`, `declare query_parameters` and the queries themselves.

use crate::binder::{Binder, Poison, Res};
use crate::env::{Meaning, UserFunction};
use crate::expr::Row;
use crate::plan::{Expr, ResultTable};
use kql_diag::{Diagnostic, codes};
use kql_syntax::ast::{self, ParameterKind, Statement};
use kql_types::{Type, Value};
use std::rc::Rc;
use std::sync::Arc;

/// Options of `set` that change nothing in what one machine answers.
const KNOWN_OPTIONS: [&str; 24] = [
    "notruncation",
    "norequesttimeout",
    "truncationmaxrecords",
    "truncationmaxsize",
    "truncation_max_records",
    "truncation_max_size",
    "servertimeout",
    "query_now",
    "maxmemoryconsumptionperiterator",
    "max_memory_consumption_per_query_per_node",
    "query_results_cache_max_age",
    "querytrace",
    "query_language",
    "request_readonly",
    "query_bin_auto_size",
    "query_bin_auto_at",
    "query_datetimescope_column",
    "query_datetimescope_from",
    "query_datetimescope_to",
    "query_take_max_records",
    "materialized_view_shuffle",
    "deferpartialqueryfailures",
    "best_effort",
    "tracequery",
];

impl Binder<'_> {
    /// Binds a whole text.
    pub fn query(&mut self, query: &ast::Query) {
        let mut any = false;
        for s in &query.statements {
            if let Statement::Query { expr, .. } = s {
                any = true;
                // A fault inside was reported; the other statements are still bound.
                let _ = self.result(expr);
            } else {
                let _ = self.statement(s);
            }
        }
        if !any && !self.diagnostics.iter().any(Diagnostic::is_error) {
            let last = query.statements.last();
            let at = self.at(last.map_or_else(Default::default, statement_span));
            let message = "the text has no query that gives a result";
            // Definitions alone are right in themselves; only running them is a fault.
            self.report(match last {
                Some(_) => Diagnostic::warning(codes::EMPTY, at, message),
                None => Diagnostic::error(codes::EMPTY, at, message),
            });
        }
    }

    fn result(&mut self, expr: &ast::Expr) -> Res<()> {
        self.render = None;
        self.result_name = None;
        self.quiet_names = false;
        self.open_schema = false;
        self.graph = None;
        if let Some((input, last, chart)) = several_tables(expr) {
            let mut tables = self
                .relation(&input)
                .and_then(|r| self.tables_of(r, last))?;
            if let Some((kind, properties)) = chart {
                let chart = self.chart(kind, properties)?;
                for table in &mut tables {
                    table.render = Some(chart.clone());
                }
            }
            self.out.results.extend(tables);
            return Ok(());
        }
        let relation =
            if self.is_table(expr, &[]) || matches!(expr.kind, ast::ExprKind::Wildcard(_)) {
                let relation = self.relation(expr)?;
                if matches!(self.graph, Some(crate::op::graph::GraphValue::Named)) {
                    self.graph = None;
                    return Ok(());
                }
                self.no_graph(expr.span)?;
                relation
            } else if let ast::ExprKind::Name(n) = &expr.kind
                && self.env.get(&n.text).is_none()
            {
                return Err(self.unknown_table(&n.text, n.span));
            } else if let ast::ExprKind::Call { name, .. } = &expr.kind
                && self.env.get(&name.text).is_none()
                && self.catalog.scalar(&name.text).is_none()
                && !self.scope.has_function(&name.text)
            {
                // A call that is neither a table nor a known function.
                return Err(self.unknown_function(name));
            } else {
                self.print_of(expr)?
            };
        let name = self
            .result_name
            .take()
            .unwrap_or_else(|| "PrimaryResult".to_owned());
        let render = self.render.take();
        self.out.results.push(ResultTable {
            name,
            relation,
            render,
        });
        Ok(())
    }

    /// A statement that gives no result.
    pub fn statement(&mut self, s: &Statement) -> Res<()> {
        if let Statement::Let { name, .. } | Statement::LetFunction { name, .. } = s
            && self.calls.is_empty()
            && !self.declared.insert(name.text.clone())
        {
            let message = format!("`{}` is declared twice", name.text);
            return Err(self.fail(codes::DUPLICATE_NAME, name.span, message));
        }
        match s {
            Statement::Let { name, value, .. } => self.let_value(name, value),
            Statement::LetFunction { name, function, .. } => {
                let f = UserFunction {
                    name: name.text.clone(),
                    function: Arc::clone(function),
                    env: self.env.clone(),
                    source: self.source,
                };
                self.env = self.env.with(&name.text, Meaning::Function(Rc::new(f)));
                Ok(())
            }
            Statement::Set { name, value, .. } => self.set(name, value.as_ref()),
            Statement::QueryParameters { parameters, .. } => self.query_parameters(parameters),
            // One machine has one database: whatever a database is called, its tables are the tables at hand.
            Statement::Alias { target, .. } => self.database_of(target).map(|_| ()),
            Statement::Pattern {
                name, definition, ..
            } => self.declare_pattern(name, definition.as_ref()),
            Statement::Restrict {
                targets,
                properties,
                ..
            } => self.restrict(targets, properties),
            Statement::Query { span, .. } => {
                Err(self.unsupported(*span, "a result inside a function body"))
            }
        }
    }

    /// The `let`s of a function body.
    pub fn local_statements(&mut self, statements: &[Statement]) -> Res<()> {
        for s in statements {
            self.statement(s)?;
        }
        Ok(())
    }

    fn let_value(&mut self, name: &ast::Name, value: &Arc<ast::Expr>) -> Res<()> {
        if let ast::ExprKind::Lambda(function) = &value.kind {
            let f = UserFunction {
                name: name.text.clone(),
                function: Arc::clone(function),
                env: self.env.clone(),
                source: self.source,
            };
            self.env = self.env.with(&name.text, Meaning::Function(Rc::new(f)));
            return Ok(());
        }
        if let ast::ExprKind::EntityGroup(entities) = &value.kind {
            let entities = Meaning::Entities(Rc::new(entities.clone()));
            self.env = self.env.with(&name.text, entities);
            return Ok(());
        }
        if !self.is_table(value, &[]) {
            // A bare name that is nothing else may be a table that is not known.
            let saved = self.collector.take();
            let bound = self.expr(value, Row::default());
            self.collector = saved;
            let meaning = match bound {
                Ok(e) => Meaning::Scalar(e),
                Err(_) => Meaning::Poison,
            };
            self.env = self.env.with(&name.text, meaning);
            return Ok(());
        }
        let materialized = is_materialize(value);
        if materialized || is_heavy(value) {
            let relation = self.isolated_relation(value);
            let meaning = match relation {
                Err(_) => Meaning::Poison,
                Ok(relation) => {
                    let fields = relation.fields.clone();
                    let ordered = relation.ordered;
                    let id = self.add_shared(relation);
                    Meaning::Shared {
                        id,
                        fields,
                        ordered,
                    }
                }
            };
            self.env = self.env.with(&name.text, meaning);
            return Ok(());
        }
        let body = Arc::clone(value);
        self.env = self.env.with(
            &name.text,
            Meaning::Table {
                body,
                env: self.env.clone(),
                source: self.source,
            },
        );
        Ok(())
    }

    fn set(&mut self, name: &ast::Name, value: Option<&ast::Expr>) -> Res<()> {
        let option = name.text.to_ascii_lowercase();
        if !KNOWN_OPTIONS.contains(&option.as_str()) {
            let span = self.at(name.span);
            let near = kql_diag::did_you_mean(&option, KNOWN_OPTIONS);
            let mut d = Diagnostic::error(
                codes::UNKNOWN_OPTION,
                span,
                format!("option `{}` is not supported", name.text),
            );
            if let Some(near) = near {
                d = d.with_help(format!("`{near}` exists"));
            }
            return Err(self.report(d));
        }
        let value = match value {
            None => Value::Bool(true),
            Some(ast::Expr {
                kind: ast::ExprKind::Name(n),
                ..
            }) => Value::String(n.text.clone()),
            Some(e)
                if !matches!(
                    e.kind,
                    ast::ExprKind::Literal(_) | ast::ExprKind::Unary { .. }
                ) =>
            {
                return Err(self.fail(codes::NOT_CONSTANT, e.span, "set requires a literal"));
            }
            Some(e) => match self.constant(e, "set")?.as_literal() {
                Some(v) => v.clone(),
                None => {
                    return Err(self.fail(codes::NOT_CONSTANT, e.span, "set requires a literal"));
                }
            },
        };
        match option.as_str() {
            "query_now" => match value {
                Value::DateTime(t) => self.now = Some(t),
                _ => {
                    let message = "query_now requires a datetime literal";
                    return Err(self.fail(codes::BAD_VALUE, name.span, message));
                }
            },
            "query_language" if !matches!(value.as_str(), Some("kql" | "csl")) => {
                return Err(self.fail(
                    codes::BAD_VALUE,
                    name.span,
                    "query_language takes kql or csl",
                ));
            }
            _ => {}
        }
        self.out.options.push((option, value));
        Ok(())
    }

    fn query_parameters(&mut self, parameters: &[ast::Parameter]) -> Res<()> {
        for p in parameters {
            let ParameterKind::Scalar(type_name) = &p.kind else {
                return Err(self.unsupported(p.span, "a table as a query parameter"));
            };
            let Some(ty) = Type::from_name(&type_name.text) else {
                return Err(self.fail(
                    codes::TYPE_MISMATCH,
                    type_name.span,
                    format!("type `{}` not found", type_name.text),
                ));
            };
            let span = self.at(p.span);
            let value = match (self.scope.parameter(&p.name.text), &p.default) {
                (Some(text), _) => {
                    let given = Value::String(text.clone());
                    match self.cast_value(&given, ty) {
                        Some(v) if ty == Type::String || !v.is_null() || text.is_empty() => {
                            Expr::literal(v, span)
                        }
                        _ => {
                            return Err(self.fail(
                                codes::BAD_VALUE,
                                p.span,
                                format!(
                                    "query parameter `{}` requires {ty}, and `{text}` is none",
                                    p.name.text
                                ),
                            ));
                        }
                    }
                }
                (None, Some(d)) => {
                    let d = self.constant(d, "a default")?;
                    self.cast(d, ty)
                }
                (None, None) => {
                    let d = Diagnostic::error(
                        codes::MISSING_PARAMETER,
                        span,
                        format!("query parameter `{}` has no value", p.name.text),
                    )
                    .with_help(format!("--param {}=VALUE gives it one", p.name.text));
                    self.report(d);
                    self.env = self.env.with(&p.name.text, Meaning::Poison);
                    return Err(Poison);
                }
            };
            self.env = self.env.with(&p.name.text, Meaning::Scalar(value));
        }
        Ok(())
    }
}

/// What `render` is and its properties.
type Chart<'a> = (&'a ast::Name, &'a [ast::Property]);

/// A pipe whose last operator gives several tables, without that operator; and what `render` behind it says of them all.
fn several_tables(e: &ast::Expr) -> Option<(ast::Expr, &ast::Operator, Option<Chart<'_>>)> {
    let ast::ExprKind::Pipe { source, operators } = &e.kind else {
        return None;
    };
    let (mut last, mut before) = operators.split_last()?;
    let mut chart = None;
    if let ast::OperatorKind::Render { kind, properties } = &last.kind {
        chart = Some((kind, &properties[..]));
        (last, before) = before.split_last()?;
    }
    let several = match &last.kind {
        ast::OperatorKind::Fork { .. } | ast::OperatorKind::Facet { .. } => true,
        ast::OperatorKind::Evaluate { name, .. } => name.text == "preview",
        _ => false,
    };
    if !several {
        return None;
    }
    let input = match (source, before) {
        (None, []) => return None,
        (Some(source), []) => (**source).clone(),
        _ => ast::Expr {
            kind: ast::ExprKind::Pipe {
                source: source.clone(),
                operators: before.to_vec(),
            },
            span: e.span,
        },
    };
    Some((input, last, chart))
}

fn statement_span(s: &Statement) -> kql_diag::Span {
    match s {
        Statement::Let { span, .. }
        | Statement::LetFunction { span, .. }
        | Statement::Set { span, .. }
        | Statement::QueryParameters { span, .. }
        | Statement::Alias { span, .. }
        | Statement::Pattern { span, .. }
        | Statement::Restrict { span, .. }
        | Statement::Query { span, .. } => *span,
    }
}

/// `materialize(...)`
fn is_materialize(e: &ast::Expr) -> bool {
    match &e.kind {
        ast::ExprKind::Paren(inner) => is_materialize(inner),
        ast::ExprKind::Call { name, .. } => name.text == "materialize",
        ast::ExprKind::Pipe {
            source: Some(s), ..
        } => is_materialize(s),
        _ => false,
    }
}

/// Whether a table is dear to compute and small to keep, so that it is worth computing once when it is used twice.
fn is_heavy(e: &ast::Expr) -> bool {
    match &e.kind {
        ast::ExprKind::Paren(inner) => is_heavy(inner),
        ast::ExprKind::Pipe { operators, .. } => {
            !is_graph(operators) && operators.iter().any(is_heavy_operator)
        }
        _ => false,
    }
}

/// Whether a pipe gives a graph: it is bound again at each use.
fn is_graph(operators: &[ast::Operator]) -> bool {
    matches!(
        operators.last().map(|o| &o.kind),
        Some(
            ast::OperatorKind::MakeGraph {
                partition: None,
                ..
            } | ast::OperatorKind::GraphMarkComponents { .. }
        )
    )
}

fn is_heavy_operator(o: &ast::Operator) -> bool {
    matches!(
        o.kind,
        ast::OperatorKind::Summarize { .. }
            | ast::OperatorKind::Distinct { .. }
            | ast::OperatorKind::Top { .. }
            | ast::OperatorKind::Take { .. }
            | ast::OperatorKind::Sample { .. }
            | ast::OperatorKind::MakeSeries { .. }
            | ast::OperatorKind::Count { .. }
            | ast::OperatorKind::GraphMatch { .. }
    )
}
