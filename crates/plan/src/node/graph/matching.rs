//! The matches of a pattern in a graph.

use super::nodes::small;
use super::output::{Rows, Source};
use super::search::{Allowed, Found, Net, Pattern, PatternEdge, Search};
use super::{Adjacency, Keys, column, types_of};
use crate::error::RunError;
use crate::node::gather::{Gathered, Gathering, Giver, Progress, broken};
use arrow::array::RecordBatch;
use datafusion::common::Result;
use kql_bind::graph::{Cycles, Way};
use kql_diag::Span;
use std::sync::Arc;

/// Tries between two turns of others.
const BUDGET: usize = 100_000;

/// An edge of the pattern; columns by their names.
pub(crate) struct EdgeOf {
    pub left: usize,
    pub right: usize,
    pub way: Way,
    pub range: Option<(usize, usize)>,
    pub filter: Option<String>,
    pub inner_filter: Option<String>,
}

/// A column of the result.
pub(crate) enum MatchColumn {
    Node {
        variable: usize,
        column: String,
    },
    Number {
        variable: usize,
    },
    Edge {
        edge: usize,
        column: String,
    },
    Values {
        edge: usize,
        inner: bool,
        column: String,
    },
    Holds {
        edge: usize,
        inner: bool,
        any: bool,
        column: String,
    },
    Length,
}

/// Inputs: the edges, then the nodes.
pub(crate) struct MatchesOf {
    pub source: Vec<String>,
    pub target: Vec<String>,
    pub key: Vec<String>,
    pub variables: Vec<Option<String>>,
    pub edges: Vec<EdgeOf>,
    pub cycles: Cycles,
    /// Only the shortest paths; whether all of them.
    pub shortest: Option<bool>,
    pub columns: Vec<MatchColumn>,
    pub span: Span,
}

impl Gathering for MatchesOf {
    fn name(&self) -> &'static str {
        "GraphMatch"
    }

    fn parameters(&self) -> String {
        let edges: Vec<String> = self
            .edges
            .iter()
            .map(|e| {
                format!(
                    "{} {:?} {} {:?} {:?} {:?}",
                    e.left, e.way, e.right, e.range, e.filter, e.inner_filter
                )
            })
            .collect();
        let columns: Vec<String> = self
            .columns
            .iter()
            .map(|c| match c {
                MatchColumn::Node { variable, column } => format!("n{variable}.{column}"),
                MatchColumn::Number { variable } => format!("n{variable}"),
                MatchColumn::Edge { edge, column } => format!("e{edge}.{column}"),
                MatchColumn::Values {
                    edge,
                    inner,
                    column,
                } => format!("map(e{edge} inner={inner} {column})"),
                MatchColumn::Holds {
                    edge,
                    inner,
                    any,
                    column,
                } => format!("holds(e{edge} inner={inner} any={any} {column})"),
                MatchColumn::Length => "length".to_owned(),
            })
            .collect();
        format!(
            "pattern=[{}] nodes={:?} cycles={:?} shortest={:?} columns=[{}] by {:?} {:?} {:?}",
            edges.join(", "),
            self.variables,
            self.cycles,
            self.shortest,
            columns.join(", "),
            self.source,
            self.target,
            self.key
        )
    }

    fn start(&self, cx: Gathered) -> Result<Box<dyn Giver>> {
        let [edges, nodes] = cx.inputs.as_slice() else {
            return Err(broken("a match without its edges and nodes"));
        };
        let net = self.net(edges, nodes, &cx)?;
        let allowed = |batch: &RecordBatch, name: &Option<String>| -> Result<Allowed> {
            Ok(Allowed(match name {
                Some(n) => Some(Source::bools(column(batch, n)?)?),
                None => None,
            }))
        };
        let pattern = Pattern {
            variables: self
                .variables
                .iter()
                .map(|v| allowed(nodes, v))
                .collect::<Result<_>>()?,
            edges: self
                .edges
                .iter()
                .map(|e| {
                    Ok(PatternEdge {
                        left: e.left,
                        right: e.right,
                        way: e.way,
                        range: e.range,
                        edges: allowed(edges, &e.filter)?,
                        inner: allowed(nodes, &e.inner_filter)?,
                    })
                })
                .collect::<Result<_>>()?,
            cycles: self.cycles,
            shortest: self.shortest,
        };
        let sources = self
            .columns
            .iter()
            .map(|c| source(c, edges, nodes))
            .collect::<Result<_>>()?;
        Ok(Box::new(Matching {
            rows: Rows::new(Arc::clone(&cx.schema), sources),
            size: cx.batch_size,
            search: Search::new(net, pattern),
            _cx: cx,
        }))
    }
}

