//! Constant rows.

use crate::error::{Result, fault, internal};
use crate::expr::literal;
use crate::form::Form;
use crate::lower::{Columns, Low, Lowering, Need, Slot, column_name, project};
use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow::datatypes::{DataType, Field, Schema};
use datafusion::common::{Column, DFSchema, TableReference};
use datafusion::datasource::{MemTable, provider_as_source};
use datafusion::logical_expr::{EmptyRelation, LogicalPlan, TableScanBuilder};
use datafusion::prelude::Expr;
use kql_bind::plan::{ColumnId, Relation};
use kql_diag::Span;
use kql_functions::adapter::{array_from_values, arrow_type};
use kql_types::{Type, Value};
use std::sync::Arc;

/// `datatable`, `print`, `getschema`.
pub(crate) fn values(
    cx: &mut Lowering<'_>,
    columns: &[(ColumnId, Type)],
    rows: &[Vec<Value>],
    need: &Need,
    r: &Relation,
) -> Result<Low> {
    // One row is no table: its values stand in the expressions.
    if rows.len() <= 1 {
        let mut out = Columns::default();
        for (i, (id, ty)) in columns.iter().enumerate() {
            let value = rows.first().and_then(|row| row.get(i));
            out.alias(
                *id,
                Slot {
                    expr: literal::lit(&value.map_or_else(|| Value::null(*ty), Clone::clone)),
                    form: Form::Canonical,
                    weight: 1,
                },
            );
        }
        return Ok(Low {
            plan: LogicalPlan::EmptyRelation(EmptyRelation {
                produce_one_row: rows.len() == 1,
                schema: Arc::new(DFSchema::empty()),
            }),
            columns: out,
        });
    }
    let mut names = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for (i, (id, ty)) in columns.iter().enumerate() {
        if !need.contains(id) {
            continue;
        }
        let cells: Vec<Value> = rows
            .iter()
            .map(|row| row.get(i).map_or_else(|| Value::null(*ty), Clone::clone))
            .collect();
        let array = array_from_values(*ty, &cells)
            .map_err(|e| internal(r.span, format!("internal: {e}")))?;
        names.push((*id, *ty));
        arrays.push(array);
    }
    let name = cx.fresh();
    memory(&name, &names, arrays, rows.len(), r.span)
}

/// A table in memory whose columns have the plan's names.
pub(crate) fn memory(
    name: &str,
    ids: &[(ColumnId, Type)],
    arrays: Vec<ArrayRef>,
    rows: usize,
    span: Span,
) -> Result<Low> {
    let fields: Vec<Field> = ids
        .iter()
        .map(|(id, ty)| Field::new(column_name(*id), arrow_type(*ty), *ty != Type::String))
        .collect();
    let (fields, arrays) = if fields.is_empty() {
        // Rows without columns would lose their number on the way.
        let none: ArrayRef = arrow::array::new_null_array(&DataType::Boolean, rows);
        (
            vec![Field::new("none", DataType::Boolean, true)],
            vec![none],
        )
    } else {
        (fields, arrays)
    };
    let schema = Arc::new(Schema::new(fields));
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    let batch = RecordBatch::try_new_with_options(Arc::clone(&schema), arrays, &options)
        .map_err(|e| internal(span, format!("internal: {e}")))?;
    let provider = MemTable::try_new(schema, vec![vec![batch]]).map_err(fault(span))?;
    let reference = TableReference::bare(name.to_owned());
    let plan = LogicalPlan::TableScan(
        TableScanBuilder::new(reference.clone(), provider_as_source(Arc::new(provider)))
            .build()
            .map_err(fault(span))?,
    );
    let mut columns = Columns::default();
    let mut items = Vec::new();
    for (id, _) in ids {
        let name = column_name(*id);
        items.push((
            Expr::Column(Column::new(Some(reference.clone()), name.clone())),
            name,
        ));
        columns.put(*id, Form::Canonical);
    }
    Ok(Low {
        plan: project(plan, items, span)?,
        columns,
    })
}
