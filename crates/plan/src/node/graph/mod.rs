//! Graphs: their nodes, and the matches of a pattern in them.

mod components;
pub(crate) mod matching;
pub(crate) mod nodes;
mod output;
mod search;
mod walk;

use crate::node::gather::broken;
use arrow::array::{Array, ArrayRef, RecordBatch};
use arrow::datatypes::DataType;
use arrow::row::{OwnedRow, RowConverter, SortField};
use datafusion::common::Result;
use std::collections::HashMap;

/// A column of an input by its name.
fn column<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a ArrayRef> {
    batch
        .column_by_name(name)
        .ok_or_else(|| broken("a graph without one of its columns"))
}

/// The numbers of nodes by their keys.
struct Keys {
    converter: RowConverter,
    numbers: HashMap<OwnedRow, usize>,
}

impl Keys {
    fn new(types: Vec<DataType>) -> Result<Self> {
        Ok(Keys {
            converter: RowConverter::new(types.into_iter().map(SortField::new).collect())?,
            numbers: HashMap::new(),
        })
    }

    /// Keys as columns of a batch. `each` gets the place of each row with its node, and whether it is new.
    fn add(
        &mut self,
        batch: &RecordBatch,
        names: &[String],
        each: &mut dyn FnMut(usize, usize, bool),
    ) -> Result<()> {
        let columns = names
            .iter()
            .map(|n| column(batch, n).cloned())
            .collect::<Result<Vec<_>>>()?;
        let rows = self.converter.convert_columns(&columns)?;
        for (i, row) in rows.iter().enumerate() {
            let next = self.numbers.len();
            let number = *self.numbers.entry(row.owned()).or_insert(next);
            each(i, number, number == next);
        }
        Ok(())
    }
}

/// The types of some columns.
fn types_of(batch: &RecordBatch, names: &[String]) -> Result<Vec<DataType>> {
    names
        .iter()
        .map(|n| Ok(column(batch, n)?.data_type().clone()))
        .collect()
}

/// The edges that leave each node: `edge[from[n]..from[n + 1]]`.
struct Adjacency {
    from: Vec<usize>,
    edge: Vec<u32>,
}

impl Adjacency {
    fn new(nodes: usize, ends: &[u32]) -> Self {
        let mut from = vec![0usize; nodes + 1];
        for n in ends {
            if let Some(slot) = from.get_mut(*n as usize + 1) {
                *slot += 1;
            }
        }
        for i in 1..from.len() {
            from[i] += from[i - 1];
        }
        let mut next = from.clone();
        let mut edge = vec![0u32; ends.len()];
        for (i, n) in (0u32..).zip(ends) {
            let slot = &mut next[*n as usize];
            edge[*slot] = i;
            *slot += 1;
        }
        Adjacency { from, edge }
    }

    fn of(&self, node: u32) -> &[u32] {
        let n = node as usize;
        match (self.from.get(n), self.from.get(n + 1)) {
            (Some(a), Some(b)) => self.edge.get(*a..*b).unwrap_or_default(),
            _ => &[],
        }
    }
}
