//! `graph-match` and `graph-shortest-paths`: patterns and conditions.

use super::scope::{Elements, GraphScope, Place, Variable};
use super::{Graph, Nodes};
use crate::binder::{Binder, Poison, Res};
use crate::expr::Row;
use crate::graph::{Cycles, GraphMatch, MatchOutput, PatternEdge, Shortest, Way};
use crate::plan::{
    ColumnId, Expr, ExprKind, Field, PathStep, Relation, RelationKind, SortKey, WindowCall,
};
use crate::prune::columns_of;
use kql_diag::{Span, codes};
use kql_syntax::ast::{self, EdgeDirection, GraphPart, Operator};
use kql_types::{Type, Value};
use std::collections::HashSet;

/// The operator as it is written.
pub(super) struct Parts<'a> {
    pub parameters: &'a [ast::Property],
    pub patterns: &'a [Vec<GraphPart>],
    pub condition: Option<&'a ast::Expr>,
    pub project: &'a [ast::NamedExpr],
    pub shortest: bool,
}

/// The variables and edges of a pattern.
#[derive(Default)]
struct Pattern {
    variables: Vec<(String, Variable)>,
    /// How many nodes, with and without names.
    nodes: usize,
    edges: Vec<PatternEdge>,
}

/// What one condition reads.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Element {
    Node(usize),
    Edge(usize),
}

