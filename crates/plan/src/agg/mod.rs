//! Aggregates of ours inside DataFusion.

mod average;
mod rows;
mod state;

pub(crate) use average::exact_average;
pub(crate) use rows::{RowsCall, RowsKind};
pub(crate) use state::StateCall;

use arrow::array::{Array, ArrayRef, StructArray};
use arrow::datatypes::DataType;
use datafusion::common::{DataFusionError, Result};
use datafusion::logical_expr::AggregateUDF;
use datafusion::logical_expr::expr::AggregateFunction;
use datafusion::prelude::Expr;
use std::sync::Arc;

use crate::expr::udf::{Argument, Run, Udf};

/// A call of an aggregate.
pub(crate) fn aggregate(udaf: Arc<AggregateUDF>, args: Vec<Expr>, filter: Option<Expr>) -> Expr {
    Expr::AggregateFunction(AggregateFunction::new_udf(
        udaf,
        args,
        false,
        filter.map(Box::new),
        Vec::new(),
        None,
    ))
}

/// One field of the struct that an aggregate of several results gives.
pub(crate) fn field(of: Expr, index: usize, ty: DataType) -> Expr {
    Udf::pure("field", index.to_string(), ty, Arc::new(Field(index))).call(vec![of])
}

struct Field(usize);

impl Run for Field {
    fn run(&self, args: &[Argument], _rows: usize) -> Result<ArrayRef> {
        args.first()
            .and_then(|a| a.array.as_any().downcast_ref::<StructArray>())
            .and_then(|s| s.columns().get(self.0))
            .map(Arc::clone)
            .ok_or_else(|| DataFusionError::Internal("a field of no struct".to_owned()))
    }
}
