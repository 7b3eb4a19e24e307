//! Paths into dynamic values: over our bytes, and over JSON text without making a value of what is stepped over.

use crate::error::Result;
use crate::expr::udf::{Argument, Run, Udf};
use crate::expr::{Typed, stored};
use crate::form::Form;
use crate::lower::{Columns, Lowering};
use arrow::array::{Array, ArrayRef, AsArray, BinaryViewBuilder, UInt32Builder};
use arrow::datatypes::{DataType, Int32Type, Int64Type};
use datafusion::common::Result as DfResult;
use datafusion::prelude::Expr;
use kql_bind::plan::{Expr as BoundExpr, PathStep};
use kql_types::dynamic::BagRef;
use kql_types::dynamic::DynWriter;
use kql_types::dynamic::json::{Step as JsonStep, json_path};
use kql_types::{DynRef, Type};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
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
        if let (true, [Step::Computed(place, Type::String)]) = (constant, self.0.as_slice())
            && let Some(keys) = args.get(*place)
            && rows >= FEW
            && !base.is_null(0)
            && let DynRef::Bag(bag) = DynRef::new(base.value(0))
        {
            return looked_up(&bag, keys, rows);
        }
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

/// Fewer rows than this are not worth a table of a bag's properties.
const FEW: usize = 16;

/// The properties of one bag that the rows name: each row is a look into a table of them.
fn looked_up(bag: &BagRef<'_>, keys: &Argument, rows: usize) -> DfResult<ArrayRef> {
    let Some(texts) = keys.array.as_string_view_opt() else {
        return missing("a text");
    };
    let mut places: HashMap<&str, u32> = HashMap::with_capacity(bag.len());
    let mut values = BinaryViewBuilder::with_capacity(bag.len());
    for (key, _) in bag.raw() {
        let next = u32::try_from(places.len()).unwrap_or(u32::MAX);
        // Of two properties of one name the one that a path takes.
        if let Entry::Vacant(e) = places.entry(key) {
            e.insert(next);
            append(&mut values, bag.get_raw(key).unwrap_or_default());
        }
    }
    let mut last: (u128, Option<u32>) = (0, places.get("").copied());
    let mut chosen = UInt32Builder::with_capacity(rows);
    for row in 0..rows {
        let i = if keys.constant { 0 } else { row };
        // A short text is its view, so the row before often answers.
        let view = match texts.is_null(i) {
            true => 0,
            false => texts.views().get(i).copied().unwrap_or_default(),
        };
        if view != last.0 {
            last = (view, places.get(texts.value(i)).copied());
        }
        chosen.append_option(last.1);
    }
    Ok(arrow::compute::take(
        &values.finish(),
        &chosen.finish(),
        None,
    )?)
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