impl Binder<'_> {
    pub(super) fn graph_match(
        &mut self,
        mut graph: Graph,
        parts: &Parts<'_>,
        o: &Operator,
    ) -> Res<Relation> {
        let (cycles, shortest) = self.match_options(parts)?;
        let pattern = self.graph_pattern(parts, cycles)?;
        if parts.project.is_empty() {
            let word = super::super::word(&o.kind);
            let message = format!("{word} requires a project clause");
            return Err(self.fail(codes::SYNTAX, o.word, message));
        }
        let edges = self.graph_edges(&graph);
        let Nodes {
            relation: nodes,
            key,
            degrees,
            ..
        } = self.graph_nodes(&mut graph);
        let scope = GraphScope {
            variables: pattern.variables.clone(),
            nodes: Elements {
                fields: nodes.fields.clone(),
                made: Vec::new(),
            },
            edges: Elements {
                fields: edges.rows.fields.clone(),
                made: Vec::new(),
            },
            key: key.last().cloned(),
            degrees,
            outputs: Vec::new(),
            place: Place::Where,
        };
        let outer = self.graph_scope.replace(Box::new(scope));
        let saved = self.collector.take();
        let conditions = self.graph_conditions(parts.condition);
        if let Some(s) = &mut self.graph_scope {
            s.place = Place::Project;
        }
        let items = self.graph_items(parts.project);
        let made = conditions.and_then(|conditions| {
            let items = items?;
            let mut m = GraphMatch {
                edges,
                nodes,
                key: key.iter().map(|f| f.id).collect(),
                variables: vec![None; pattern.nodes],
                pattern: pattern.edges,
                cycles,
                shortest,
                outputs: Vec::new(),
            };
            let rest = self.place_conditions(&mut m, conditions)?;
            Ok((m, rest, items))
        });
        self.collector = saved;
        let scope = std::mem::replace(&mut self.graph_scope, outer);
        let (mut m, rest, (fields, assignments)) = made?;
        let Some(scope) = scope else {
            return Err(Poison);
        };
        m.nodes = self.extend(m.nodes, scope.nodes.made);
        m.edges.rows = self.extend(m.edges.rows, scope.edges.made);
        m.outputs = scope.outputs;
        let chosen = (shortest != Shortest::No).then(|| self.shortest_columns(&mut m));
        if !rest.is_empty() {
            // Which paths count is known only when all of them are there.
            m.shortest = Shortest::No;
        }
        let mut out = Relation {
            kind: RelationKind::GraphMatch(Box::new(m)),
            fields: Vec::new(),
            span: self.at(o.span),
            ordered: false,
        };
        if let Some(condition) = all_of(rest) {
            out = self.filter(out, condition, o.span);
        }
        if let Some((keys, length)) = chosen {
            out = self.choose_shortest(out, keys, &length, shortest, o.span);
        }
        let out = self.extend(out, assignments);
        Ok(self.with_fields(out, fields))
    }

    fn match_options(&mut self, parts: &Parts<'_>) -> Res<(Cycles, Shortest)> {
        let mut cycles = Cycles::UniqueEdges;
        let mut shortest = if parts.shortest {
            Shortest::Any
        } else {
            Shortest::No
        };
        for (p, (option, value)) in parts.parameters.iter().zip(self.names_of(parts.parameters)) {
            let values = match (option.as_str(), value.as_deref()) {
                ("cycles", Some("all")) => {
                    cycles = Cycles::All;
                    continue;
                }
                ("cycles", Some("none")) => {
                    cycles = Cycles::None;
                    continue;
                }
                ("cycles", Some("unique_edges")) => continue,
                ("cycles", _) => "cycles is all, none or unique_edges",
                ("output", Some("any")) if parts.shortest => continue,
                ("output", Some("all")) if parts.shortest => {
                    shortest = Shortest::All;
                    continue;
                }
                ("output", _) if parts.shortest => "output is any or all",
                _ => {
                    let message = format!("there is no parameter `{}` here", p.name.text);
                    return Err(self.fail(codes::UNKNOWN_OPTION, p.name.span, message));
                }
            };
            return Err(self.fail(codes::BAD_VALUE, p.value.span, values));
        }
        if parts.shortest {
            // A shortest path passes no node twice, whatever is said.
            cycles = Cycles::None;
        }
        Ok((cycles, shortest))
    }

    fn graph_pattern(&mut self, parts: &Parts<'_>, cycles: Cycles) -> Res<Pattern> {
        let mut out = Pattern::default();
        for sequence in parts.patterns {
            let mut left: Option<usize> = None;
            let mut edge: Option<PatternEdge> = None;
            for part in sequence {
                match part {
                    GraphPart::Node(name, _) => {
                        let node = self.pattern_node(&mut out, name.as_ref())?;
                        if let Some(mut e) = edge.take() {
                            e.left = left.unwrap_or(node);
                            e.right = node;
                            out.edges.push(e);
                        }
                        left = Some(node);
                    }
                    GraphPart::Edge {
                        name,
                        direction,
                        range,
                        span,
                    } => {
                        let range = match range {
                            Some((low, high)) => Some(self.path_bounds(low, high, *span)?),
                            None => None,
                        };
                        if let Some(n) = name {
                            let number = out.edges.len();
                            let variable = match range {
                                Some(_) => Variable::Path(number),
                                None => Variable::Edge(number),
                            };
                            if out.variables.iter().any(|(v, _)| *v == n.text) {
                                let what = format!("an edge that is called `{}` too", n.text);
                                return Err(self.unsupported(n.span, what));
                            }
                            out.variables.push((n.text.clone(), variable));
                        }
                        edge = Some(PatternEdge {
                            left: 0,
                            right: 0,
                            way: match direction {
                                EdgeDirection::Right => Way::Right,
                                EdgeDirection::Left => Way::Left,
                                EdgeDirection::Any => Way::Any,
                            },
                            range,
                            filter: None,
                            inner_filter: None,
                        });
                    }
                }
            }
        }
        let at = parts
            .patterns
            .iter()
            .flatten()
            .next()
            .map_or_else(Span::default, |p| match p {
                GraphPart::Node(_, span) | GraphPart::Edge { span, .. } => *span,
            });
        if parts.shortest && parts.patterns.len() > 1 {
            let message = "graph-shortest-paths takes one sequence of nodes and edges";
            return Err(self.fail(codes::BAD_VALUE, at, message));
        }
        if parts.shortest && out.edges.iter().all(|e| e.range.is_none()) {
            let message = "graph-shortest-paths requires an edge of variable length";
            return Err(self.fail(codes::BAD_VALUE, at, message));
        }
        if !connected(&out) {
            let message = "the sequences of the pattern have no node in common";
            return Err(self.fail(codes::BAD_VALUE, at, message));
        }
        let empty = |e: &PatternEdge| {
            e.range
                .as_ref()
                .is_some_and(|(low, _)| low.as_literal() == Some(&Value::Long(0)))
        };
        if cycles == Cycles::None && !parts.shortest && out.edges.iter().any(empty) {
            return Err(self.unsupported(at, "`cycles=none` with paths of no edge"));
        }
        if cycles == Cycles::None && parts.patterns.len() > 1 {
            return Err(self.unsupported(at, "`cycles=none` with several sequences"));
        }
        Ok(out)
    }

    fn pattern_node(&mut self, out: &mut Pattern, name: Option<&ast::Name>) -> Res<usize> {
        let known = name.and_then(|n| out.variables.iter().find(|(v, _)| *v == n.text));
        match (known, name) {
            (Some((_, Variable::Node(i))), _) => Ok(*i),
            (Some(_), Some(n)) => {
                let what = format!("a node that is called like the edge `{}`", n.text);
                Err(self.unsupported(n.span, what))
            }
            _ => {
                let number = out.nodes;
                out.nodes += 1;
                if let Some(n) = name {
                    out.variables.push((n.text.clone(), Variable::Node(number)));
                }
                Ok(number)
            }
        }
    }

    fn path_bounds(&mut self, low: &ast::Expr, high: &ast::Expr, span: Span) -> Res<(Expr, Expr)> {
        let scope = self.graph_scope.take();
        let low = self.count_of(low, "the length of a path");
        let high = self.count_of(high, "the length of a path");
        self.graph_scope = scope;
        let (low, high) = (low?, high?);
        let values = [&low, &high].map(|e| e.as_literal().and_then(Value::as_long));
        if let [Some(low), Some(high)] = values
            && (low < 0 || low > high)
        {
            let message = format!("a path cannot have {low} to {high} edges");
            return Err(self.fail(codes::BAD_VALUE, span, message));
        }
        Ok((low, high))
    }

    /// The parts of the condition that must all be true.
    fn graph_conditions(&mut self, condition: Option<&ast::Expr>) -> Res<Vec<Expr>> {
        let mut parts = Vec::new();
        if let Some(c) = condition {
            conjuncts(c, &mut parts);
        }
        let bound: Vec<Res<Expr>> = parts
            .into_iter()
            .map(|e| self.condition(e, Row::default()))
            .collect();
        bound.into_iter().collect()
    }

    /// Conditions on one element become columns of the nodes or edges, so that nothing else is tried; the others are given
    /// back.
    fn place_conditions(&mut self, m: &mut GraphMatch, conditions: Vec<Expr>) -> Res<Vec<Expr>> {
        let mut nodes: Vec<Vec<Expr>> = vec![Vec::new(); m.variables.len()];
        let mut edges: Vec<Vec<Expr>> = vec![Vec::new(); m.pattern.len()];
        let mut inner: Vec<Vec<Expr>> = vec![Vec::new(); m.pattern.len()];
        let mut rest = Vec::new();
        for c in conditions {
            let outputs = self
                .graph_scope
                .as_ref()
                .map(|s| s.outputs.clone())
                .unwrap_or_default();
            let output = |id: ColumnId| outputs.iter().find(|(o, _)| *o == id).map(|(_, o)| *o);
            if let ExprKind::Column(id) = c.kind
                && let Some(MatchOutput::All {
                    edge,
                    inner: over,
                    column,
                }) = output(id)
            {
                let target = if over { &mut inner } else { &mut edges };
                if let Some(list) = target.get_mut(edge) {
                    list.push(Expr::column(column, Type::Bool, c.span));
                }
                continue;
            }
            let mut elements = HashSet::new();
            let mut simple = crate::defer::is_pure(&c, self.catalog);
            columns_of(&c, &mut |id| match output(id) {
                Some(MatchOutput::Node { variable, .. }) => {
                    elements.insert(Element::Node(variable));
                }
                Some(MatchOutput::Edge { edge, .. }) => {
                    elements.insert(Element::Edge(edge));
                }
                _ => simple = false,
            });
            let target = match elements.iter().next() {
                Some(Element::Node(i)) => nodes.get_mut(*i),
                Some(Element::Edge(i)) => edges.get_mut(*i),
                None => None,
            };
            match target {
                Some(list) if simple && elements.len() == 1 => {
                    let column = |id: ColumnId| match output(id) {
                        Some(
                            MatchOutput::Node { column, .. } | MatchOutput::Edge { column, .. },
                        ) => column,
                        _ => id,
                    };
                    let mut c = c;
                    rename(&mut c, &column);
                    list.push(c);
                }
                _ => {
                    if m.shortest != Shortest::No && compares_elements(&c, &output) {
                        let what = "a condition of graph-shortest-paths on two elements at once";
                        return Err(self.unsupported(c.span, what));
                    }
                    rest.push(c);
                }
            }
        }
        // A condition may read a column that another condition's element computes (a bag).
        for (slot, list) in m.variables.iter_mut().zip(nodes) {
            *slot = self.condition_column(true, list);
        }
        for (e, (list, inner)) in m.pattern.iter_mut().zip(edges.into_iter().zip(inner)) {
            e.filter = self.condition_column(false, list);
            e.inner_filter = self.condition_column(true, inner);
        }
        Ok(rest)
    }

    fn condition_column(&mut self, nodes: bool, list: Vec<Expr>) -> Option<ColumnId> {
        let mut condition = all_of(list)?;
        // Columns that are made stand beside this one, so their definitions are put in.
        if let Some(s) = &self.graph_scope {
            let made = if nodes { &s.nodes.made } else { &s.edges.made };
            put_in(&mut condition, &|id| {
                made.iter().find(|a| a.id == id).map(|a| a.value.clone())
            });
        }
        self.element_column(nodes, condition)
    }

    /// Columns that tell which match is shorter than which.
    fn shortest_columns(&mut self, m: &mut GraphMatch) -> (Vec<ColumnId>, Field) {
        let mut keys = Vec::with_capacity(m.variables.len());
        for variable in 0..m.variables.len() {
            let id = self.column(Type::Long);
            m.outputs.push((id, MatchOutput::Number { variable }));
            keys.push(id);
        }
        let id = self.column(Type::Long);
        m.outputs.push((id, MatchOutput::Length));
        let length = Field {
            name: String::new(),
            id,
            ty: Type::Long,
        };
        (keys, length)
    }

    /// The shortest matches among those with the same nodes: all of them, or the first.
    fn choose_shortest(
        &mut self,
        input: Relation,
        keys: Vec<ColumnId>,
        length: &Field,
        which: Shortest,
        span: Span,
    ) -> Relation {
        let at = self.at(span);
        let key = |id: ColumnId| SortKey {
            value: Expr::column(id, Type::Long, at),
            ascending: true,
            nulls_first: true,
        };
        let sort = keys.iter().copied().chain([length.id]).map(key).collect();
        let over = |kind: RelationKind| Relation {
            kind,
            fields: Vec::new(),
            span: at,
            ordered: true,
        };
        let sorted = over(RelationKind::Sort {
            input: Box::new(input),
            keys: sort,
        });
        if which == Shortest::Any {
            return over(RelationKind::Limit {
                input: Box::new(sorted),
                count: Expr::literal(Value::Long(1), at),
                partition: keys,
            });
        }
        let rank = self.column(Type::Long);
        let ranked = over(RelationKind::Window {
            input: Box::new(sorted),
            calls: vec![WindowCall {
                id: rank,
                function: "row_rank_min".to_owned(),
                arguments: vec![Expr::column(length.id, Type::Long, at)],
                span: at,
            }],
            partition: keys,
        });
        let first = self.call_or_fold(
            "==",
            vec![
                Expr::column(rank, Type::Long, at),
                Expr::literal(Value::Long(1), at),
            ],
            Type::Bool,
            at,
        );
        self.filter(ranked, first, span)
    }
}

