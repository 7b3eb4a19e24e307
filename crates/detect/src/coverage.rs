//! Which steps and branches of a query the rows of its tests have tried.

use crate::pipes::{Pipe, ask, pipes, text_of};
use crate::trace::on_one_line;
use kql_diag::{Source, Span, place_of};
use kql_engine::Session;
use kql_syntax::ast::{Expr, ExprKind, NamedExpr, OperatorKind};
use std::collections::BTreeMap;

/// What the rows of one test did in a query.
#[derive(Debug, Clone, Default)]
pub struct Covered {
    /// The query's name.
    pub query: String,
    items: Vec<Item>,
}

#[derive(Debug, Clone)]
struct Item {
    place: (u32, u32),
    line: usize,
    text: String,
    kind: Kind,
    /// Seen true, or giving rows.
    yes: bool,
    /// Seen false, or dropping rows.
    no: bool,
    /// Whether it could be asked at all.
    asked: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// A step of a pipe.
    Step,
    /// A step that may drop rows.
    Filter,
    /// A condition of an `and`.
    And,
    /// An alternative of an `or`.
    Or,
    /// A branch of `case` or `iff`, by its place among them.
    Branch(usize),
    /// A table of a union.
    Union,
}

/// Asks every step and branch.
pub(crate) fn look(session: &Session, source: &Source) -> Covered {
    let text = &source.text;
    let mut out = Covered {
        query: source.name.clone(),
        items: Vec::new(),
    };
    for pipe in pipes(text) {
        let counts = pipe.counts(session, text);
        for step in 1..=pipe.steps() {
            let Some(operator) = pipe.operators.get(step - 1) else {
                continue;
            };
            let rows = counts.get(step).copied().flatten();
            let before = counts.get(step - 1).copied().flatten();
            let filters = matches!(
                operator.kind,
                OperatorKind::Where { .. } | OperatorKind::Parse { where_: true, .. }
            );
            out.items.push(item(
                source,
                operator.span,
                if filters { Kind::Filter } else { Kind::Step },
                rows.is_some_and(|n| n > 0),
                rows.zip(before).is_some_and(|(n, b)| n < b),
                rows.is_some(),
            ));
            out.branches(session, source, &pipe, step, &operator.kind);
        }
    }
    out
}

fn item(source: &Source, span: Span, kind: Kind, yes: bool, no: bool, asked: bool) -> Item {
    Item {
        place: (span.start, span.end),
        line: place_of(source, span).line,
        text: on_one_line(text_of(&source.text, span)),
        kind,
        yes,
        no,
        asked,
    }
}

/// A condition that is asked: `countif(test)` of the rows before the step.
struct Probe {
    span: Span,
    kind: Kind,
    test: String,
}

impl Covered {
    fn branches(
        &mut self,
        session: &Session,
        source: &Source,
        pipe: &Pipe,
        step: usize,
        kind: &OperatorKind,
    ) {
        let text = &source.text;
        let mut probes = Vec::new();
        match kind {
            OperatorKind::Where { predicate, .. } => {
                conditions(predicate, text, &mut probes);
                choices(predicate, text, &mut probes);
            }
            OperatorKind::Extend { items } | OperatorKind::Project { items } => {
                named(items, text, &mut probes);
            }
            OperatorKind::Summarize { aggregates, by, .. } => {
                named(aggregates, text, &mut probes);
                named(by, text, &mut probes);
            }
            OperatorKind::Union { tables, .. } => {
                let bodies: Vec<Option<String>> = tables
                    .iter()
                    .map(|t| Some(format!("{}\n| count", text_of(text, t.span))))
                    .collect();
                let answers = ask(session, &pipe.scope(text), &bodies);
                for (t, answer) in tables.iter().zip(answers) {
                    let n = answer.and_then(|row| row.first().copied().flatten());
                    let yes = n.is_some_and(|n| n > 0);
                    self.items
                        .push(item(source, t.span, Kind::Union, yes, false, n.is_some()));
                }
            }
            _ => {}
        }
        if probes.is_empty() {
            return;
        }
        let Some(before) = pipe.up_to(text, step - 1) else {
            return;
        };
        // All in one, and each alone where one of them cannot be asked.
        let body = |probes: &[&Probe]| {
            let tests: Vec<String> = probes
                .iter()
                .map(|p| format!("countif({})", p.test))
                .collect();
            Some(format!(
                "{before}\n| summarize count(), {}",
                tests.join(", ")
            ))
        };
        let scope = pipe.scope(text);
        let all: Vec<&Probe> = probes.iter().collect();
        let whole = ask(session, &scope, &[body(&all)]).pop().flatten();
        for (i, p) in probes.iter().enumerate() {
            let (row, at) = match &whole {
                Some(row) => (Some(row.clone()), i + 1),
                None => (ask(session, &scope, &[body(&[p])]).pop().flatten(), 1),
            };
            let n = row.as_ref().and_then(|r| r.first().copied().flatten());
            let met = row.as_ref().and_then(|r| r.get(at).copied().flatten());
            let yes = met.is_some_and(|m| m > 0);
            let no = n.zip(met).is_some_and(|(n, m)| m < n);
            self.items
                .push(item(source, p.span, p.kind, yes, no, met.is_some()));
        }
    }
}

