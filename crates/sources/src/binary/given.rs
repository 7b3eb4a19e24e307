//! Rows that a program has in memory, as a table: their Arrow types are read as those of a file are.

use super::convert::convert;
use super::shape::{Shape, stored_schema};
use crate::builtin;
use crate::error::SourceError;
use crate::known::Known;
use crate::table::{StoredColumn, Table};
use crate::tables::Skipped;
use arrow::array::{Array, ArrayRef, RecordBatch, RecordBatchOptions};
use arrow::compute::{CastOptions, cast_with_options};
use arrow::datatypes::SchemaRef;
use datafusion::datasource::MemTable;
use kql_diag::codes;
use kql_types::{ColumnSchema, Type};
use std::sync::Arc;

/// Rows of an operator's batch: what is given in one piece is cut, without copying.
const ROWS: usize = 8192;

impl Table {
    /// A table of rows in memory. Columns marked as JSON (`arrow.json`) are dynamic. With the rows come notes about columns
    /// that are left out.
    ///
    /// # Errors
    /// Two columns have one name, a batch is not of the schema, or a value cannot be read as its column's type.
    pub fn given(
        name: &str,
        schema: &SchemaRef,
        batches: &[RecordBatch],
    ) -> Result<(Table, Vec<String>), SourceError> {
        let fault = |e: &dyn std::fmt::Display| {
            SourceError::new(codes::INPUT, format!("table `{name}`: {e}"))
        };
        let fields = schema.fields();
        for (i, f) in fields.iter().enumerate() {
            if fields.iter().take(i).any(|other| other.name() == f.name()) {
                return Err(fault(&format!("two columns are named `{}`", f.name())));
            }
        }
        let json = fields.iter().filter(|f| {
            f.metadata()
                .get("ARROW:extension:name")
                .is_some_and(|e| e == "arrow.json")
        });
        let declared = json.map(|f| ColumnSchema {
            name: f.name().clone(),
            ty: Type::Dynamic,
        });
        let known = Known::given(name, declared.collect());
        let mut shape = Shape::default();
        shape
            .add(fields)
            .map_err(|c| fault(&format!("column `{c}` has no one type")))?;
        let notes = Skipped::default();
        let columns = shape.columns(name, &known, &notes);
        let stored = stored_schema(&columns);
        let strict = CastOptions {
            safe: false,
            ..CastOptions::default()
        };
        let mut rows = Vec::new();
        for batch in batches {
            let mut arrays: Vec<ArrayRef> = Vec::with_capacity(columns.len());
            for c in &columns {
                let array = batch
                    .column_by_name(&c.name)
                    .ok_or_else(|| fault(&format!("a batch lacks column `{}`", c.name)))?;
                let read = if array.data_type() == &c.read {
                    Arc::clone(array)
                } else {
                    cast_with_options(array, &c.read, &strict).map_err(|e| fault(&e))?
                };
                arrays.push(if c.converted {
                    convert(&read, c.ty, &c.name)?
                } else {
                    read
                });
            }
            let count = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
            let whole = RecordBatch::try_new_with_options(Arc::clone(&stored), arrays, &count)
                .map_err(|e| fault(&e))?;
            let starts = (0..whole.num_rows()).step_by(ROWS);
            rows.extend(starts.map(|at| whole.slice(at, ROWS.min(whole.num_rows() - at))));
        }
        let provider = MemTable::try_new(stored, vec![rows]).map_err(|e| fault(&e))?;
        let lacks = |k: &ColumnSchema| !columns.iter().any(|c| c.name == k.name);
        let known = builtin::schema(name).unwrap_or_default();
        let table = Table {
            name: name.to_owned(),
            absent: known.into_iter().filter(lacks).collect(),
            columns: columns
                .iter()
                .map(|c| StoredColumn {
                    name: c.name.clone(),
                    ty: c.ty,
                    stored: c.stored(),
                })
                .collect(),
            hidden: Vec::new(),
            provider: Arc::new(provider),
        };
        Ok((table, notes.notes()))
    }
}
