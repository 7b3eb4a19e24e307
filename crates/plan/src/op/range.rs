//! `range x from a to b step c`, made batch by batch.

use crate::error::{Result, fault, internal};
use crate::form::Form;
use crate::lower::{Columns, Low, Lowering, column_name, project};
use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::catalog::streaming::StreamingTable;
use datafusion::common::{Column, DataFusionError, TableReference};
use datafusion::datasource::provider_as_source;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{LogicalPlan, TableScanBuilder};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::streaming::PartitionStream;
use datafusion::prelude::Expr;
use kql_bind::plan::{ColumnId, Expr as BoundExpr, Relation};
use kql_diag::{Diagnostic, codes};
use kql_functions::adapter::{array_from_values, arrow_type};
use kql_types::{Type, Value};
use std::sync::Arc;

/// The rows of a range.
pub(crate) fn range(
    cx: &mut Lowering<'_>,
    column: ColumnId,
    from: &BoundExpr,
    to: &BoundExpr,
    step: &BoundExpr,
    r: &Relation,
) -> Result<Low> {
    let ty = cx.type_of(column);
    let (from, to, by) = (cx.constant(from)?, cx.constant(to)?, cx.constant(step)?);
    let series = Series::new(&from, &to, &by).ok_or_else(|| {
        Diagnostic::error(
            codes::RUN_TIME,
            step.span,
            "range requires bounds and a step that is neither null nor zero",
        )
    })?;
    let name = column_name(column);
    let schema = Arc::new(Schema::new(vec![Field::new(&name, arrow_type(ty), true)]));
    let stream: Arc<dyn PartitionStream> = Arc::new(Rows {
        schema: Arc::clone(&schema),
        series,
        ty,
    });
    let table = StreamingTable::try_new(schema, vec![stream]).map_err(fault(r.span))?;
    let reference = TableReference::bare(cx.fresh());
    let scan = TableScanBuilder::new(reference.clone(), provider_as_source(Arc::new(table)))
        .build()
        .map_err(fault(r.span))?;
    let item = Expr::Column(Column::new(Some(reference), name.clone()));
    let mut columns = Columns::default();
    columns.put(column, Form::Canonical);
    if !arrow_type(ty).is_numeric() {
        return Err(internal(r.span, format!("internal: a range of {ty}")));
    }
    Ok(Low {
        plan: project(LogicalPlan::TableScan(scan), vec![(item, name)], r.span)?,
        columns,
    })
}

/// An arithmetic series.
#[derive(Debug, Clone)]
enum Series {
    Whole { from: i128, step: i128, count: u64 },
    Real { from: f64, step: f64, count: u64 },
}

/// Whole numbers of a value, with the scale of its type.
fn whole(v: &Value) -> Option<i128> {
    Some(match v {
        Value::Int(n) => i128::from(*n),
        Value::Long(n) | Value::DateTime(n) | Value::TimeSpan(n) => i128::from(*n),
        Value::Decimal(d) => *d,
        _ => return None,
    })
}

impl Series {
    fn new(from: &Value, to: &Value, step: &Value) -> Option<Series> {
        if let (Value::Real(a), Value::Real(b), Value::Real(c)) = (from, to, step) {
            if *c == 0.0 || !c.is_finite() || !a.is_finite() || b.is_nan() {
                return None;
            }
            let steps = ((b - a) / c + 1e-9).floor();
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            let count = if steps < 0.0 { 0 } else { steps as u64 + 1 };
            return Some(Series::Real {
                from: *a,
                step: *c,
                count,
            });
        }
        let (a, b, c) = (whole(from)?, whole(to)?, whole(step)?);
        if c == 0 {
            return None;
        }
        let steps = (b - a).checked_div(c)?;
        let away = (b - a).signum() * c.signum() < 0;
        let count = if away {
            0
        } else {
            u64::try_from(steps).ok()?.saturating_add(1)
        };
        Some(Series::Whole {
            from: a,
            step: c,
            count,
        })
    }

    fn count(&self) -> u64 {
        match self {
            Series::Whole { count, .. } | Series::Real { count, .. } => *count,
        }
    }

    fn at(&self, i: u64, ty: Type) -> Value {
        match self {
            Series::Whole { from, step, .. } => {
                let v = from + step * i128::from(i);
                if ty == Type::Decimal {
                    return Value::Decimal(v);
                }
                let Ok(n) = i64::try_from(v) else {
                    return Value::Null(ty);
                };
                match ty {
                    Type::DateTime => Value::DateTime(n),
                    Type::TimeSpan => Value::TimeSpan(n),
                    Type::Int => i32::try_from(n).map_or(Value::Null(ty), Value::Int),
                    _ => Value::Long(n),
                }
            }
            #[allow(clippy::cast_precision_loss)]
            Series::Real { from, step, .. } => Value::Real(from + step * i as f64),
        }
    }
}

#[derive(Debug)]
struct Rows {
    schema: SchemaRef,
    series: Series,
    ty: Type,
}

impl PartitionStream for Rows {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, ctx: Arc<TaskContext>) -> SendableRecordBatchStream {
        let size = u64::try_from(ctx.session_config().batch_size()).unwrap_or(8192);
        let (schema, series, ty) = (Arc::clone(&self.schema), self.series.clone(), self.ty);
        let batches = (0..series.count().div_ceil(size)).map(move |n| {
            let start = n * size;
            let end = (start + size).min(series.count());
            let cells: Vec<Value> = (start..end).map(|i| series.at(i, ty)).collect();
            let array: ArrayRef = array_from_values(ty, &cells)
                .map_err(|e| DataFusionError::Internal(e.to_string()))?;
            Ok(RecordBatch::try_new(Arc::clone(&schema), vec![array])?)
        });
        Box::pin(RecordBatchStreamAdapter::new(
            Arc::clone(&self.schema),
            futures::stream::iter(batches),
        ))
    }
}
