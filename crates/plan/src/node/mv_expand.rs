//! `mv-expand`: a row for each element.

use crate::expr::append_dynamic;
use crate::node::{Operator, StepContext, Worker};
use arrow::array::{
    Array, ArrayRef, AsArray, BinaryViewBuilder, Int64Builder, RecordBatch, RecordBatchOptions,
    UInt32Array,
};
use arrow::compute::take;
use arrow::datatypes::SchemaRef;
use datafusion::common::{DataFusionError, Result};
use kql_types::DynRef;
use kql_types::dynamic::DynWriter;
use std::sync::Arc;

/// The input's columns, then an element of each expression's value, then the element's place.
pub(crate) struct MvExpandRows {
    /// How many values are expanded side by side.
    pub items: usize,
    /// Whether the place of the element is asked for.
    pub index: bool,
    /// Whether a property becomes `[key, value]`.
    pub bag_as_array: bool,
    /// Most rows from one row.
    pub limit: usize,
}

impl Operator for MvExpandRows {
    fn name(&self) -> &'static str {
        "MvExpand"
    }

    fn parameters(&self) -> String {
        format!(
            "items={} index={} pairs={} limit={}",
            self.items, self.index, self.bag_as_array, self.limit
        )
    }

    fn whole(&self) -> bool {
        false
    }

    fn start(&self, cx: StepContext) -> Result<Box<dyn Worker>> {
        Ok(Box::new(Expanding {
            schema: cx.schema,
            batch_size: cx.batch_size.max(1),
            index: self.index,
            bag_as_array: self.bag_as_array,
            limit: self.limit,
        }))
    }
}

struct Expanding {
    schema: SchemaRef,
    batch_size: usize,
    index: bool,
    bag_as_array: bool,
    limit: usize,
}

/// How many rows a value gives by itself. A null is one element.
fn count(value: &DynRef<'_>) -> usize {
    match value {
        DynRef::Array(a) => a.len(),
        DynRef::Bag(b) => b.len(),
        _ => 1,
    }
}

/// The rows that are being put together.
struct Rows {
    from: Vec<u32>,
    items: Vec<BinaryViewBuilder>,
    index: Int64Builder,
}

impl Rows {
    fn new(items: usize) -> Self {
        Rows {
            from: Vec::new(),
            items: (0..items).map(|_| BinaryViewBuilder::new()).collect(),
            index: Int64Builder::new(),
        }
    }
}

impl Expanding {
    fn emit(&self, batch: &RecordBatch, mut rows: Rows, out: &mut Vec<RecordBatch>) -> Result<()> {
        let n = rows.from.len();
        let from = UInt32Array::from(rows.from);
        let mut columns: Vec<ArrayRef> = batch
            .columns()
            .iter()
            .map(|c| Ok(take(c, &from, None)?))
            .collect::<Result<_>>()?;
        for b in &mut rows.items {
            columns.push(Arc::new(b.finish()));
        }
        if self.index {
            columns.push(Arc::new(rows.index.finish()));
        }
        let options = RecordBatchOptions::new().with_row_count(Some(n));
        out.push(RecordBatch::try_new_with_options(
            Arc::clone(&self.schema),
            columns,
            &options,
        )?);
        Ok(())
    }
}

impl Worker for Expanding {
    fn push(&mut self, batch: RecordBatch, values: Vec<ArrayRef>) -> Result<Vec<RecordBatch>> {
        let lists = values
            .iter()
            .map(|v| {
                v.as_binary_view_opt().ok_or_else(|| {
                    DataFusionError::Internal("mv-expand of something else".to_owned())
                })
            })
            .collect::<Result<Vec<_>>>()?;
        let mut out = Vec::new();
        let mut rows = Rows::new(lists.len());
        let mut w = DynWriter::new();
        for row in 0..batch.num_rows() {
            let from = u32::try_from(row).unwrap_or(u32::MAX);
            let values: Vec<DynRef<'_>> = lists
                .iter()
                .map(|l| {
                    if l.is_null(row) {
                        DynRef::Null
                    } else {
                        DynRef::new(l.value(row))
                    }
                })
                .collect();
            let total = values.iter().map(count).max().unwrap_or(0).min(self.limit);
            let mut elements: Vec<_> = values
                .iter()
                .map(|v| Elements::new(v, self.bag_as_array))
                .collect();
            for i in 0..total {
                rows.from.push(from);
                for (element, b) in elements.iter_mut().zip(&mut rows.items) {
                    w.clear();
                    element.next(&mut w);
                    append_dynamic(b, &w.bytes);
                }
                if self.index {
                    rows.index
                        .append_value(i64::try_from(i).unwrap_or(i64::MAX));
                }
                if rows.from.len() >= self.batch_size {
                    let full = std::mem::replace(&mut rows, Rows::new(lists.len()));
                    self.emit(&batch, full, &mut out)?;
                }
            }
        }
        if !rows.from.is_empty() {
            self.emit(&batch, rows, &mut out)?;
        }
        Ok(out)
    }
}

/// The elements of one value, one after the other; then nothing.
enum Elements<'a> {
    Array(Box<dyn Iterator<Item = &'a [u8]> + 'a>),
    Bag(Box<dyn Iterator<Item = (&'a str, &'a [u8])> + 'a>, bool),
    One(Option<DynRef<'a>>),
}

impl<'a> Elements<'a> {
    fn new(v: &DynRef<'a>, pairs: bool) -> Self {
        match v {
            DynRef::Array(a) => Elements::Array(Box::new(a.raw())),
            DynRef::Bag(b) => Elements::Bag(Box::new(b.raw()), pairs),
            other => Elements::One(Some(*other)),
        }
    }

    fn next(&mut self, w: &mut DynWriter) {
        match self {
            Elements::Array(items) => {
                if let Some(bytes) = items.next() {
                    w.raw(bytes);
                }
            }
            Elements::Bag(items, pairs) => {
                if let Some((key, value)) = items.next() {
                    if *pairs {
                        w.begin_array();
                        w.string(key);
                        w.raw(value);
                    } else {
                        w.begin_bag();
                        w.key(key);
                        w.raw(value);
                    }
                    w.end();
                }
            }
            Elements::One(one) => {
                if let Some(v) = one.take() {
                    w.value(v);
                }
            }
        }
    }
}
