//! The nodes of a graph: a row for each key of the node tables and of the edges' ends.

use super::{Keys, column, components, types_of};
use crate::node::gather::{Gathered, Gathering, Giver, Progress, broken};
use arrow::array::{
    Array, ArrayRef, Int64Array, RecordBatch, RecordBatchOptions, StringViewArray, UInt32Array,
    new_null_array,
};
use arrow::compute::{interleave, take};
use arrow::datatypes::DataType;
use datafusion::common::Result;
use std::sync::Arc;

/// A property: its column in each table, and the part of the key that stands for it where no table has the node.
pub(crate) struct Property {
    pub from: Vec<Option<String>>,
    pub part: Option<usize>,
}

/// What is made of the nodes, in the order of the columns.
pub(crate) enum NodeColumn {
    /// A part of the key.
    Key(usize),
    Property(Property),
    DegreeIn,
    DegreeOut,
    Component {
        strong: bool,
    },
}

/// Inputs: the node tables, then the edges.
pub(crate) struct NodesOf {
    /// The key's columns in each table.
    pub tables: Vec<Vec<String>>,
    pub source: Vec<String>,
    pub target: Vec<String>,
    pub columns: Vec<NodeColumn>,
}

impl Gathering for NodesOf {
    fn name(&self) -> &'static str {
        "GraphNodes"
    }

    fn parameters(&self) -> String {
        let columns: Vec<String> = self
            .columns
            .iter()
            .map(|c| match c {
                NodeColumn::Key(i) => format!("key{i}"),
                NodeColumn::Property(p) => format!("{:?}/{:?}", p.from, p.part),
                NodeColumn::DegreeIn => "in".to_owned(),
                NodeColumn::DegreeOut => "out".to_owned(),
                NodeColumn::Component { strong } => format!("component strong={strong}"),
            })
            .collect();
        format!(
            "tables={:?} source={:?} target={:?} columns=[{}]",
            self.tables,
            self.source,
            self.target,
            columns.join(", ")
        )
    }

    fn start(&self, cx: Gathered) -> Result<Box<dyn Giver>> {
        let batch = self.make(&cx)?;
        Ok(Box::new(Slices {
            batch,
            at: 0,
            size: cx.batch_size,
            _cx: cx,
        }))
    }
}

/// Gives a batch in parts.
struct Slices {
    batch: RecordBatch,
    at: usize,
    size: usize,
    /// What is held is held until the end.
    _cx: Gathered,
}

impl Giver for Slices {
    fn next(&mut self) -> Result<Progress> {
        let left = self.batch.num_rows().saturating_sub(self.at);
        if left == 0 {
            return Ok(Progress::Done);
        }
        let out = self.batch.slice(self.at, left.min(self.size));
        self.at += out.num_rows();
        Ok(Progress::Rows(out))
    }
}

/// Too many for a 32-bit number.
pub(super) fn small(n: usize) -> Result<u32> {
    u32::try_from(n).map_err(|_| broken("a graph with more than 4294967295 elements"))
}

