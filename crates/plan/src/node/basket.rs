//! `basket`: the sets of values that stand together in many rows.
//!
//! A set is given only with every value that all of its rows share, so no set says less of the same rows than another. The
//! sets come in the order of their rows times their values, greatest first, as Kusto's pages show them.

use crate::error::RunError;
use crate::node::{Operator, StepContext, Worker};
use arrow::array::{
    Array, ArrayRef, Float64Array, Int64Array, RecordBatch, RecordBatchOptions, UInt32Array,
};
use arrow::compute::{concat, concat_batches, take};
use arrow::datatypes::SchemaRef;
use arrow::row::{OwnedRow, RowConverter, SortField};
use datafusion::common::{DataFusionError, Result};
use kql_diag::Span;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Intersections that a query may make.
const MOST_STEPS: usize = 2_000_000;

/// The columns of the input in order, each with what stands in the place of a value that is not of the set.
pub(crate) struct BasketRows {
    pub columns: Vec<(String, ArrayRef)>,
    /// The smallest part of all rows.
    pub threshold: f64,
    /// The most values that are chosen for a set; those that follow from them come on top.
    pub dimensions: usize,
    /// The columns and their wildcards as text.
    pub text: String,
    pub span: Span,
}

impl Operator for BasketRows {
    fn name(&self) -> &'static str {
        "Basket"
    }

    fn parameters(&self) -> String {
        format!(
            "threshold={} dimensions={} columns=[{}]",
            self.threshold, self.dimensions, self.text
        )
    }

    fn whole(&self) -> bool {
        true
    }

    fn start(&self, cx: StepContext) -> Result<Box<dyn Worker>> {
        Ok(Box::new(Collecting {
            columns: self.columns.clone(),
            threshold: self.threshold,
            dimensions: self.dimensions,
            span: self.span,
            batches: Vec::new(),
            cx,
        }))
    }
}

struct Collecting {
    columns: Vec<(String, ArrayRef)>,
    threshold: f64,
    dimensions: usize,
    span: Span,
    batches: Vec<RecordBatch>,
    cx: StepContext,
}

/// A value of a column that enough rows have: the column, and the rows as bits.
struct Item {
    column: usize,
    rows: Vec<u64>,
}

/// A set of values: a row that has them, and which columns they are.
struct Found {
    row: u32,
    columns: Vec<usize>,
    count: usize,
}

struct Search<'a> {
    items: &'a [Item],
    /// The number of each row's value, by column.
    values: &'a [Vec<u32>],
    least: usize,
    dimensions: usize,
    seen: HashSet<Vec<(usize, u32)>>,
    found: Vec<Found>,
    steps: usize,
}

fn and(a: &[u64], b: &[u64]) -> Vec<u64> {
    a.iter().zip(b).map(|(a, b)| a & b).collect()
}

fn ones(a: &[u64]) -> usize {
    a.iter()
        .map(|x| usize::try_from(x.count_ones()).unwrap_or(0))
        .sum()
}

/// The places of the bits that are set.
fn places(a: &[u64]) -> impl Iterator<Item = usize> + '_ {
    a.iter().enumerate().flat_map(|(i, word)| {
        (0..64)
            .filter(move |b| word & (1 << b) != 0)
            .map(move |b| i * 64 + b)
    })
}

impl Search<'_> {
    /// Adds values from a place in the list on. False: too much work.
    fn grow(&mut self, rows: &[u64], closed: &[(usize, u32)], from: usize, depth: usize) -> bool {
        if depth == self.dimensions {
            return true;
        }
        for (i, item) in self.items.iter().enumerate().skip(from) {
            if closed.iter().any(|(c, _)| *c == item.column) {
                continue;
            }
            self.steps += 1;
            if self.steps > MOST_STEPS {
                return false;
            }
            let rows = and(rows, &item.rows);
            let count = ones(&rows);
            if count < self.least {
                continue;
            }
            let closed = self.closure(&rows);
            if self.seen.insert(closed.clone())
                && let Some(row) = places(&rows).next()
            {
                self.found.push(Found {
                    row: u32::try_from(row).unwrap_or(u32::MAX),
                    columns: closed.iter().map(|(c, _)| *c).collect(),
                    count,
                });
            }
            if !self.grow(&rows, &closed, i + 1, depth + 1) {
                return false;
            }
        }
        true
    }

    /// The values that all of these rows have.
    fn closure(&self, rows: &[u64]) -> Vec<(usize, u32)> {
        let Some(first) = places(rows).next() else {
            return Vec::new();
        };
        self.values
            .iter()
            .enumerate()
            .filter_map(|(c, v)| {
                let value = *v.get(first)?;
                places(rows)
                    .all(|r| v.get(r) == Some(&value))
                    .then_some((c, value))
            })
            .collect()
    }
}

