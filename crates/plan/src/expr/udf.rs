//! Functions of ours inside DataFusion's expressions.
//!
//! Each is a name, a text that holds every parameter (so equal texts are equal functions, and a plan can be written down
//! and read again), and something that runs.

use crate::error::RunError;
use arrow::array::{Array, ArrayRef};
use arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use datafusion::prelude::Expr;
use kql_diag::Span;
use kql_functions::adapter::{Args, Column, arrow_type};
use kql_functions::catalog;
use kql_functions::repeats::Repeats;
use kql_functions::spec::{FunctionSpec, Kernel};
use kql_types::{Nulls, Type};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// What a function does with the arguments of one batch.
pub(crate) trait Run: Send + Sync {
    /// The result: `rows` values, or one when every argument is one value.
    fn run(&self, args: &[Argument], rows: usize) -> Result<ArrayRef>;
}

/// An argument: an array, and whether its one value stands for all rows.
pub(crate) struct Argument {
    /// The values.
    pub array: ArrayRef,
    /// Whether there is one for all.
    pub constant: bool,
}

/// A function of ours.
pub(crate) struct Udf {
    name: String,
    key: String,
    returns: DataType,
    signature: Signature,
    volatile: bool,
    run: Arc<dyn Run>,
}

impl Udf {
    /// A pure function. `key` holds every parameter that is no argument.
    pub(crate) fn pure(
        name: impl Into<String>,
        key: impl Into<String>,
        returns: DataType,
        run: Arc<dyn Run>,
    ) -> Udf {
        Udf {
            name: name.into(),
            key: key.into(),
            returns,
            signature: Signature::user_defined(Volatility::Immutable),
            volatile: false,
            run,
        }
    }

    /// A function that gives another value each time.
    pub(crate) fn volatile(mut self) -> Udf {
        self.signature = Signature::user_defined(Volatility::Volatile);
        self.volatile = true;
        self
    }

    /// A call.
    pub(crate) fn call(self, args: Vec<Expr>) -> Expr {
        Expr::ScalarFunction(ScalarFunction::new_udf(
            Arc::new(ScalarUDF::new_from_impl(self)),
            args,
        ))
    }
}

impl std::fmt::Debug for Udf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}[{}]", self.name, self.key)
    }
}

impl PartialEq for Udf {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.key == other.key && self.returns == other.returns
    }
}

impl Eq for Udf {}

impl Hash for Udf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
        self.key.hash(state);
    }
}

impl ScalarUDFImpl for Udf {
    fn name(&self) -> &str {
        &self.name
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        let args: Vec<String> = args.iter().map(|a| a.schema_name().to_string()).collect();
        Ok(format!("{}[{}]({})", self.name, self.key, args.join(",")))
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arg_types: &[DataType]) -> Result<DataType> {
        Ok(self.returns.clone())
    }

    fn coerce_types(&self, arg_types: &[DataType]) -> Result<Vec<DataType>> {
        Ok(arg_types.to_vec())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let constant = !self.volatile
            && args
                .args
                .iter()
                .all(|a| matches!(a, ColumnarValue::Scalar(_)));
        let rows = if constant { 1 } else { args.number_rows };
        let columns = args
            .args
            .into_iter()
            .map(|a| {
                Ok(match a {
                    ColumnarValue::Array(array) => Argument {
                        array,
                        constant: false,
                    },
                    ColumnarValue::Scalar(s) => Argument {
                        array: s.to_array()?,
                        constant: true,
                    },
                })
            })
            .collect::<Result<Vec<_>>>()?;
        let out = self.run.run(&columns, rows)?;
        if out.data_type() != &self.returns || out.len() != rows {
            return Err(datafusion::common::DataFusionError::Internal(format!(
                "{} gave {} values of {} in place of {rows} of {}",
                self.name,
                out.len(),
                out.data_type(),
                self.returns
            )));
        }
        if constant {
            return Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&out, 0)?));
        }
        Ok(ColumnarValue::Array(out))
    }
}

/// A kernel of the catalog over arguments of known types.
struct KernelRun {
    kernel: Kernel,
    nulls: Nulls,
    types: Vec<Type>,
    returns: Type,
    span: Span,
    /// Whether it is asked once for each different text.
    once: bool,
}

impl Run for KernelRun {
    fn run(&self, args: &[Argument], rows: usize) -> Result<ArrayRef> {
        let columns: Vec<Column> = args
            .iter()
            .zip(&self.types)
            .map(|(a, ty)| Column {
                array: Arc::clone(&a.array),
                constant: a.constant,
                ty: *ty,
            })
            .collect();
        let args = Args {
            columns: &columns,
            rows,
            returns: self.returns,
        };
        let repeats = self.once.then(|| Repeats::of(&args)).flatten();
        let out = match repeats {
            Some(r) => catalog::call(self.kernel, self.nulls, &r.args(self.returns))
                .and_then(|results| r.spread(&results)),
            None => catalog::call(self.kernel, self.nulls, &args),
        };
        out.map_err(|e| RunError::wrap(e.0, self.span))
    }
}

/// A kernel of the catalog as a function. Two calls at different places are equal functions.
pub(crate) fn kernel(
    spec: &FunctionSpec,
    kernel: Kernel,
    types: Vec<Type>,
    returns: Type,
    span: Span,
) -> Udf {
    let names: Vec<&str> = types.iter().map(|t| t.name()).collect();
    let volatile = spec.volatility == kql_types::Volatility::Volatile;
    let udf = Udf::pure(
        spec.name,
        format!("{}->{}", names.join(","), returns.name()),
        arrow_type(returns),
        Arc::new(KernelRun {
            kernel,
            nulls: spec.nulls,
            types,
            returns,
            span,
            once: !volatile && catalog::is_dear(spec, returns),
        }),
    );
    if volatile { udf.volatile() } else { udf }
}
