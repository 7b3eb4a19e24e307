//! Functions by name, and constants folded by their kernels.

use crate::adapter::{Args, Column, array_of};
use crate::spec::{AggregateSpec, FunctionSpec, Kernel, Lower, Result};
use arrow::array::{Array, ArrayRef, BooleanArray};
use arrow::buffer::NullBuffer;
use arrow::compute::kernels::nullif::nullif;
use kql_types::{FunctionCatalog, FunctionFacts, FunctionKind, Nulls, Type, Value, Volatility};
use std::collections::HashMap;
use std::sync::OnceLock;

/// Every function of this crate. It is empty of state: one is as good as another.
#[derive(Debug, Clone, Copy, Default)]
pub struct Catalog;

/// Families with their functions.
const SCALARS: &[(&str, &[&FunctionSpec])] = &[
    ("conditions", crate::conditions::ALL),
    ("conversions", crate::conversions::ALL),
    ("datetime", crate::datetime::ALL),
    ("dynamics", crate::dynamics::ALL),
    ("environment", crate::environment::ALL),
    ("geo", crate::geo::ALL),
    ("hashes", crate::hashes::ALL),
    ("ipv4", crate::ipv4::ALL),
    ("math", crate::math::ALL),
    ("operators", crate::operators::ALL),
    ("parsing", crate::parsing::ALL),
    ("regexes", crate::regexes::ALL),
    ("series", crate::series::ALL),
    ("statistics", crate::statistics::ALL),
    ("strings", crate::strings::ALL),
    ("windows", crate::windows::ALL),
];

/// Every scalar function and operator, sorted by family and file.
pub fn scalars() -> impl Iterator<Item = &'static FunctionSpec> {
    SCALARS
        .iter()
        .flat_map(|(_, family)| family.iter().copied())
}

/// The families of scalar functions and operators, with their functions.
pub fn families() -> impl Iterator<Item = (&'static str, &'static [&'static FunctionSpec])> {
    SCALARS.iter().copied()
}

/// Every aggregate.
pub fn aggregates() -> impl Iterator<Item = &'static AggregateSpec> {
    crate::aggregates::AGGREGATES.iter().copied()
}

/// A scalar function or operator by name.
pub fn find(name: &str) -> Option<&'static FunctionSpec> {
    static MAP: OnceLock<HashMap<&'static str, &'static FunctionSpec>> = OnceLock::new();
    MAP.get_or_init(|| scalars().map(|s| (s.name, s)).collect())
        .get(name)
        .copied()
}

/// An aggregate by name.
pub fn find_aggregate(name: &str) -> Option<&'static AggregateSpec> {
    static MAP: OnceLock<HashMap<&'static str, &'static AggregateSpec>> = OnceLock::new();
    MAP.get_or_init(|| aggregates().map(|s| (s.name, s)).collect())
        .get(name)
        .copied()
}

/// Whether a call takes longer than to see whether its text was there before. Tests of a text mostly do not: they look at a
/// few bytes, or remember for themselves.
pub fn is_dear(spec: &FunctionSpec, returns: Type) -> bool {
    returns != Type::Bool || crate::ipv4::ALL.iter().any(|s| s.name == spec.name)
}

/// Runs a kernel under its rule of nulls.
///
/// # Errors
/// What the kernel says.
pub fn call(kernel: Kernel, nulls: Nulls, args: &Args<'_>) -> Result<ArrayRef> {
    let out = kernel(args)?;
    if nulls == Nulls::Seen {
        return Ok(out);
    }
    let mut mask: Option<NullBuffer> = None;
    for column in args
        .columns
        .iter()
        .filter(|c| c.ty != Type::String && c.array.null_count() > 0)
    {
        let one = if column.constant && args.rows != column.array.len() {
            Some(NullBuffer::new_null(args.rows))
        } else {
            column.array.logical_nulls()
        };
        mask = NullBuffer::union(mask.as_ref(), one.as_ref());
    }
    match mask {
        None => Ok(out),
        // A string is never null: where an argument was, the text is "".
        Some(mask) if args.returns == Type::String => {
            let empty = crate::adapter::array_of(&Value::String(String::new()));
            let keep = BooleanArray::new(mask.into_inner(), None);
            Ok(arrow::compute::kernels::zip::zip(
                &keep,
                &out,
                &arrow::array::Scalar::new(empty),
            )?)
        }
        Some(mask) => {
            let drop = BooleanArray::new(!mask.inner(), None);
            Ok(nullif(&out, &drop)?)
        }
    }
}

impl FunctionCatalog for Catalog {
    fn scalar(&self, name: &str) -> Option<FunctionFacts> {
        find(name).map(FunctionSpec::facts)
    }

    fn aggregate(&self, name: &str) -> Option<FunctionFacts> {
        find_aggregate(name).map(AggregateSpec::facts)
    }

    fn plugin(&self, _name: &str) -> Option<FunctionFacts> {
        None
    }

    fn fold(&self, name: &str, arguments: &[Value], result: Type) -> Result<Option<Value>, String> {
        let Some(spec) = find(name) else {
            return Ok(None);
        };
        let Lower::Kernel(kernel) = spec.lower else {
            return Ok(None);
        };
        if spec.volatility != Volatility::Immutable {
            return Ok(None);
        }
        let columns: Vec<Column> = arguments
            .iter()
            .map(|v| Column {
                array: array_of(v),
                constant: true,
                ty: v.ty(),
            })
            .collect();
        let out = call(
            kernel,
            spec.nulls,
            &Args {
                columns: &columns,
                rows: 1,
                returns: result,
            },
        )
        .map_err(|e| e.0)?;
        let column = Column {
            array: out,
            constant: true,
            ty: result,
        };
        Ok(Some(column.any().map_err(|e| e.0)?.to_value(0)))
    }

    fn names(&self, kind: FunctionKind) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = match kind {
            FunctionKind::Scalar => scalars().map(|s| s.name).collect(),
            FunctionKind::Aggregate => aggregates().map(|s| s.name).collect(),
            FunctionKind::Window | FunctionKind::Plugin => Vec::new(),
        };
        names.sort_unstable();
        names
    }
}
