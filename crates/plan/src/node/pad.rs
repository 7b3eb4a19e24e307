//! Constant columns beside those of the input: what a table lacks in a union of very many columns. A projection would say
//! the same with an expression for each, and the optimiser reads every one of them several times.

use crate::node::{Operator, StepContext, Worker};
use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow::datatypes::SchemaRef;
use datafusion::common::{Result, ScalarValue};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;

/// Where an output column comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Source {
    /// A place in the input.
    Column(usize),
    /// One value in all rows: a place among the constants.
    Constant(usize),
}

/// The operator.
pub(crate) struct Pad {
    /// One for each output column.
    pub sources: Vec<Source>,
    /// The values; each stands once.
    pub constants: Vec<ScalarValue>,
}

impl Operator for Pad {
    fn name(&self) -> &'static str {
        "Pad"
    }

    fn parameters(&self) -> String {
        let mut out = String::new();
        for (i, s) in self.sources.iter().enumerate() {
            if let Source::Column(c) = s {
                let _ = write!(out, "{}{i}=#{c}", if out.is_empty() { "" } else { " " });
            }
        }
        let _ = write!(out, " of {}", self.sources.len());
        out
    }

    fn whole(&self) -> bool {
        false
    }

    fn start(&self, cx: StepContext) -> Result<Box<dyn Worker>> {
        Ok(Box::new(Padding {
            sources: self.sources.clone(),
            constants: self.constants.clone(),
            schema: cx.schema,
            arrays: HashMap::new(),
        }))
    }
}

struct Padding {
    sources: Vec<Source>,
    constants: Vec<ScalarValue>,
    schema: SchemaRef,
    /// The constants as columns of so many rows: batches are mostly of one length.
    arrays: HashMap<usize, Vec<ArrayRef>>,
}

impl Worker for Padding {
    fn push(&mut self, batch: RecordBatch, _values: Vec<ArrayRef>) -> Result<Vec<RecordBatch>> {
        let rows = batch.num_rows();
        if !self.arrays.contains_key(&rows) {
            let arrays = self
                .constants
                .iter()
                .map(|c| c.to_array_of_size(rows))
                .collect::<Result<Vec<_>>>()?;
            self.arrays.clear();
            self.arrays.insert(rows, arrays);
        }
        let constants = self.arrays.get(&rows).map_or(&[][..], Vec::as_slice);
        let columns = self
            .sources
            .iter()
            .filter_map(|s| match s {
                Source::Column(i) => batch.columns().get(*i).map(Arc::clone),
                Source::Constant(i) => constants.get(*i).map(Arc::clone),
            })
            .collect();
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        Ok(vec![RecordBatch::try_new_with_options(
            Arc::clone(&self.schema),
            columns,
            &options,
        )?])
    }
}