fn inside(e: &Expr) -> &Expr {
    match &e.kind {
        ExprKind::Paren(x) => inside(x),
        _ => e,
    }
}

fn truth(e: &Expr, text: &str) -> String {
    format!("case(({}), 1, 0) == 1", text_of(text, e.span))
}

/// The parts of `and` and `or` that decide over rows.
fn conditions(e: &Expr, text: &str, out: &mut Vec<Probe>) {
    let (parts, kind) = match &inside(e).kind {
        ExprKind::And(parts) => (parts, Kind::And),
        ExprKind::Or(parts) => (parts, Kind::Or),
        _ => return,
    };
    for p in parts {
        let nested = matches!(inside(p).kind, ExprKind::And(_) | ExprKind::Or(_));
        if !(nested && kind == Kind::And) {
            out.push(Probe {
                span: p.span,
                kind,
                test: truth(p, text),
            });
        }
        conditions(p, text, out);
    }
}

fn named(items: &[NamedExpr], text: &str, out: &mut Vec<Probe>) {
    for i in items {
        choices(&i.value, text, out);
    }
}

/// The branches of `case` and `iff` anywhere in an expression.
fn choices(e: &Expr, text: &str, out: &mut Vec<Probe>) {
    match &e.kind {
        ExprKind::Paren(x) | ExprKind::Unary { operand: x, .. } => choices(x, text, out),
        ExprKind::Member { base, .. } => choices(base, text, out),
        ExprKind::Binary { left, right, .. } => {
            choices(left, text, out);
            choices(right, text, out);
        }
        ExprKind::And(xs) | ExprKind::Or(xs) => xs.iter().for_each(|x| choices(x, text, out)),
        ExprKind::In { value, .. } => choices(value, text, out),
        ExprKind::Call { name, arguments } => {
            if matches!(name.text.as_str(), "iff" | "iif" | "case") {
                let mut tests = String::new();
                let mut branches = 0;
                for pair in arguments.chunks_exact(2) {
                    if let [when, _] = pair {
                        branches += 1;
                        tests.push_str(&format!(
                            "({}), {branches}, ",
                            text_of(text, when.value.span)
                        ));
                    }
                }
                for (i, a) in arguments.iter().enumerate() {
                    // The value of a branch stands for it; the last one is the rest.
                    let number = match (i % 2, i + 1 == arguments.len()) {
                        (1, _) => i / 2 + 1,
                        (_, true) => 0,
                        _ => continue,
                    };
                    out.push(Probe {
                        span: a.value.span,
                        kind: Kind::Branch(if number == 0 { branches + 1 } else { number }),
                        test: format!("case({tests}0) == {number}"),
                    });
                }
            }
            for a in arguments {
                choices(&a.value, text, out);
            }
        }
        _ => {}
    }
}

/// What the tests of one query have tried, all together.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// The query.
    pub query: String,
    /// Sides that were tried.
    pub tried: usize,
    /// Sides that there are.
    pub all: usize,
    /// What was never tried: line, finding.
    pub gaps: Vec<(usize, String)>,
    /// Lines of what could not be asked.
    pub unasked: Vec<(usize, String)>,
}

/// Puts the tests of each query together.
pub fn together<'c>(all: impl IntoIterator<Item = &'c Covered>) -> Vec<Coverage> {
    let mut queries: BTreeMap<&str, BTreeMap<((u32, u32), Kind), Item>> = BTreeMap::new();
    for c in all {
        let items = queries.entry(&c.query).or_default();
        for i in &c.items {
            let have = items.entry((i.place, i.kind)).or_insert_with(|| Item {
                yes: false,
                no: false,
                asked: false,
                ..i.clone()
            });
            have.yes |= i.yes;
            have.no |= i.no;
            have.asked |= i.asked;
        }
    }
    let mut out = Vec::new();
    for (query, items) in queries {
        let mut c = Coverage {
            query: query.to_owned(),
            ..Coverage::default()
        };
        for i in items.into_values() {
            c.add(i);
        }
        out.push(c);
    }
    out
}

impl Coverage {
    fn add(&mut self, i: Item) {
        if !i.asked {
            self.unasked.push((i.line, i.text));
            return;
        }
        // What each kind is when it is not tried: its true side, its false side.
        let sides: [Option<&str>; 2] = match i.kind {
            Kind::Step => [Some("gives no rows in any test"), None],
            Kind::Filter => [
                Some("lets no row pass in any test"),
                Some("drops no row in any test"),
            ],
            Kind::And => [Some("is true for no row"), Some("is false for no row")],
            Kind::Or => [Some("is true for no row"), Some("is false for no row")],
            Kind::Branch(_) => [Some("is taken for no row"), None],
            Kind::Union => [Some("gives no rows in any test"), None],
        };
        let what = match i.kind {
            Kind::Step | Kind::Filter => "step",
            Kind::And => "and: condition",
            Kind::Or => "or: alternative",
            Kind::Branch(_) => "branch",
            Kind::Union => "union: table",
        };
        for (side, seen) in sides.into_iter().zip([i.yes, i.no]) {
            let Some(gap) = side else {
                continue;
            };
            self.all += 1;
            if seen {
                self.tried += 1;
            } else {
                self.gaps
                    .push((i.line, format!("{what} `{}` {gap}", i.text)));
            }
        }
    }
}