/// Whether every node can be reached from every other.
fn connected(p: &Pattern) -> bool {
    let mut seen: HashSet<usize> = HashSet::from([0]);
    loop {
        let before = seen.len();
        for e in &p.edges {
            if seen.contains(&e.left) || seen.contains(&e.right) {
                seen.extend([e.left, e.right]);
            }
        }
        if seen.len() == before {
            return seen.len() >= p.nodes;
        }
    }
}

fn conjuncts<'a>(e: &'a ast::Expr, out: &mut Vec<&'a ast::Expr>) {
    match &e.kind {
        ast::ExprKind::Paren(inner) => conjuncts(inner, out),
        ast::ExprKind::And(items) => items.iter().for_each(|i| conjuncts(i, out)),
        _ => out.push(e),
    }
}

/// All of these.
fn all_of(mut list: Vec<Expr>) -> Option<Expr> {
    if list.len() < 2 {
        return list.pop();
    }
    let span = list.first().map(|e| e.span).unwrap_or_default();
    Some(Expr {
        kind: ExprKind::And(list),
        ty: Type::Bool,
        span,
    })
}

/// Whether a part of a condition that is no `and`, `or` or `not` reads several elements.
fn compares_elements(e: &Expr, output: &dyn Fn(ColumnId) -> Option<MatchOutput>) -> bool {
    match &e.kind {
        ExprKind::And(items) | ExprKind::Or(items) => {
            items.iter().any(|i| compares_elements(i, output))
        }
        ExprKind::Not(inner) => compares_elements(inner, output),
        _ => {
            let mut elements = HashSet::new();
            columns_of(e, &mut |id| match output(id) {
                Some(MatchOutput::Node { variable, .. }) => {
                    elements.insert(Element::Node(variable));
                }
                Some(
                    MatchOutput::Edge { edge, .. }
                    | MatchOutput::Values { edge, .. }
                    | MatchOutput::All { edge, .. }
                    | MatchOutput::Any { edge, .. },
                ) => {
                    elements.insert(Element::Edge(edge));
                }
                _ => {}
            });
            elements.len() > 1
        }
    }
}

