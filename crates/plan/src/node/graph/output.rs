//! The columns of the matches.

use super::search::Search;
use crate::expr::append_dynamic;
use crate::node::gather::broken;
use arrow::array::{
    Array, ArrayRef, AsArray, BinaryViewArray, BinaryViewBuilder, BooleanArray, BooleanBuilder,
    Int64Builder, RecordBatch, RecordBatchOptions, UInt32Array,
};
use arrow::compute::take;
use arrow::datatypes::SchemaRef;
use datafusion::common::Result;
use kql_types::DynRef;
use kql_types::dynamic::DynWriter;
use std::sync::Arc;

/// What a column is made of.
pub(super) enum Source {
    /// A column of the nodes.
    Node {
        variable: usize,
        values: ArrayRef,
    },
    Number {
        variable: usize,
    },
    Edge {
        edge: usize,
        values: ArrayRef,
    },
    Values {
        edge: usize,
        inner: bool,
        values: BinaryViewArray,
    },
    /// `any`: somewhere rather than everywhere.
    Holds {
        edge: usize,
        inner: bool,
        any: bool,
        values: BooleanArray,
    },
    Length,
}

enum Making {
    Places(Vec<u32>),
    Numbers(Int64Builder),
    Values(BinaryViewBuilder),
    Bools(BooleanBuilder),
}

/// The matches that are being put together.
pub(super) struct Rows {
    schema: SchemaRef,
    sources: Vec<Source>,
    making: Vec<Making>,
    count: usize,
    writer: DynWriter,
}

fn start(sources: &[Source]) -> Vec<Making> {
    sources
        .iter()
        .map(|s| match s {
            Source::Node { .. } | Source::Edge { .. } => Making::Places(Vec::new()),
            Source::Number { .. } | Source::Length => Making::Numbers(Int64Builder::new()),
            Source::Values { .. } => Making::Values(BinaryViewBuilder::new()),
            Source::Holds { .. } => Making::Bools(BooleanBuilder::new()),
        })
        .collect()
}

impl Source {
    /// A column of dynamic values.
    pub fn dynamics(values: &ArrayRef) -> Result<BinaryViewArray> {
        values
            .as_binary_view_opt()
            .cloned()
            .ok_or_else(|| broken("values along a path that are not dynamic"))
    }

    /// A column of conditions.
    pub fn bools(values: &ArrayRef) -> Result<BooleanArray> {
        values
            .as_boolean_opt()
            .cloned()
            .ok_or_else(|| broken("a condition that is no bool"))
    }
}

impl Rows {
    pub fn new(schema: SchemaRef, sources: Vec<Source>) -> Rows {
        Rows {
            making: start(&sources),
            schema,
            sources,
            count: 0,
            writer: DynWriter::new(),
        }
    }

    pub fn count(&self) -> usize {
        self.count
    }

    /// Adds the match that is bound.
    pub fn add(&mut self, search: &Search) {
        let b = &search.bound;
        let along = |edge: usize, inner: bool| -> &[u32] {
            let list = if inner { &b.inner } else { &b.paths };
            list.get(edge).map_or(&[], Vec::as_slice)
        };
        for (s, m) in self.sources.iter().zip(&mut self.making) {
            match (s, m) {
                (Source::Node { variable, .. }, Making::Places(p)) => p.push(b.nodes[*variable]),
                (Source::Edge { edge, .. }, Making::Places(p)) => p.push(b.edges[*edge]),
                (Source::Number { variable }, Making::Numbers(n)) => {
                    n.append_value(i64::from(b.nodes[*variable]));
                }
                (Source::Length, Making::Numbers(n)) => {
                    let length: usize = search
                        .pattern
                        .edges
                        .iter()
                        .zip(&b.paths)
                        .map(|(e, p)| if e.range.is_some() { p.len() } else { 1 })
                        .sum();
                    n.append_value(i64::try_from(length).unwrap_or(i64::MAX));
                }
                (
                    Source::Values {
                        edge,
                        inner,
                        values,
                    },
                    Making::Values(out),
                ) => {
                    let w = &mut self.writer;
                    w.clear();
                    w.begin_array();
                    for i in along(*edge, *inner) {
                        let i = *i as usize;
                        if values.is_valid(i) {
                            w.raw(values.value(i));
                        } else {
                            w.value(DynRef::Null);
                        }
                    }
                    w.end();
                    append_dynamic(out, &w.bytes);
                }
                (
                    Source::Holds {
                        edge,
                        inner,
                        any,
                        values,
                    },
                    Making::Bools(out),
                ) => {
                    // A null is not true.
                    let mut list = along(*edge, *inner).iter().map(|i| {
                        let i = *i as usize;
                        values.is_valid(i) && values.value(i)
                    });
                    out.append_value(if *any {
                        list.any(|x| x)
                    } else {
                        list.all(|x| x)
                    });
                }
                _ => {}
            }
        }
        self.count += 1;
    }

    /// The rows so far.
    pub fn flush(&mut self) -> Result<RecordBatch> {
        let making = std::mem::replace(&mut self.making, start(&self.sources));
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(making.len());
        for (s, m) in self.sources.iter().zip(making) {
            columns.push(match (s, m) {
                (
                    Source::Node { values, .. } | Source::Edge { values, .. },
                    Making::Places(places),
                ) => take(values, &UInt32Array::from(places), None)?,
                (_, Making::Numbers(mut b)) => Arc::new(b.finish()),
                (_, Making::Values(mut b)) => Arc::new(b.finish()),
                (_, Making::Bools(mut b)) => Arc::new(b.finish()),
                (_, Making::Places(_)) => return Err(broken("a column of a match without values")),
            });
        }
        let options = RecordBatchOptions::new().with_row_count(Some(self.count));
        self.count = 0;
        Ok(RecordBatch::try_new_with_options(
            Arc::clone(&self.schema),
            columns,
            &options,
        )?)
    }
}
