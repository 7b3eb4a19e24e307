//! The steps of a plan over graphs.
//!
//! A graph is two relations: its edges, a row each, and its nodes, which are made of the node tables and of the ends of
//! the edges ([`GraphNodes`]). A node is known by its key: its id, behind the value of the partition where the graph is
//! partitioned. A null key is a key.

// The fields of variants say what they are by their names.
#![allow(missing_docs)]

use crate::plan::{ColumnId, Expr, Relation};
use kql_types::Type;
use std::collections::HashSet;

/// The edges of a graph.
#[derive(Debug, Clone)]
pub struct GraphEdges {
    /// A row an edge.
    pub rows: Relation,
    /// The key of the node where it starts.
    pub source: Vec<ColumnId>,
    /// The key of the node where it ends.
    pub target: Vec<ColumnId>,
}

/// A table of nodes.
#[derive(Debug, Clone)]
pub struct NodeTable {
    /// Its rows.
    pub rows: Relation,
    /// The key of a row's node.
    pub key: Vec<ColumnId>,
}

/// A property of nodes.
#[derive(Debug, Clone)]
pub struct NodeProperty {
    /// The new column.
    pub id: ColumnId,
    /// Its type.
    pub ty: Type,
    /// The column of each table that has it.
    pub from: Vec<Option<ColumnId>>,
    /// The part of the key that it is for a node that no table has.
    pub part: Option<usize>,
}

/// Connected components.
#[derive(Debug, Clone)]
pub struct Component {
    /// The new column: the component's number.
    pub id: ColumnId,
    /// Whether directions count.
    pub strong: bool,
}

/// A row a node, in the order in which nodes first appear: the tables, then source and target of each edge. Of several
/// rows with one key the first is the node.
#[derive(Debug, Clone)]
pub struct GraphNodes {
    pub tables: Vec<NodeTable>,
    pub edges: GraphEdges,
    /// New columns: the key.
    pub key: Vec<ColumnId>,
    pub properties: Vec<NodeProperty>,
    /// How many edges end here, and how many start, where somebody asks.
    pub degrees: [Option<ColumnId>; 2],
    pub components: Vec<Component>,
}

/// Which way an edge of a pattern goes, from its left node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Right,
    Left,
    Any,
}

/// Which matches count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cycles {
    /// All.
    All,
    /// Those in which no edge stands twice.
    UniqueEdges,
    /// Those in which moreover no node stands twice, but for a variable that is named twice.
    None,
}

/// Whether only shortest paths are asked for: then longer ones need not be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortest {
    No,
    Any,
    All,
}

/// An edge of a pattern.
#[derive(Debug, Clone)]
pub struct PatternEdge {
    /// The variable on its left.
    pub left: usize,
    /// The variable on its right.
    pub right: usize,
    pub way: Way,
    /// The bounds of a variable length: constants.
    pub range: Option<(Expr, Expr)>,
    /// A column of the edges that must be true, of every edge of a path.
    pub filter: Option<ColumnId>,
    /// A column of the nodes that must be true, of every inner node of a path.
    pub inner_filter: Option<ColumnId>,
}

/// What a match gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MatchOutput {
    /// A column of a node.
    Node { variable: usize, column: ColumnId },
    /// The number of a node.
    Number { variable: usize },
    /// A column of an edge.
    Edge { edge: usize, column: ColumnId },
    /// The values of a dynamic column along a path, as an array; `inner`: of its inner nodes.
    Values {
        edge: usize,
        inner: bool,
        column: ColumnId,
    },
    /// Whether a bool is true all along a path.
    All {
        edge: usize,
        inner: bool,
        column: ColumnId,
    },
    /// Whether a bool is true somewhere along a path.
    Any {
        edge: usize,
        inner: bool,
        column: ColumnId,
    },
    /// How many edges the match has.
    Length,
}

/// A row a match of a pattern.
#[derive(Debug, Clone)]
pub struct GraphMatch {
    pub edges: GraphEdges,
    pub nodes: Relation,
    /// The key in `nodes`.
    pub key: Vec<ColumnId>,
    /// The variables for nodes: each a column of `nodes` that must be true.
    pub variables: Vec<Option<ColumnId>>,
    pub pattern: Vec<PatternEdge>,
    pub cycles: Cycles,
    pub shortest: Shortest,
    pub outputs: Vec<(ColumnId, MatchOutput)>,
}

impl GraphNodes {
    /// What it reads.
    pub fn inputs_mut(&mut self) -> Vec<&mut Relation> {
        let tables = self.tables.iter_mut().map(|t| &mut t.rows);
        tables.chain([&mut self.edges.rows]).collect()
    }

    /// Takes out what nobody needs, and says what is needed of each input.
    pub fn prune(&mut self, needed: &HashSet<ColumnId>) -> Vec<(&mut Relation, HashSet<ColumnId>)> {
        self.properties.retain(|p| needed.contains(&p.id));
        self.components.retain(|c| needed.contains(&c.id));
        for d in &mut self.degrees {
            *d = d.filter(|id| needed.contains(id));
        }
        let mut out = Vec::with_capacity(self.tables.len() + 1);
        for (i, t) in self.tables.iter_mut().enumerate() {
            let from = self.properties.iter().filter_map(|p| *p.from.get(i)?);
            out.push((&mut t.rows, t.key.iter().copied().chain(from).collect()));
        }
        let ends = self.edges.source.iter().chain(&self.edges.target);
        let ends = ends.copied().collect();
        out.push((&mut self.edges.rows, ends));
        out
    }
}

impl GraphMatch {
    /// Takes out what nobody needs, and says what is needed of each input.
    pub fn prune(&mut self, needed: &HashSet<ColumnId>) -> [(&mut Relation, HashSet<ColumnId>); 2] {
        self.outputs.retain(|(id, _)| needed.contains(id));
        let mut nodes: HashSet<ColumnId> = self.key.iter().copied().collect();
        let ends = self.edges.source.iter().chain(&self.edges.target);
        let mut edges: HashSet<ColumnId> = ends.copied().collect();
        nodes.extend(self.variables.iter().flatten());
        nodes.extend(self.pattern.iter().filter_map(|e| e.inner_filter));
        edges.extend(self.pattern.iter().filter_map(|e| e.filter));
        for (_, o) in &self.outputs {
            match *o {
                MatchOutput::Node { column, .. } => nodes.insert(column),
                MatchOutput::Edge { column, .. } => edges.insert(column),
                MatchOutput::Values { inner, column, .. }
                | MatchOutput::All { inner, column, .. }
                | MatchOutput::Any { inner, column, .. } => {
                    if inner {
                        nodes.insert(column)
                    } else {
                        edges.insert(column)
                    }
                }
                MatchOutput::Number { .. } | MatchOutput::Length => false,
            };
        }
        [(&mut self.nodes, nodes), (&mut self.edges.rows, edges)]
    }
}
