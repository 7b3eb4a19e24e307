//! Membership in a set that was computed before the query.

use crate::expr::texts::Texts;
use crate::expr::udf::{Argument, Run, Udf};
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use arrow::buffer::BooleanBuffer;
use arrow::datatypes::{DataType, Decimal128Type, Float64Type, Int32Type, Int64Type};
use datafusion::common::{DataFusionError, HashSet, Result};
use datafusion::prelude::Expr;
use kql_functions::memo::ViewMemo;
use kql_types::{DynRef, Type};
use std::sync::{Arc, OnceLock};

/// The values of one type; nulls are no members.
#[derive(Debug)]
pub struct ValueSet {
    ty: Type,
    items: Items,
    /// The texts in lower case, for `in~`; made when it is first wanted.
    lower: OnceLock<Texts>,
}

#[derive(Debug)]
enum Items {
    Texts(Texts),
    Longs(HashSet<i64>),
    Decimals(HashSet<i128>),
    Bytes(HashSet<Box<[u8]>>),
    Bools([bool; 2]),
}

fn real_bits(x: f64) -> i64 {
    (x + 0.0).to_bits().cast_signed()
}

impl ValueSet {
    /// An empty set of a type.
    pub fn new(ty: Type) -> Self {
        ValueSet {
            ty,
            items: match ty {
                Type::String => Items::Texts(Texts::default()),
                Type::Decimal => Items::Decimals(HashSet::default()),
                Type::Guid | Type::Dynamic => Items::Bytes(HashSet::default()),
                Type::Bool => Items::Bools([false; 2]),
                Type::Int | Type::Long | Type::Real | Type::DateTime | Type::TimeSpan => {
                    Items::Longs(HashSet::default())
                }
            },
            lower: OnceLock::new(),
        }
    }

    /// The type of the members.
    pub fn ty(&self) -> Type {
        self.ty
    }

    /// Adds a canonical array. An array inside a dynamic stands for its elements. Gives the bytes that were added.
    ///
    /// # Errors
    /// The array is of another type (our fault).
    pub fn add(&mut self, array: &ArrayRef) -> Result<usize> {
        let ty = self.ty;
        let mut bytes = 0usize;
        match &mut self.items {
            Items::Texts(set) => {
                let a = array.as_string_view_opt().ok_or_else(|| wrong(ty))?;
                let mut seen = ViewMemo::default();
                for (i, view) in a.views().iter().enumerate() {
                    let mut put = |text: &str| {
                        if set.insert(text) {
                            bytes += text.len() + 24;
                        }
                    };
                    match a.is_valid(i) {
                        true => seen.get(*view, || put(a.value(i))),
                        false => put(""),
                    }
                }
            }
            Items::Longs(set) => {
                let mut put = |v: Option<i64>| {
                    if let Some(v) = v
                        && set.insert(v)
                    {
                        bytes += 16;
                    }
                };
                match ty {
                    Type::Int => array
                        .as_primitive_opt::<Int32Type>()
                        .ok_or_else(|| wrong(ty))?
                        .iter()
                        .for_each(|v| put(v.map(i64::from))),
                    Type::Real => array
                        .as_primitive_opt::<Float64Type>()
                        .ok_or_else(|| wrong(ty))?
                        .iter()
                        .for_each(|v| put(v.filter(|x| !x.is_nan()).map(real_bits))),
                    _ => array
                        .as_primitive_opt::<Int64Type>()
                        .ok_or_else(|| wrong(ty))?
                        .iter()
                        .for_each(&mut put),
                }
            }
            Items::Decimals(set) => {
                for v in array
                    .as_primitive_opt::<Decimal128Type>()
                    .ok_or_else(|| wrong(ty))?
                    .iter()
                    .flatten()
                {
                    if set.insert(v) {
                        bytes += 32;
                    }
                }
            }
            Items::Bytes(set) if ty == Type::Guid => {
                let a = array.as_fixed_size_binary_opt().ok_or_else(|| wrong(ty))?;
                for v in a.iter().flatten() {
                    if set.insert(v.into()) {
                        bytes += 40;
                    }
                }
            }
            Items::Bytes(set) => {
                let a = array.as_binary_view_opt().ok_or_else(|| wrong(ty))?;
                for v in a.iter().flatten() {
                    if let DynRef::Array(items) = DynRef::new(v) {
                        for item in items.raw() {
                            bytes += item.len() + 24;
                            set.insert(item.into());
                        }
                    } else {
                        bytes += v.len() + 24;
                        set.insert(v.into());
                    }
                }
            }
            Items::Bools(seen) => {
                let a = array.as_boolean_opt().ok_or_else(|| wrong(ty))?;
                for v in a.iter().flatten() {
                    if let Some(place) = seen.get_mut(usize::from(v)) {
                        *place = true;
                    }
                }
            }
        }
        Ok(bytes)
    }