/// Calls `f` with every part of an expression, from the outside in.
fn every(e: &mut Expr, f: &mut dyn FnMut(&mut Expr)) {
    f(e);
    match &mut e.kind {
        ExprKind::Literal(_) | ExprKind::Column(_) | ExprKind::Scalar(_) => {}
        ExprKind::Call { arguments, .. } => arguments.iter_mut().for_each(|a| every(a, f)),
        ExprKind::Cast(x) | ExprKind::Not(x) => every(x, f),
        ExprKind::Case {
            branches,
            otherwise,
        } => {
            for (c, v) in branches {
                every(c, f);
                every(v, f);
            }
            every(otherwise, f);
        }
        ExprKind::And(xs) | ExprKind::Or(xs) => xs.iter_mut().for_each(|x| every(x, f)),
        ExprKind::InSet { value, .. } => every(value, f),
        ExprKind::Path { base, steps } => {
            every(base, f);
            for s in steps {
                if let PathStep::Computed(e) = s {
                    every(e, f);
                }
            }
        }
    }
}

/// Other columns for the columns.
fn rename(e: &mut Expr, column: &dyn Fn(ColumnId) -> ColumnId) {
    every(e, &mut |e| {
        if let ExprKind::Column(id) = &mut e.kind {
            *id = column(*id);
        }
    });
}

/// Definitions for the columns that have one.
fn put_in(e: &mut Expr, definition: &dyn Fn(ColumnId) -> Option<Expr>) {
    every(e, &mut |e| {
        if let ExprKind::Column(id) = e.kind
            && let Some(value) = definition(id)
        {
            *e = Expr {
                span: e.span,
                ..value
            };
        }
    });
}
