//! Columns whose type in the file is not that which is known of the table.

use crate::error::SourceError;
use crate::text::Columns;
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Int32Array, Int64Array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Float64Type, Int64Type, Schema};
use datafusion::common::{DataFusionError, Result};
use datafusion::config::ConfigOptions;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::physical_expr::{PhysicalExpr, ScalarFunctionExpr};
use kql_diag::codes;
use kql_functions::adapter::arrow_type;
use kql_types::Type;
use std::sync::Arc;

/// The values of a column in the canonical form of a type.
///
/// # Errors
/// A value cannot be read as the type.
pub(crate) fn convert(
    array: &ArrayRef,
    ty: Type,
    column: &str,
) -> std::result::Result<ArrayRef, SourceError> {
    let no = |shown: String| {
        SourceError::new(
            codes::BAD_ROW,
            format!("`{shown}` in column `{column}` is no {ty}, as its schema says"),
        )
        .with_help("a schema.json beside the file may say otherwise")
    };
    let fault = |e: arrow::error::ArrowError| SourceError::new(codes::BAD_FILE, e.to_string());
    match (array.data_type(), ty) {
        (DataType::Float64, Type::Int | Type::Long) => {
            let reals = array.as_primitive::<Float64Type>();
            let mut out = Vec::with_capacity(reals.len());
            for x in reals {
                out.push(match x {
                    // A missing whole number is NaN where a writer has no nulls.
                    None => None,
                    Some(x) if x.is_nan() => None,
                    Some(x) => Some(whole(x).ok_or_else(|| no(x.to_string()))?),
                });
            }
            if ty == Type::Long {
                return Ok(Arc::new(Int64Array::from(out)));
            }
            let narrow = |n: Option<i64>| match n {
                None => Ok(None),
                Some(n) => i32::try_from(n).map(Some).map_err(|_| no(n.to_string())),
            };
            let out: std::result::Result<Vec<Option<i32>>, SourceError> =
                out.into_iter().map(narrow).collect();
            Ok(Arc::new(Int32Array::from(out?)))
        }
        (DataType::Int32 | DataType::Int64, Type::Bool) => {
            let longs = cast(array, &DataType::Int64).map_err(fault)?;
            let mut out = Vec::with_capacity(longs.len());
            for n in longs.as_primitive::<Int64Type>() {
                out.push(match n {
                    None => None,
                    Some(0) => Some(false),
                    Some(1) => Some(true),
                    Some(n) => return Err(no(n.to_string())),
                });
            }
            Ok(Arc::new(BooleanArray::from(out)))
        }
        (DataType::Utf8View, _) => {
            let field = Field::new(column, arrow_type(ty), true);
            let mut columns = Columns::new([ty], Arc::new(Schema::new(vec![field])));
            for text in array.as_string_view() {
                match text {
                    None => columns.null(0),
                    Some(t) if columns.text(0, t) => {}
                    Some(t) => return Err(no(t.chars().take(60).collect())),
                }
                columns.end_row(true);
            }
            let batch = columns.take(std::path::Path::new(""))?;
            Ok(Arc::clone(batch.column(0)))
        }
        (other, _) => Err(SourceError::new(
            codes::INTERNAL,
            format!("column `{column}` of {other} cannot be read as {ty}"),
        )),
    }
}

/// A real that is a whole number within the range of long.
fn whole(x: f64) -> Option<i64> {
    const EDGE: f64 = 9_223_372_036_854_775_808.0;
    #[allow(clippy::cast_possible_truncation)]
    let n = x as i64;
    (x.fract() == 0.0 && (-EDGE..EDGE).contains(&x)).then_some(n)
}

/// The same as a step of a plan.
pub(crate) fn expression(
    input: Arc<dyn PhysicalExpr>,
    name: &str,
    ty: Type,
    config: &Arc<ConfigOptions>,
) -> Arc<dyn PhysicalExpr> {
    let function = Function {
        column: name.to_owned(),
        ty,
        signature: Signature::any(1, Volatility::Immutable),
    };
    Arc::new(ScalarFunctionExpr::new(
        "stored_as",
        Arc::new(ScalarUDF::new_from_impl(function)),
        vec![input],
        Arc::new(Field::new(name, arrow_type(ty), true)),
        Arc::clone(config),
    ))
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Function {
    column: String,
    ty: Type,
    signature: Signature,
}

impl ScalarUDFImpl for Function {
    fn name(&self) -> &str {
        "stored_as"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arg_types: &[DataType]) -> Result<DataType> {
        Ok(arrow_type(self.ty))
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let array = arrays
            .first()
            .ok_or_else(|| DataFusionError::Internal("stored_as without an argument".to_owned()))?;
        convert(array, self.ty, &self.column)
            .map(ColumnarValue::Array)
            .map_err(|e| DataFusionError::External(Box::new(e)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow::array::{Float64Array, StringViewArray};

    #[test]
    fn values_are_read_as_the_known_type_or_refused() {
        let reals: ArrayRef = Arc::new(Float64Array::from(vec![Some(3.0), None, Some(f64::NAN)]));
        let longs = convert(&reals, Type::Long, "c").unwrap();
        assert_eq!(
            longs.as_primitive::<Int64Type>(),
            &Int64Array::from(vec![Some(3), None, None])
        );
        let reals: ArrayRef = Arc::new(Float64Array::from(vec![0.5]));
        assert!(convert(&reals, Type::Long, "c").is_err());
        let reals: ArrayRef = Arc::new(Float64Array::from(vec![3e9]));
        assert!(convert(&reals, Type::Int, "c").is_err());
        let texts: ArrayRef = Arc::new(StringViewArray::from(vec![
            Some("2024-01-02"),
            Some(""),
            None,
        ]));
        let times = convert(&texts, Type::DateTime, "c").unwrap();
        assert_eq!(times.null_count(), 2);
        let texts: ArrayRef = Arc::new(StringViewArray::from(vec!["x"]));
        assert!(convert(&texts, Type::DateTime, "c").is_err());
    }
}