    /// How many members.
    pub fn len(&self) -> usize {
        match &self.items {
            Items::Texts(s) => s.len(),
            Items::Longs(s) => s.len(),
            Items::Decimals(s) => s.len(),
            Items::Bytes(s) => s.len(),
            Items::Bools(b) => b.iter().filter(|b| **b).count(),
        }
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn lowered(&self) -> &Texts {
        self.lower.get_or_init(|| match &self.items {
            Items::Texts(set) => set.iter().map(str::to_lowercase).collect(),
            _ => Texts::default(),
        })
    }

    /// For each value whether it is a member.
    fn contains(&self, array: &ArrayRef, ignore_case: bool) -> Result<BooleanBuffer> {
        let n = array.len();
        let wrong = || wrong(self.ty);
        Ok(match &self.items {
            Items::Texts(set) => {
                let a = array.as_string_view_opt().ok_or_else(wrong)?;
                let test: Box<dyn Fn(&str) -> bool> = if ignore_case {
                    let lower = self.lowered();
                    Box::new(move |s: &str| {
                        if s.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
                            lower.contains(s)
                        } else {
                            lower.contains(s.to_lowercase().as_str())
                        }
                    })
                } else {
                    Box::new(move |s: &str| set.contains(s))
                };
                let mut last: Option<(u128, bool)> = None;
                BooleanBuffer::collect_bool(n, |i| {
                    if a.is_null(i) {
                        return test("");
                    }
                    let view = a.views().get(i).copied().unwrap_or_default();
                    match last {
                        Some((v, known)) if v == view => known,
                        _ => {
                            let known = test(a.value(i));
                            last = Some((view, known));
                            known
                        }
                    }
                })
            }
            Items::Longs(set) => match self.ty {
                Type::Int => {
                    let a = array.as_primitive_opt::<Int32Type>().ok_or_else(wrong)?;
                    BooleanBuffer::collect_bool(n, |i| {
                        a.is_valid(i) && set.contains(&i64::from(a.value(i)))
                    })
                }
                Type::Real => {
                    let a = array.as_primitive_opt::<Float64Type>().ok_or_else(wrong)?;
                    BooleanBuffer::collect_bool(n, |i| {
                        a.is_valid(i) && set.contains(&real_bits(a.value(i)))
                    })
                }
                _ => {
                    let a = array.as_primitive_opt::<Int64Type>().ok_or_else(wrong)?;
                    BooleanBuffer::collect_bool(n, |i| a.is_valid(i) && set.contains(&a.value(i)))
                }
            },
            Items::Decimals(set) => {
                let a = array
                    .as_primitive_opt::<Decimal128Type>()
                    .ok_or_else(wrong)?;
                BooleanBuffer::collect_bool(n, |i| a.is_valid(i) && set.contains(&a.value(i)))
            }
            Items::Bytes(set) if self.ty == Type::Guid => {
                let a = array.as_fixed_size_binary_opt().ok_or_else(wrong)?;
                BooleanBuffer::collect_bool(n, |i| a.is_valid(i) && set.contains(a.value(i)))
            }
            Items::Bytes(set) => {
                let a = array.as_binary_view_opt().ok_or_else(wrong)?;
                BooleanBuffer::collect_bool(n, |i| a.is_valid(i) && set.contains(a.value(i)))
            }
            Items::Bools(seen) => {
                let a = array.as_boolean_opt().ok_or_else(wrong)?;
                BooleanBuffer::collect_bool(n, |i| {
                    a.is_valid(i) && seen.get(usize::from(a.value(i))).copied().unwrap_or(false)
                })
            }
        })
    }
}

fn wrong(ty: Type) -> DataFusionError {
    DataFusionError::Internal(format!("a set of {ty} is given something else"))
}

struct InSet {
    set: Arc<ValueSet>,
    ignore_case: bool,
    negated: bool,
}

impl Run for InSet {
    fn run(&self, args: &[Argument], rows: usize) -> Result<ArrayRef> {
        let Some(arg) = args.first() else {
            return Err(wrong(self.set.ty));
        };
        let found = self.set.contains(&arg.array, self.ignore_case)?;
        let found = if self.negated { !&found } else { found };
        let found = if found.len() == rows {
            found
        } else {
            let one = !found.is_empty() && found.value(0);
            BooleanBuffer::collect_bool(rows, |_| one)
        };
        Ok(Arc::new(BooleanArray::new(found, None)))
    }
}

/// `value in (set)`: true or false, never null. `id` tells the sets of one query apart.
pub(crate) fn in_set(
    value: Expr,
    set: Arc<ValueSet>,
    id: u32,
    ignore_case: bool,
    negated: bool,
) -> Expr {
    Udf::pure(
        "in_set",
        format!("{id},{ignore_case},{negated}"),
        DataType::Boolean,
        Arc::new(InSet {
            set,
            ignore_case,
            negated,
        }),
    )
    .call(vec![value])
}
