//! Graph operators.

use super::Builder;
use super::doc::{Doc, many, separated};
use super::literals::name;
use crate::ast::{EdgeDirection, GraphPart, Name, OperatorKind as K};

impl Builder<'_> {
    pub(super) fn graph(&self, k: &K) -> Vec<Doc> {
        match k {
            K::GraphMarkComponents { parameters } => {
                vec!["graph-mark-components".into(), self.flags(parameters)]
            }
            K::GraphMatch {
                parameters,
                patterns,
                condition,
                project,
                shortest,
            } => {
                let word = if *shortest {
                    "graph-shortest-paths"
                } else {
                    "graph-match"
                };
                let patterns = patterns
                    .iter()
                    .map(|p| Doc::Many(p.iter().map(|g| self.graph_part(g)).collect()));
                let head = many![word, self.flags(parameters)];
                let mut out = self.list(head, patterns.collect());
                let mut rest = Vec::new();
                if let Some(c) = condition {
                    rest.push(Doc::Line);
                    rest.push(many!["where ", self.expr(c)]);
                }
                if !project.is_empty() {
                    rest.push(Doc::Line);
                    let items = separated(self.named_items(project), ",");
                    let items = Doc::Group(false, vec![Doc::Nest(vec![items])]);
                    rest.push(many!["project ", items]);
                }
                out.push(Doc::Nest(rest));
                out
            }
            K::GraphToTable { outputs } => {
                let items = outputs.iter().map(|o| {
                    let word = if o.edges { "edges" } else { "nodes" };
                    let alias = o.name.as_ref().map(|n| format!(" as {}", name(n)));
                    many![word, alias.unwrap_or_default(), self.flags(&o.properties)]
                });
                self.list("graph-to-table".into(), items.collect())
            }
            K::GraphWhere { edges, predicate } => {
                let word = if *edges {
                    "graph-where-edges "
                } else {
                    "graph-where-nodes "
                };
                vec![word.into(), self.expr(predicate)]
            }
            K::MakeGraph {
                parameters,
                source,
                target,
                directed,
                nodes,
                node_id,
                partition,
            } => {
                let arrow = if *directed { "-->" } else { "--" };
                let ends = format!(" {} {arrow} {}", name(source), name(target));
                let mut out = vec!["make-graph".into(), self.flags(parameters), ends.into()];
                if let Some(n) = node_id {
                    out.push(format!(" with_node_id={}", name(n)).into());
                }
                if !nodes.is_empty() {
                    let items = nodes
                        .iter()
                        .map(|(t, n)| many![self.expr(t), format!(" on {}", name(n))]);
                    out.push(many![" with ", separated(items.collect(), ",")]);
                }
                if let Some((n, body)) = partition {
                    out.push(format!(" partitioned-by {} ", name(n)).into());
                    out.push(self.body_of(body));
                }
                out
            }
            K::MacroExpand {
                parameters,
                group,
                scope,
                statements,
                body,
            } => {
                let mut out = vec![
                    "macro-expand".into(),
                    self.flags(parameters),
                    " ".into(),
                    self.expr(group),
                    format!(" as {} (", name(scope)).into(),
                ];
                let mut inner = Vec::new();
                if !statements.is_empty() {
                    inner.push(Doc::Hard);
                    inner.push(self.statements(statements, false));
                }
                if let Some(b) = body {
                    let first = statements.is_empty();
                    inner.push(if first { Doc::Soft } else { Doc::Hard });
                    inner.push(self.nested(b));
                }
                out.push(Doc::Nest(inner));
                out.push(Doc::Soft);
                out.push(")".into());
                out
            }
            _ => Vec::new(),
        }
    }

    fn graph_part(&self, g: &GraphPart) -> Doc {
        let text = |n: &Option<Name>| n.as_ref().map(name).unwrap_or_default();
        match g {
            GraphPart::Node(n, _) => format!("({})", text(n)).into(),
            GraphPart::Edge {
                name: n,
                direction,
                range,
                ..
            } => {
                let (left, right) = match direction {
                    EdgeDirection::Right => ("-", "->"),
                    EdgeDirection::Left => ("<-", "-"),
                    EdgeDirection::Any => ("-", "-"),
                };
                if n.is_none() && range.is_none() {
                    return many![left, right];
                }
                let range = match range {
                    Some((a, b)) => many!["*", self.expr(a), "..", self.expr(b)],
                    None => "".into(),
                };
                many![left, "[", text(n), range, "]", right]
            }
        }
    }
}
