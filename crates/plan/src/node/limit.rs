//! The first rows of each group of equal keys, in the order of the input; row numbers; a random sample.

use crate::node::{Operator, StepContext, Worker};
use arrow::array::{Array, ArrayRef, BooleanArray, Int64Array, RecordBatch, RecordBatchOptions};
use arrow::compute::{filter_record_batch, interleave};
use arrow::datatypes::SchemaRef;
use arrow::row::{OwnedRow, RowConverter, SortField};
use datafusion::common::Result;
use datafusion::execution::memory_pool::MemoryReservation;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

/// `take n` for each group.
pub(crate) struct PartitionLimit(pub usize);

impl Operator for PartitionLimit {
    fn name(&self) -> &'static str {
        "PartitionLimit"
    }

    fn parameters(&self) -> String {
        self.0.to_string()
    }

    fn whole(&self) -> bool {
        true
    }

    fn start(&self, cx: StepContext) -> Result<Box<dyn Worker>> {
        Ok(Box::new(Limiting {
            schema: cx.schema,
            most: self.0,
            keys: None,
            seen: HashMap::new(),
            memory: cx.memory,
        }))
    }
}

struct Limiting {
    schema: SchemaRef,
    most: usize,
    keys: Option<RowConverter>,
    seen: HashMap<OwnedRow, usize>,
    memory: MemoryReservation,
}

impl Worker for Limiting {
    fn push(&mut self, batch: RecordBatch, values: Vec<ArrayRef>) -> Result<Vec<RecordBatch>> {
        let converter = match &mut self.keys {
            Some(c) => c,
            none => none.insert(RowConverter::new(
                values
                    .iter()
                    .map(|v| SortField::new(v.data_type().clone()))
                    .collect(),
            )?),
        };
        let rows = converter.convert_columns(&values)?;
        let mut keep = Vec::with_capacity(batch.num_rows());
        for row in rows.iter() {
            let n = self.seen.entry(row.owned()).or_insert(0);
            keep.push(*n < self.most);
            *n += 1;
        }
        self.memory.try_resize(self.seen.len() * 64)?;
        let out = filter_record_batch(&batch, &BooleanArray::from(keep))?;
        Ok(vec![with_columns(&self.schema, &out, Vec::new())?])
    }
}

/// The columns of a batch and further ones under a schema.
pub(crate) fn with_columns(
    schema: &SchemaRef,
    batch: &RecordBatch,
    more: Vec<ArrayRef>,
) -> Result<RecordBatch> {
    let columns = batch.columns().iter().cloned().chain(more).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    Ok(RecordBatch::try_new_with_options(
        Arc::clone(schema),
        columns,
        &options,
    )?)
}

/// Numbers the rows from 0.
pub(crate) struct RowNumbers;

impl Operator for RowNumbers {
    fn name(&self) -> &'static str {
        "RowId"
    }

    fn parameters(&self) -> String {
        String::new()
    }

    fn whole(&self) -> bool {
        true
    }

    fn start(&self, cx: StepContext) -> Result<Box<dyn Worker>> {
        Ok(Box::new(Numbering {
            schema: cx.schema,
            next: 0,
        }))
    }
}

struct Numbering {
    schema: SchemaRef,
    next: i64,
}

impl Worker for Numbering {
    fn push(&mut self, batch: RecordBatch, _values: Vec<ArrayRef>) -> Result<Vec<RecordBatch>> {
        let start = self.next;
        self.next += i64::try_from(batch.num_rows()).unwrap_or(0);
        let ids: ArrayRef = Arc::new(Int64Array::from_iter_values(start..self.next));
        Ok(vec![with_columns(&self.schema, &batch, vec![ids])?])
    }
}

/// So many rows, each with the same chance.
pub(crate) struct SampleRows(pub usize);

impl Operator for SampleRows {
    fn name(&self) -> &'static str {
        "Sample"
    }

    fn parameters(&self) -> String {
        self.0.to_string()
    }

    fn whole(&self) -> bool {
        true
    }

    fn start(&self, cx: StepContext) -> Result<Box<dyn Worker>> {
        Ok(Box::new(Sampling {
            schema: cx.schema,
            size: self.0,
            seen: 0,
            chosen: Vec::new(),
            batches: Vec::new(),
            random: RandomState::new().hash_one(1u64) | 1,
            memory: cx.memory,
        }))
    }
}

struct Sampling {
    schema: SchemaRef,
    size: usize,
    seen: u64,
    /// Batch and row of each chosen row.
    chosen: Vec<(usize, usize)>,
    batches: Vec<RecordBatch>,
    random: u64,
    memory: MemoryReservation,
}

impl Sampling {
    /// The next pseudo-random number (xorshift).
    fn draw(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }

    /// The chosen rows as one batch.
    fn gather(&self) -> Result<RecordBatch> {
        let columns = (0..self.schema.fields().len())
            .map(|i| {
                let arrays: Vec<&dyn Array> =
                    self.batches.iter().map(|b| b.column(i).as_ref()).collect();
                Ok(interleave(&arrays, &self.chosen)?)
            })
            .collect::<Result<Vec<_>>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(self.chosen.len()));
        Ok(RecordBatch::try_new_with_options(
            Arc::clone(&self.schema),
            columns,
            &options,
        )?)
    }
}

/// Batches that may be held although few of their rows are chosen.
const HELD: usize = 64;

impl Worker for Sampling {
    fn push(&mut self, batch: RecordBatch, _values: Vec<ArrayRef>) -> Result<Vec<RecordBatch>> {
        let at = self.batches.len();
        let mut used = false;
        for row in 0..batch.num_rows() {
            self.seen += 1;
            if self.chosen.len() < self.size {
                self.chosen.push((at, row));
                used = true;
                continue;
            }
            let place = usize::try_from(self.draw() % self.seen).unwrap_or(usize::MAX);
            if let Some(slot) = self.chosen.get_mut(place) {
                *slot = (at, row);
                used = true;
            }
        }
        if used {
            self.memory.try_grow(batch.get_array_memory_size())?;
            self.batches.push(batch);
        }
        if self.batches.len() > HELD {
            let all = self.gather()?;
            self.chosen = (0..all.num_rows()).map(|row| (0, row)).collect();
            self.memory.try_resize(all.get_array_memory_size())?;
            self.batches = vec![all];
        }
        Ok(Vec::new())
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>> {
        if self.chosen.is_empty() {
            return Ok(Vec::new());
        }
        self.chosen.sort_unstable();
        let out = self.gather()?;
        self.memory.free();
        Ok(vec![out])
    }
}
