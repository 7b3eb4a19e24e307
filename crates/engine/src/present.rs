//! Rows of the plan as rows of the user: names come back, duplicates and all.

use crate::run::ResultInfo;
use arrow::array::RecordBatch;
use arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::error::{DataFusionError, Result};
use kql_bind::plan::{ColumnId, ResultTable};
use kql_functions::adapter::arrow_type;
use kql_plan::OutputColumn;
use std::collections::HashMap;
use std::sync::Arc;

/// From the plan's columns to the user's.
pub(crate) struct Presenter {
    /// For each user column its place among the plan's.
    places: Vec<usize>,
    schema: SchemaRef,
}

impl Presenter {
    pub(crate) fn new(table: &ResultTable, columns: &[OutputColumn]) -> Result<Presenter> {
        let mut places = Vec::with_capacity(table.relation.fields.len());
        let mut fields = Vec::with_capacity(table.relation.fields.len());
        let known: HashMap<ColumnId, usize> =
            columns.iter().enumerate().map(|(i, c)| (c.id, i)).collect();
        for f in &table.relation.fields {
            let place = *known.get(&f.id).ok_or_else(|| {
                DataFusionError::Internal(format!("column {} of the result is not there", f.name))
            })?;
            places.push(place);
            fields.push(Field::new(&f.name, arrow_type(f.ty), true));
        }
        Ok(Presenter {
            places,
            schema: Arc::new(Schema::new(fields)),
        })
    }

    pub(crate) fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    pub(crate) fn batch(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let columns = self
            .places
            .iter()
            .map(|i| Arc::clone(batch.column(*i)))
            .collect();
        let options =
            arrow::array::RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        Ok(RecordBatch::try_new_with_options(
            Arc::clone(&self.schema),
            columns,
            &options,
        )?)
    }
}

/// What a sink is told before the rows.
pub(crate) fn info(table: &ResultTable) -> ResultInfo {
    ResultInfo {
        name: table.name.clone(),
        columns: table
            .relation
            .fields
            .iter()
            .map(|f| kql_types::ColumnSchema {
                name: f.name.clone(),
                ty: f.ty,
            })
            .collect(),
        render: table.render.clone(),
    }
}
