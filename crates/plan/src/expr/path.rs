//! Paths into dynamic values: over our bytes, and over JSON text without making a value of what is stepped over.

use crate::error::Result;
use crate::expr::udf::{Argument, Run, Udf};
use crate::expr::{Typed, stored};
use crate::form::Form;
use crate::lower::{Columns, Lowering};
use arrow::array::{Array, ArrayRef, AsArray, BinaryViewBuilder};
use arrow::datatypes::{DataType, Int32Type, Int64Type};
use datafusion::common::Result as DfResult;
use datafusion::prelude::Expr;
use kql_bind::plan::{Expr as BoundExpr, PathStep};
use kql_types::dynamic::DynWriter;
use kql_types::dynamic::json::{Step as JsonStep, json_path};
use kql_types::{DynRef, Type};
use std::sync::Arc;

/// One step when it runs.
#[derive(Debug, Clone)]
enum Step {
    Key(String),
    Index(i64),
    /// An argument (its place) of this type.
    Computed(usize, Type),
}

impl Lowering<'_> {
    /// `base.a[0][expr]`.
    pub(crate) fn path(
        &mut self,
        base: &BoundExpr,
        steps: &[PathStep],
        columns: &Columns,
    ) -> Result<Typed> {
        // A path over a path is one path.
        if let kql_bind::plan::ExprKind::Path {
            base: inner,
            steps: first,
        } = &base.kind
        {
            let all: Vec<PathStep> = first.iter().chain(steps).cloned().collect();
            return self.path(inner, &all, columns);
        }
        let value = self.any(base, columns)?;
        let mut args = Vec::new();
        let mut made = Vec::new();
        for step in steps {
            made.push(match step {
                PathStep::Key(k) => Step::Key(k.clone()),
                PathStep::Index(i) => Step::Index(*i),
                PathStep::Computed(e) => match e.as_literal() {
                    Some(kql_types::Value::String(k)) => Step::Key(k.clone()),
                    Some(v) if v.as_long().is_some() => Step::Index(v.as_long().unwrap_or(0)),
                    _ => {
                        args.push(self.value(e, columns)?);
                        Step::Computed(args.len(), e.ty)
                    }
                },
            });
        }
        let constant = args.is_empty();
        let key = format!("{made:?}");
        let (name, first, run): (&str, Expr, Arc<dyn Run>) = match value.form {
            Form::Json if constant => ("json_get", value.expr, Arc::new(JsonPath(made))),
            form => (
                "get",
                stored::canonical(value.expr, &form, value.ty),
                Arc::new(DynPath(made)),
            ),
        };
        let mut all = vec![first];
        all.append(&mut args);
        Ok(Typed {
            expr: Udf::pure(name, key, DataType::BinaryView, run).call(all),
            form: Form::Canonical,
            ty: Type::Dynamic,
        })
    }
}

struct JsonPath(Vec<Step>);

impl Run for JsonPath {
    fn run(&self, args: &[Argument], rows: usize) -> DfResult<ArrayRef> {
        let steps: Vec<JsonStep<'_>> = self
            .0
            .iter()
            .map(|s| match s {
                Step::Key(k) => JsonStep::Key(k),
                Step::Index(i) => JsonStep::Index(*i),
                Step::Computed(..) => JsonStep::Index(i64::MAX),
            })
            .collect();
        let mut b = BinaryViewBuilder::with_capacity(rows);
        let Some(texts) = args.first().and_then(|a| a.array.as_string_view_opt()) else {
            return missing("JSON text");
        };
        let constant = args.first().is_some_and(|a| a.constant);
        let mut w = DynWriter::new();
        for row in 0..rows {
            let i = if constant { 0 } else { row };
            w.clear();
            if texts.is_valid(i) {
                json_path(texts.value(i), &steps, &mut w);
            }
            append(&mut b, &w.bytes);
        }
        Ok(Arc::new(b.finish()))
    }
}

struct DynPath(Vec<Step>);

impl Run for DynPath {
    fn run(&self, args: &[Argument], rows: usize) -> DfResult<ArrayRef> {
        let mut b = BinaryViewBuilder::with_capacity(rows);
        let Some(base) = args.first().and_then(|a| a.array.as_binary_view_opt()) else {
            return missing("a dynamic");
        };
        let constant = args.first().is_some_and(|a| a.constant);
        for row in 0..rows {
            let i = if constant { 0 } else { row };
            let mut at = if base.is_null(i) {
                DynRef::Null
            } else {
                DynRef::new(base.value(i))
            };
            for step in &self.0 {
                at = match step {
                    Step::Key(k) => at.get(k),
                    Step::Index(n) => at.at(*n),
                    Step::Computed(place, ty) => match args.get(*place) {
                        Some(arg) => computed(at, arg, *ty, row),
                        None => None,
                    },
                }
                .unwrap_or(DynRef::Null);
                if at.is_null() {
                    break;
                }
            }
            append(&mut b, &at.bytes());
        }
        Ok(Arc::new(b.finish()))
    }
}

/// The step that a value of the row names: a text a property, a number an element.
fn computed<'a>(at: DynRef<'a>, arg: &Argument, ty: Type, row: usize) -> Option<DynRef<'a>> {
    let i = if arg.constant { 0 } else { row };
    if arg.array.is_null(i) {
        return match ty {
            Type::String => at.get(""),
            _ => None,
        };
    }
    match ty {
        Type::String => at.get(arg.array.as_string_view_opt()?.value(i)),
        Type::Int => at.at(i64::from(
            arg.array.as_primitive_opt::<Int32Type>()?.value(i),
        )),
        Type::Long => at.at(arg.array.as_primitive_opt::<Int64Type>()?.value(i)),
        Type::Dynamic => match DynRef::new(arg.array.as_binary_view_opt()?.value(i)) {
            DynRef::String(k) => at.get(k),
            DynRef::Long(n) => at.at(n),
            _ => None,
        },
        _ => None,
    }
}

/// A dynamic null is an Arrow null.
pub(crate) fn append(b: &mut BinaryViewBuilder, bytes: &[u8]) {
    if bytes.is_empty() || bytes == [0] {
        b.append_null();
    } else {
        b.append_value(bytes);
    }
}

fn missing(what: &str) -> DfResult<ArrayRef> {
    Err(datafusion::common::DataFusionError::Internal(format!(
        "a path needs {what}"
    )))
}
