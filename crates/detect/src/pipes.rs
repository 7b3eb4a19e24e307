//! The pipes of a query text, and queries that ask what each of their steps does with the rows.
//!
//! A step is asked by running the text up to it: the answer is that of the language itself, whatever the planner makes of
//! the whole. Pipes that only mean something for each row or argument of something else (the bodies of `mv-apply`,
//! `partition` and `fork`, functions with parameters) are not asked.

use crate::outcome::Table;
use kql_diag::Span;
use kql_engine::{Collected, Session};
use kql_syntax::ast::{Expr, ExprKind, Function, NamedExpr, Operator, OperatorKind, Statement};

/// A pipe and what its text needs before it.
pub(crate) struct Pipe {
    /// The statements before it that it may use.
    scope: Vec<Span>,
    /// What it is: `let Name`, `join`, or nothing for a result of the query.
    pub(crate) title: String,
    /// The table in front; none where the first operator stands alone.
    pub(crate) source: Option<Span>,
    start: u32,
    pub(crate) operators: Vec<Operator>,
}

/// All pipes of a text, the inner ones before those that use them.
pub(crate) fn pipes(text: &str) -> Vec<Pipe> {
    let parsed = kql_syntax::parse(text);
    let mut walk = Walk::default();
    walk.statements(&parsed.query.statements);
    walk.out
}

#[derive(Default)]
struct Walk {
    scope: Vec<Span>,
    out: Vec<Pipe>,
}

impl Walk {
    fn statements(&mut self, statements: &[Statement]) {
        for s in statements {
            match s {
                Statement::Let { name, value, span } => {
                    self.expr(value, &format!("let {}", name.text));
                    self.scope.push(*span);
                }
                Statement::LetFunction {
                    name,
                    function,
                    span,
                } => {
                    self.function(function, &name.text);
                    self.scope.push(*span);
                }
                Statement::Query { expr, .. } => self.expr(expr, ""),
                Statement::Set { span, .. }
                | Statement::QueryParameters { span, .. }
                | Statement::Alias { span, .. }
                | Statement::Pattern { span, .. }
                | Statement::Restrict { span, .. } => self.scope.push(*span),
            }
        }
    }

    fn function(&mut self, f: &Function, name: &str) {
        if !f.parameters.is_empty() {
            return;
        }
        let outside = self.scope.len();
        self.statements(&f.statements);
        if let Some(body) = &f.body {
            self.expr(body, &format!("let {name}"));
        }
        self.scope.truncate(outside);
    }

    fn all<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>, title: &str) {
        for e in exprs {
            self.expr(e, title);
        }
    }

    fn named(&mut self, items: &[NamedExpr]) {
        self.all(items.iter().map(|i| &i.value), "subquery");
    }

    fn expr(&mut self, e: &Expr, title: &str) {
        match &e.kind {
            ExprKind::Paren(x) | ExprKind::Unary { operand: x, .. } => self.expr(x, title),
            ExprKind::Member { base, .. } => self.expr(base, title),
            ExprKind::Call { arguments, .. } => {
                self.all(arguments.iter().map(|a| &a.value), title);
            }
            ExprKind::MethodCall {
                base, arguments, ..
            } => {
                self.expr(base, title);
                self.all(arguments.iter().map(|a| &a.value), title);
            }
            ExprKind::Binary { left, right, .. } => self.all([&**left, &**right], title),
            ExprKind::Index { base, index } => self.all([&**base, &**index], title),
            ExprKind::And(xs) | ExprKind::Or(xs) => self.all(xs, title),
            ExprKind::In { value, list, .. } => {
                self.expr(value, title);
                self.all(list, "in (...)");
            }
            ExprKind::Between {
                value, low, high, ..
            } => self.all([&**value, &**low, &**high], title),
            ExprKind::Pipe { source, operators } => {
                if let Some(s) = source {
                    self.expr(s, title);
                }
                for o in operators {
                    self.operator(o);
                }
                let first = operators.first().map(|o| o.span);
                let Some(begin) = source.as_ref().map(|s| s.span).or(first) else {
                    return;
                };
                self.out.push(Pipe {
                    scope: self.scope.clone(),
                    title: title.to_owned(),
                    source: source.as_ref().map(|s| s.span),
                    start: begin.start,
                    operators: operators.clone(),
                });
            }
            ExprKind::Lambda(f) if f.parameters.is_empty() => self.function(f, "()"),
            _ => {}
        }
    }

    fn operator(&mut self, o: &Operator) {
        match &o.kind {
            OperatorKind::Join { right, .. } => self.expr(right, "join"),
            OperatorKind::Lookup { right, .. } => self.expr(right, "lookup"),
            OperatorKind::Union { tables, .. } => self.all(tables, "union"),
            OperatorKind::Where { predicate, .. } => self.expr(predicate, "subquery"),
            OperatorKind::Extend { items }
            | OperatorKind::Project { items }
            | OperatorKind::Print { items } => self.named(items),
            OperatorKind::Summarize { aggregates, by, .. } => {
                self.named(aggregates);
                self.named(by);
            }
            OperatorKind::Take { count } => self.expr(count, "subquery"),
            _ => {}
        }
    }
}

