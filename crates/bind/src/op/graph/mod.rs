//! Graphs: `make-graph`, `graph-mark-components`, `graph-to-table`; `graph-match` is in `pattern`.
//!
//! A graph is no relation. It stands beside the pipe ([`crate::binder::Binder::graph`]) from the operator that makes it to
//! the one that reads it, and what stands in the pipe meanwhile is nothing.

mod names;
mod pattern;
mod project;
mod scope;

pub use scope::GraphScope;

use crate::binder::{Binder, Poison, Res};
use crate::graph::{Component, GraphEdges, GraphNodes, NodeProperty, NodeTable};
use crate::plan::{ColumnId, Expr, ExprKind, Field, Relation, RelationKind, SharedId};
use kql_diag::{Diagnostic, Span, codes};
use kql_syntax::ast::{self, Operator, OperatorKind as K};
use kql_types::{Type, Value};

/// What stands beside the pipe.
#[derive(Debug, Clone)]
pub enum GraphValue {
    /// A graph.
    Graph(Box<Graph>),
    /// `graph-to-table` gave several tables names, and has no rows itself.
    Named,
}

/// A table of nodes.
#[derive(Debug, Clone)]
struct Table {
    rows: Relation,
    /// Places of the key in the fields.
    key: Vec<usize>,
}

/// A graph.
#[derive(Debug, Clone)]
pub struct Graph {
    edges: SharedId,
    fields: Vec<Field>,
    /// Places of the keys in the fields.
    source: Vec<usize>,
    target: Vec<usize>,
    tables: Vec<Table>,
    /// The only property of the nodes, where they have no tables.
    node_id: Option<String>,
    /// Numbers of components: the property, and whether directions count.
    components: Vec<(String, bool)>,
    span: Span,
}

/// The nodes of a graph.
struct Nodes {
    /// Its fields are the properties.
    relation: Relation,
    /// The key, the id last.
    key: Vec<Field>,
    degrees: [Field; 2],
    /// Properties that two tables have with two types: such nodes have no such property.
    conflicts: Vec<String>,
}