impl NodesOf {
    fn make(&self, cx: &Gathered) -> Result<RecordBatch> {
        let edges = cx
            .inputs
            .last()
            .ok_or_else(|| broken("a graph without edges"))?;
        // Where each node comes from: a table and its row; the sources are one more table, the targets another.
        let mut origin: Vec<(usize, usize)> = Vec::new();
        let mut keys = Keys::new(types_of(edges, &self.source)?)?;
        for (t, key) in self.tables.iter().enumerate() {
            let rows = cx
                .inputs
                .get(t)
                .ok_or_else(|| broken("a graph without its node table"))?;
            keys.add(rows, key, &mut |row, _, new| {
                if new {
                    origin.push((t, row));
                }
            })?;
        }
        // Source and target of an edge in turn: nodes are numbered in the order in which they appear.
        let (mut sources, mut targets) = (Vec::new(), Vec::new());
        let ends = self.ends(edges)?;
        let at = self.tables.len();
        keys.add(&ends, &self.source, &mut |row, node, new| {
            if new {
                origin.push((at, row));
            }
            if row % 2 == 0 {
                sources.push(node);
            } else {
                targets.push(node);
            }
        })?;
        let nodes = origin.len();
        small(nodes)?;
        cx.memory.try_grow(nodes.saturating_mul(64))?;
        let numbers = |list: Vec<usize>| list.into_iter().map(small).collect::<Result<Vec<_>>>();
        let (sources, targets) = (numbers(sources)?, numbers(targets)?);
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(self.columns.len());
        for c in &self.columns {
            columns.push(match c {
                NodeColumn::Key(i) => {
                    let mut from: Vec<Option<&ArrayRef>> = Vec::new();
                    for (key, rows) in self.tables.iter().zip(&cx.inputs) {
                        from.push(match key.get(*i) {
                            Some(name) => Some(column(rows, name)?),
                            None => None,
                        });
                    }
                    from.push(self.source.get(*i).and_then(|n| ends.column_by_name(n)));
                    gather(&from, &origin)?
                }
                NodeColumn::Property(p) => {
                    let mut from: Vec<Option<&ArrayRef>> = Vec::new();
                    for (name, rows) in p.from.iter().zip(&cx.inputs) {
                        from.push(match name {
                            Some(name) => Some(column(rows, name)?),
                            None => None,
                        });
                    }
                    let part = p.part.and_then(|i| self.source.get(i));
                    from.push(part.and_then(|n| ends.column_by_name(n)));
                    gather(&from, &origin)?
                }
                NodeColumn::DegreeIn => Arc::new(degrees(nodes, &targets)),
                NodeColumn::DegreeOut => Arc::new(degrees(nodes, &sources)),
                NodeColumn::Component { strong } => {
                    let numbers = if *strong {
                        components::strong(nodes, &sources, &targets)
                    } else {
                        components::weak(nodes, &sources, &targets)
                    };
                    Arc::new(Int64Array::from(numbers))
                }
            });
        }
        let options = RecordBatchOptions::new().with_row_count(Some(nodes));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&cx.schema), columns, &options)?;
        cx.memory.try_grow(batch.get_array_memory_size())?;
        Ok(batch)
    }

    /// Source and target of each edge in turn, under the names of the source's columns.
    fn ends(&self, edges: &RecordBatch) -> Result<RecordBatch> {
        let n = edges.num_rows();
        let places: Vec<(usize, usize)> = (0..n).flat_map(|i| [(0, i), (1, i)]).collect();
        let mut columns = Vec::with_capacity(self.source.len());
        for (i, (s, t)) in self.source.iter().zip(&self.target).enumerate() {
            let both = [column(edges, s)?.as_ref(), column(edges, t)?.as_ref()];
            let name = self.source.get(i).cloned().unwrap_or_default();
            columns.push((name, interleave(&both, &places)?, true));
        }
        Ok(RecordBatch::try_from_iter_with_nullable(columns)?)
    }
}

fn degrees(nodes: usize, ends: &[u32]) -> Int64Array {
    let mut out = vec![0i64; nodes];
    for n in ends {
        if let Some(slot) = out.get_mut(*n as usize) {
            *slot += 1;
        }
    }
    Int64Array::from(out)
}

/// The values at `(table, row)`; null, or "" of a text, where the table has no such column.
fn gather(from: &[Option<&ArrayRef>], origin: &[(usize, usize)]) -> Result<ArrayRef> {
    let ty = from
        .iter()
        .flatten()
        .next()
        .map_or(DataType::Null, |a| a.data_type().clone());
    let nothing: ArrayRef = if ty == DataType::Utf8View {
        Arc::new(StringViewArray::from(vec![""]))
    } else {
        new_null_array(&ty, 1)
    };
    if let [Some(only)] = from {
        let rows = origin
            .iter()
            .map(|(_, r)| small(*r))
            .collect::<Result<Vec<_>>>()?;
        return Ok(take(only, &UInt32Array::from(rows), None)?);
    }
    let arrays: Vec<&dyn Array> = from
        .iter()
        .map(|a| a.map_or(nothing.as_ref(), |a| a.as_ref()))
        .collect();
    let places: Vec<(usize, usize)> = origin
        .iter()
        .map(|(t, r)| match from.get(*t) {
            Some(Some(_)) => (*t, *r),
            _ => (*t, 0),
        })
        .collect();
    Ok(interleave(&arrays, &places)?)
}