fn cut(text: &str, from: u32, to: u32) -> &str {
    let (Ok(from), Ok(to)) = (usize::try_from(from), usize::try_from(to)) else {
        return "";
    };
    text.get(from..to).unwrap_or_default()
}

/// The text of a span.
pub(crate) fn text_of(text: &str, span: Span) -> &str {
    cut(text, span.start, span.end)
}

impl Pipe {
    /// The statements before it, as text.
    pub(crate) fn scope(&self, text: &str) -> String {
        let mut out = String::new();
        for s in &self.scope {
            out.push_str(text_of(text, *s).trim_end().trim_end_matches(';'));
            out.push_str("\n;\n");
        }
        out
    }

    /// The text of the pipe up to a step: 0 is the table in front, 1 the first operator.
    pub(crate) fn up_to<'t>(&self, text: &'t str, step: usize) -> Option<&'t str> {
        let end = match step.checked_sub(1) {
            None => self.source?.end,
            Some(i) => self.operators.get(i)?.span.end,
        };
        Some(cut(text, self.start, end))
    }

    /// How many steps there are to look at; what only draws or names is none.
    pub(crate) fn steps(&self) -> usize {
        self.operators
            .iter()
            .take_while(|o| {
                !matches!(
                    o.kind,
                    OperatorKind::Render { .. }
                        | OperatorKind::Fork { .. }
                        | OperatorKind::Facet { .. }
                        | OperatorKind::Consume { .. }
                        | OperatorKind::Error
                )
            })
            .count()
    }

    /// The rows after each step, beginning with the table in front; none where a step cannot be asked.
    pub(crate) fn counts(&self, session: &Session, text: &str) -> Vec<Option<i64>> {
        let mut bodies = Vec::new();
        for step in 0..=self.steps() {
            bodies.push(self.up_to(text, step).map(|t| format!("{t}\n| count")));
        }
        ask(session, &self.scope(text), &bodies)
            .into_iter()
            .map(|r| r.and_then(|row| row.first().copied().flatten()))
            .collect()
    }
}

/// Runs bodies of one row of whole numbers each behind the same statements: all at once, and one by one where that fails.
pub(crate) fn ask(
    session: &Session,
    scope: &str,
    bodies: &[Option<String>],
) -> Vec<Option<Vec<Option<i64>>>> {
    let texts: Vec<&str> = bodies.iter().flatten().map(String::as_str).collect();
    if texts.len() > 1
        && let Some(rows) = run(session, &format!("{scope}{}", texts.join("\n;\n")))
        && rows.len() == texts.len()
    {
        let mut rows = rows.into_iter();
        return bodies
            .iter()
            .map(|b| b.as_ref().and_then(|_| rows.next()))
            .collect();
    }
    bodies
        .iter()
        .map(|b| run(session, &format!("{scope}{}", b.as_ref()?))?.pop())
        .collect()
}

/// The first row of each result.
fn run(session: &Session, text: &str) -> Option<Vec<Vec<Option<i64>>>> {
    let prepared = session.prepare(text, "trace");
    if prepared.error().is_some() {
        return None;
    }
    let mut rows = Collected::default();
    session.run(&prepared, &mut rows).ok()?;
    let numbers = |t: Table| {
        let first = t.rows.into_iter().next().unwrap_or_default();
        first.iter().map(|c| c.plain.parse().ok()).collect()
    };
    Some(rows.results.iter().map(|r| numbers(Table::of(r))).collect())
}