fn source(c: &MatchColumn, edges: &RecordBatch, nodes: &RecordBatch) -> Result<Source> {
    let of = |inner: bool| if inner { nodes } else { edges };
    Ok(match c {
        MatchColumn::Node {
            variable,
            column: name,
        } => Source::Node {
            variable: *variable,
            values: Arc::clone(column(nodes, name)?),
        },
        MatchColumn::Number { variable } => Source::Number {
            variable: *variable,
        },
        MatchColumn::Edge { edge, column: name } => Source::Edge {
            edge: *edge,
            values: Arc::clone(column(edges, name)?),
        },
        MatchColumn::Values {
            edge,
            inner,
            column: name,
        } => Source::Values {
            edge: *edge,
            inner: *inner,
            values: Source::dynamics(column(of(*inner), name)?)?,
        },
        MatchColumn::Holds {
            edge,
            inner,
            any,
            column: name,
        } => Source::Holds {
            edge: *edge,
            inner: *inner,
            any: *any,
            values: Source::bools(column(of(*inner), name)?)?,
        },
        MatchColumn::Length => Source::Length,
    })
}

impl MatchesOf {
    fn net(&self, edges: &RecordBatch, nodes: &RecordBatch, cx: &Gathered) -> Result<Net> {
        small(edges.num_rows())?;
        // Ends, two lists of edges by node with their places, and the marks of what is in use.
        let size = edges.num_rows().saturating_mul(17) + nodes.num_rows().saturating_mul(120);
        cx.memory.try_grow(size)?;
        let mut keys = Keys::new(types_of(nodes, &self.key)?)?;
        keys.add(nodes, &self.key, &mut |_, _, _| {})?;
        let count = nodes.num_rows();
        let mut ends = [
            Vec::with_capacity(edges.num_rows()),
            Vec::with_capacity(edges.num_rows()),
        ];
        for (list, names) in ends.iter_mut().zip([&self.source, &self.target]) {
            let mut strange = false;
            keys.add(edges, names, &mut |_, node, new| {
                strange |= new;
                list.push(u32::try_from(node).unwrap_or(u32::MAX));
            })?;
            if strange {
                // The edges were read twice and were not the same.
                return Err(RunError::wrap(
                    "the edges of the graph change while they are read",
                    self.span,
                ));
            }
        }
        let [source, target] = ends;
        Ok(Net {
            nodes: count,
            out: Adjacency::new(count, &source),
            into: Adjacency::new(count, &target),
            source,
            target,
        })
    }
}

struct Matching {
    search: Search,
    rows: Rows,
    size: usize,
    /// What is held is held until the end.
    _cx: Gathered,
}

impl Giver for Matching {
    fn next(&mut self) -> Result<Progress> {
        let mut budget = BUDGET;
        loop {
            match self.search.next(&mut budget) {
                Found::Match => {
                    self.rows.add(&self.search);
                    if self.rows.count() >= self.size {
                        return Ok(Progress::Rows(self.rows.flush()?));
                    }
                }
                Found::Pause => return Ok(Progress::Working),
                Found::Done if self.rows.count() > 0 => {
                    return Ok(Progress::Rows(self.rows.flush()?));
                }
                Found::Done => return Ok(Progress::Done),
            }
        }
    }
}