/// The number of each row's value in the order in which values appear, and how many there are.
fn numbers(column: &ArrayRef) -> Result<(Vec<u32>, usize)> {
    let converter = RowConverter::new(vec![SortField::new(column.data_type().clone())])?;
    let rows = converter.convert_columns(&[Arc::clone(column)])?;
    let mut known: HashMap<OwnedRow, u32> = HashMap::new();
    let out = rows
        .iter()
        .map(|r| {
            let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
            *known.entry(r.owned()).or_insert(next)
        })
        .collect();
    Ok((out, known.len()))
}

impl Worker for Collecting {
    fn push(&mut self, batch: RecordBatch, _values: Vec<ArrayRef>) -> Result<Vec<RecordBatch>> {
        self.cx.memory.try_grow(batch.get_array_memory_size())?;
        self.batches.push(batch);
        Ok(Vec::new())
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>> {
        let Some(schema) = self.batches.first().map(RecordBatch::schema) else {
            return Ok(Vec::new());
        };
        let all = concat_batches(&schema, &self.batches)?;
        self.batches.clear();
        self.cx.memory.try_resize(all.get_array_memory_size())?;
        let n = all.num_rows();
        #[allow(clippy::cast_precision_loss)]
        let part = |count: usize| count as f64 / n as f64;
        let mut arrays = Vec::with_capacity(self.columns.len());
        for (name, _) in &self.columns {
            let found = all.column_by_name(name).ok_or_else(|| {
                DataFusionError::Internal("a basket without one of its columns".to_owned())
            })?;
            arrays.push(Arc::clone(found));
        }
        let mut values = Vec::with_capacity(arrays.len());
        let mut items: Vec<Item> = Vec::new();
        for (column, array) in arrays.iter().enumerate() {
            self.cx.memory.try_grow(n * 4)?;
            let (list, distinct) = numbers(array)?;
            let mut counts = vec![0usize; distinct];
            for v in &list {
                counts[*v as usize] += 1;
            }
            for (value, count) in (0_u32..).zip(&counts) {
                if part(*count) < self.threshold {
                    continue;
                }
                let mut rows = vec![0u64; n.div_ceil(64)];
                self.cx.memory.try_grow(rows.len() * 8)?;
                for (r, v) in list.iter().enumerate() {
                    if *v == value {
                        rows[r / 64] |= 1 << (r % 64);
                    }
                }
                items.push(Item { column, rows });
            }
            values.push(list);
        }
        let mut everything = vec![u64::MAX; n.div_ceil(64)];
        if let Some(last) = everything.last_mut()
            && n % 64 != 0
        {
            *last = (1 << (n % 64)) - 1;
        }
        let mut search = Search {
            items: &items,
            values: &values,
            least: (1..=n).find(|c| part(*c) >= self.threshold).unwrap_or(n),
            dimensions: self.dimensions,
            seen: HashSet::new(),
            found: Vec::new(),
            steps: 0,
        };
        if !search.grow(&everything, &[], 0, 0) {
            let message = "basket finds too many sets of values: a greater threshold or fewer columns give fewer";
            return Err(RunError::wrap(message, self.span));
        }
        let mut found = search.found;
        found.sort_by(|a, b| {
            let size = |f: &Found| f.count * f.columns.len();
            (size(b), b.count).cmp(&(size(a), a.count))
        });
        self.rows(&found, &arrays, n)
    }
}

impl Collecting {
    fn rows(&self, found: &[Found], arrays: &[ArrayRef], n: usize) -> Result<Vec<RecordBatch>> {
        #[allow(clippy::cast_precision_loss)]
        let percent = |f: &Found| f.count as f64 * 100.0 / n as f64;
        let count = |f: &Found| i64::try_from(f.count).unwrap_or(i64::MAX);
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from_iter_values((0_i64..).take(found.len()))),
            Arc::new(Int64Array::from_iter_values(found.iter().map(count))),
            Arc::new(Float64Array::from_iter_values(found.iter().map(percent))),
        ];
        // The wildcard stands behind the values.
        let wildcard = u32::try_from(n).unwrap_or(u32::MAX);
        for (i, (array, (_, other))) in arrays.iter().zip(&self.columns).enumerate() {
            let both = concat(&[array.as_ref(), other.as_ref()])?;
            let places = found.iter().map(|f| {
                if f.columns.contains(&i) {
                    f.row
                } else {
                    wildcard
                }
            });
            columns.push(take(&both, &UInt32Array::from_iter_values(places), None)?);
        }
        let schema: SchemaRef = Arc::clone(&self.cx.schema);
        let options = RecordBatchOptions::new().with_row_count(Some(found.len()));
        Ok(vec![RecordBatch::try_new_with_options(
            schema, columns, &options,
        )?])
    }
}