impl Binder<'_> {
    /// A graph where a table is asked for.
    pub fn no_graph(&mut self, span: Span) -> Res<()> {
        match self.graph.take() {
            None => Ok(()),
            Some(_) => {
                let at = self.at(span);
                let d = Diagnostic::error(
                    codes::NOT_SUPPORTED,
                    at,
                    "a graph stands where a table is required",
                )
                .with_help("graph-match and graph-to-table make tables of a graph");
                Err(self.report(d))
            }
        }
    }

    /// What the pipe holds while a graph stands beside it.
    fn nothing(&self, span: Span) -> Relation {
        Relation {
            kind: RelationKind::Values {
                columns: Vec::new(),
                rows: Vec::new(),
            },
            fields: Vec::new(),
            span: self.at(span),
            ordered: false,
        }
    }

    /// An operator on a graph.
    pub(super) fn graph_operator(&mut self, value: GraphValue, o: &Operator) -> Res<Relation> {
        let GraphValue::Graph(graph) = value else {
            return Err(self.unsupported(o.word, "an operator behind the tables of graph-to-table"));
        };
        match &o.kind {
            K::GraphMatch {
                parameters,
                patterns,
                condition,
                project,
                shortest,
            } => {
                let parts = pattern::Parts {
                    parameters,
                    patterns,
                    condition: condition.as_deref(),
                    project,
                    shortest: *shortest,
                };
                self.graph_match(*graph, &parts, o)
            }
            K::GraphMarkComponents { parameters } => self.mark_components(*graph, parameters, o),
            K::GraphToTable { outputs } => self.graph_to_table(*graph, outputs, o),
            K::GraphWhere { .. } => {
                let word = super::word(&o.kind);
                Err(self.unsupported(o.word, format!("operator `{word}`")))
            }
            K::Error => Err(Poison),
            other => {
                let at = self.at(o.word);
                let message = format!("`{}` requires a table, not a graph", super::word(other));
                let d = Diagnostic::error(codes::NOT_SUPPORTED, at, message)
                    .with_help("graph-match and graph-to-table make tables of a graph");
                Err(self.report(d))
            }
        }
    }

    /// A graph operator behind a table.
    pub(super) fn not_a_graph(&mut self, o: &Operator) -> Poison {
        if self.quiet_names {
            return Poison;
        }
        let at = self.at(o.word);
        let message = format!("`{}` requires a graph, not a table", super::word(&o.kind));
        let d = Diagnostic::error(codes::NOT_SUPPORTED, at, message)
            .with_help("make-graph makes a graph of a table");
        self.report(d)
    }

    pub(super) fn make_graph(&mut self, input: Relation, o: &Operator) -> Res<Relation> {
        let K::MakeGraph {
            parameters,
            source,
            target,
            directed,
            nodes,
            node_id,
            partition,
        } = &o.kind
        else {
            return Err(Poison);
        };
        if let Some(p) = parameters.first() {
            let message = format!("make-graph has no parameter `{}`", p.name.text);
            return Err(self.fail(codes::UNKNOWN_OPTION, p.name.span, message));
        }
        if !directed {
            return Err(self.unsupported(o.word, "a graph whose edges have no direction"));
        }
        let by = partition.as_ref().map(|(name, _)| name);
        let source = self.graph_key(&input.fields, source, by);
        let target = self.graph_key(&input.fields, target, by);
        let (source, target) = (source?, target?);
        let types = |fields: &[Field], key: &[usize]| -> Vec<Type> {
            key.iter()
                .filter_map(|i| fields.get(*i).map(|f| f.ty))
                .collect()
        };
        let edge_types = types(&input.fields, &source);
        if edge_types != types(&input.fields, &target) {
            let message = "make-graph requires sources and targets of one type";
            return Err(self.fail(codes::TYPE_MISMATCH, o.word, message));
        }
        let mut tables = Vec::with_capacity(nodes.len());
        for (table, id) in nodes {
            let rows = self.isolated_relation(table)?;
            let key = self.graph_key(&rows.fields, id, by)?;
            if types(&rows.fields, &key) != edge_types {
                let message = format!(
                    "the ids of nodes require the type of the edges' ends, and `{}` has another",
                    id.text
                );
                return Err(self.fail(codes::TYPE_MISMATCH, id.span, message));
            }
            tables.push(Table { rows, key });
        }
        if let (Some(_), Some(by)) = (node_id, by) {
            return Err(self.unsupported(by.span, "`partitioned-by` with `with_node_id`"));
        }
        let fields = input.fields.clone();
        let edges = self.add_shared(input);
        let graph = Graph {
            edges,
            fields,
            source,
            target,
            tables,
            node_id: node_id.as_ref().map(|n| n.text.clone()),
            components: Vec::new(),
            span: o.span,
        };
        let value = GraphValue::Graph(Box::new(graph));
        let Some((_, body)) = partition else {
            self.graph = Some(value);
            return Ok(self.nothing(o.span));
        };
        // The value of the partition is a part of every key, so the graphs have no node in common.
        match &body.kind {
            ast::ExprKind::Pipe {
                source: None,
                operators,
            } => match operators.as_slice() {
                [
                    one @ Operator {
                        kind: K::GraphMatch { .. },
                        ..
                    },
                ] => self.graph_operator(value, one),
                [Operator { kind: K::Error, .. }, ..] => Err(Poison),
                _ => {
                    let what =
                        "anything but one graph-match or graph-shortest-paths for each partition";
                    Err(self.unsupported(body.span, what))
                }
            },
            _ => Err(self.unsupported(body.span, "this body of `partitioned-by`")),
        }
    }

    /// The places of a node's key among the fields.
    fn graph_key(
        &mut self,
        fields: &[Field],
        id: &ast::Name,
        by: Option<&ast::Name>,
    ) -> Res<Vec<usize>> {
        let mut out = Vec::with_capacity(2);
        for n in by.into_iter().chain([id]) {
            let Some(i) = fields.iter().position(|f| f.name == n.text) else {
                return Err(self.unknown_column(&n.text, n.span, fields));
            };
            if fields[i].ty == Type::Dynamic {
                let message = format!("`{}` is dynamic, which a node's id cannot be", n.text);
                return Err(self.fail(codes::TYPE_MISMATCH, n.span, message));
            }
            out.push(i);
        }
        Ok(out)
    }

    /// The edges for one use.
    fn graph_edges(&mut self, graph: &Graph) -> GraphEdges {
        let rows = self.use_shared(graph.edges, &graph.fields, false, graph.span);
        let ids = |key: &[usize]| -> Vec<ColumnId> {
            key.iter()
                .filter_map(|i| rows.fields.get(*i).map(|f| f.id))
                .collect()
        };
        GraphEdges {
            source: ids(&graph.source),
            target: ids(&graph.target),
            rows,
        }
    }

    /// The nodes.
    fn graph_nodes(&mut self, graph: &mut Graph) -> Nodes {
        let edges = self.graph_edges(graph);
        let key: Vec<Field> = graph
            .source
            .iter()
            .filter_map(|i| graph.fields.get(*i))
            .map(|f| Field {
                name: f.name.clone(),
                id: self.column(f.ty),
                ty: f.ty,
            })
            .collect();
        let id_part = key.len().saturating_sub(1);
        let tables: Vec<Table> = std::mem::take(&mut graph.tables);
        let mut properties: Vec<(String, NodeProperty)> = Vec::new();
        let mut conflicts: Vec<String> = Vec::new();
        for (at, t) in tables.iter().enumerate() {
            for (i, f) in t.rows.fields.iter().enumerate() {
                let part = (t.key.last() == Some(&i)).then_some(id_part);
                match properties.iter_mut().find(|(n, _)| *n == f.name) {
                    Some((_, p)) if p.ty == f.ty => {
                        p.part = p.part.or(part);
                        if let Some(slot) = p.from.get_mut(at) {
                            *slot = Some(f.id);
                        }
                    }
                    Some(_) => conflicts.push(f.name.clone()),
                    None => {
                        let mut from = vec![None; tables.len()];
                        if let Some(slot) = from.get_mut(at) {
                            *slot = Some(f.id);
                        }
                        let p = NodeProperty {
                            id: self.column(f.ty),
                            ty: f.ty,
                            from,
                            part,
                        };
                        properties.push((f.name.clone(), p));
                    }
                }
            }
        }
        properties.retain(|(n, _)| !conflicts.contains(n));
        let mut fields: Vec<Field> = properties
            .iter()
            .map(|(name, p)| Field {
                name: name.clone(),
                id: p.id,
                ty: p.ty,
            })
            .collect();
        if let (Some(name), Some(k)) = (&graph.node_id, key.last()) {
            fields.push(Field {
                name: name.clone(),
                id: k.id,
                ty: k.ty,
            });
        }
        let mut components = Vec::new();
        for (name, strong) in &graph.components {
            let id = self.column(Type::Long);
            components.push(Component {
                id,
                strong: *strong,
            });
            fields.push(Field {
                name: name.clone(),
                id,
                ty: Type::Long,
            });
        }
        let degrees = ["in", "out"].map(|name| Field {
            name: name.to_owned(),
            id: self.column(Type::Long),
            ty: Type::Long,
        });
        let nodes = GraphNodes {
            tables: tables
                .into_iter()
                .map(|t| NodeTable {
                    key: t
                        .key
                        .iter()
                        .filter_map(|i| t.rows.fields.get(*i).map(|f| f.id))
                        .collect(),
                    rows: t.rows,
                })
                .collect(),
            edges,
            key: key.iter().map(|f| f.id).collect(),
            properties: properties.into_iter().map(|(_, p)| p).collect(),
            degrees: [Some(degrees[0].id), Some(degrees[1].id)],
            components,
        };
        Nodes {
            relation: Relation {
                kind: RelationKind::GraphNodes(Box::new(nodes)),
                fields,
                span: self.at(graph.span),
                ordered: false,
            },
            key,
            degrees,
            conflicts,
        }
    }

    fn mark_components(
        &mut self,
        mut graph: Graph,
        parameters: &[ast::Property],
        o: &Operator,
    ) -> Res<Relation> {
        let (mut name, mut strong) = ("ComponentId".to_owned(), false);
        for (p, (option, value)) in parameters.iter().zip(self.names_of(parameters)) {
            match (option.as_str(), value.as_deref()) {
                ("kind", Some("weak")) => strong = false,
                ("kind", Some("strong")) => strong = true,
                ("kind", _) => {
                    let message = "the kind of graph-mark-components is weak or strong";
                    return Err(self.fail(codes::BAD_VALUE, p.value.span, message));
                }
                ("with_component_id", Some(n)) => name = n.to_owned(),
                _ => {
                    let message =
                        format!("graph-mark-components has no parameter `{}`", p.name.text);
                    return Err(self.fail(codes::UNKNOWN_OPTION, p.name.span, message));
                }
            }
        }
        let taken = graph
            .tables
            .iter()
            .flat_map(|t| t.rows.fields.iter().map(|f| &f.name))
            .chain(&graph.node_id)
            .chain(graph.components.iter().map(|(n, _)| n))
            .any(|n| *n == name);
        if taken {
            let what = format!("a component id that is called like the property `{name}`");
            return Err(self.unsupported(o.span, what));
        }
        graph.components.push((name, strong));
        self.graph = Some(GraphValue::Graph(Box::new(graph)));
        Ok(self.nothing(o.span))
    }

    /// `name = word` pairs, whatever the word means elsewhere.
    fn names_of(&self, parameters: &[ast::Property]) -> Vec<(String, Option<String>)> {
        parameters
            .iter()
            .map(|p| {
                let value = match &p.value.kind {
                    ast::ExprKind::Name(n) => Some(n.text.clone()),
                    ast::ExprKind::Literal(ast::Literal::String(s)) => Some(s.clone()),
                    _ => None,
                };
                (p.name.text.to_ascii_lowercase(), value)
            })
            .collect()
    }

    fn graph_to_table(
        &mut self,
        mut graph: Graph,
        outputs: &[ast::GraphOutput],
        o: &Operator,
    ) -> Res<Relation> {
        if outputs.len() > 1 && outputs.iter().any(|x| x.name.is_none()) {
            let message = "several tables of a graph require names: nodes as N, edges as E";
            return Err(self.fail(codes::BAD_VALUE, o.span, message));
        }
        let mut tables: Vec<(&Option<ast::Name>, Relation)> = Vec::new();
        for x in outputs {
            let relation = if x.edges {
                self.edges_table(&graph, x, o)?
            } else {
                if outputs.iter().filter(|x| !x.edges).count() > 1 {
                    return Err(self.unsupported(o.span, "the nodes twice"));
                }
                self.nodes_table(&mut graph, x, o)?
            };
            tables.push((&x.name, relation));
        }
        let several = tables.len() > 1;
        let mut last = self.nothing(o.span);
        for (name, relation) in tables {
            last = match name {
                Some(n) => self.as_(relation, n),
                None => relation,
            };
        }
        if several {
            self.result_name = None;
            self.graph = Some(GraphValue::Named);
            return Ok(self.nothing(o.span));
        }
        Ok(last)
    }

    fn edges_table(&mut self, graph: &Graph, x: &ast::GraphOutput, o: &Operator) -> Res<Relation> {
        let edges = self.graph_edges(graph);
        let (source, target) = (edges.source.last().copied(), edges.target.last().copied());
        let mut added = Vec::new();
        let names = self.names_of(&x.properties);
        for (p, (option, name)) in x.properties.iter().zip(names) {
            let id = match option.as_str() {
                "with_source_id" => source,
                "with_target_id" => target,
                _ => {
                    let message = format!("edges have no parameter `{}`", p.name.text);
                    return Err(self.fail(codes::UNKNOWN_OPTION, p.name.span, message));
                }
            };
            if let (Some(id), Some(name)) = (id, name) {
                added.push((id, name));
            }
        }
        Ok(self.with_hashes(edges.rows, &added, o.span))
    }

    fn nodes_table(
        &mut self,
        graph: &mut Graph,
        x: &ast::GraphOutput,
        o: &Operator,
    ) -> Res<Relation> {
        let nodes = self.graph_nodes(graph);
        let mut added = Vec::new();
        let names = self.names_of(&x.properties);
        for (p, (option, name)) in x.properties.iter().zip(names) {
            if option != "with_node_id" {
                let message = format!("nodes have no parameter `{}`", p.name.text);
                return Err(self.fail(codes::UNKNOWN_OPTION, p.name.span, message));
            }
            if let (Some(k), Some(name)) = (nodes.key.last(), name) {
                added.push((k.id, name));
            }
        }
        if let Some(name) = nodes.conflicts.first() {
            let what = format!("a table of nodes of which `{name}` has two types");
            return Err(self.unsupported(o.span, what));
        }
        if nodes.relation.fields.is_empty() && added.is_empty() {
            return Err(self.unsupported(o.span, "a table of nodes without properties"));
        }
        Ok(self.with_hashes(nodes.relation, &added, o.span))
    }

    /// The rows with hashes of ids in front.
    fn with_hashes(
        &mut self,
        input: Relation,
        added: &[(ColumnId, String)],
        span: Span,
    ) -> Relation {
        let at = self.at(span);
        let mut assignments = Vec::new();
        let mut fields = Vec::new();
        for (id, name) in added {
            let ty = self.type_of(*id);
            let value = Expr::column(*id, ty, at);
            let hash = self.call_or_fold("hash", vec![value.clone()], Type::Long, at);
            let hash = if ty == Type::String {
                hash
            } else {
                // A null id has the hash of the empty text.
                let none = self.call_or_fold("isnull", vec![value], Type::Bool, at);
                let empty = Expr::literal(Value::String(String::new()), at);
                let empty = self.call_or_fold("hash", vec![empty], Type::Long, at);
                Expr {
                    kind: ExprKind::Case {
                        branches: vec![(none, empty)],
                        otherwise: Box::new(hash),
                    },
                    ty: Type::Long,
                    span: at,
                }
            };
            let id = self.as_column(hash, &mut assignments);
            fields.push(Field {
                name: name.clone(),
                id,
                ty: Type::Long,
            });
        }
        fields.extend(input.fields.iter().cloned());
        let out = self.extend(input, assignments);
        self.with_fields(out, fields)
    }
}
