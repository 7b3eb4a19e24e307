//! `arg_max`, `arg_min`, `take_any`: aggregates that keep a row a group.
//!
//! A group holds a reference to its row (batch and index); the other columns are taken only at the end. Batches that no
//! group points into any more go away when they have become many.

use crate::agg::state::{One, keep};
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, StructArray, new_null_array};
use arrow::compute::{cast, interleave};
use arrow::datatypes::{DataType, Decimal128Type, Field, FieldRef, Fields, Float64Type, Int64Type};
use datafusion::common::{DataFusionError, Result};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::AggregateOrderSensitivity;
use datafusion::logical_expr::{
    Accumulator, AggregateUDFImpl, EmitTo, GroupsAccumulator, Signature, Volatility,
};
use std::cmp::Ordering;
use std::hash::Hash;
use std::sync::Arc;

/// Which row is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum RowsKind {
    /// The one with the greatest first argument.
    Max,
    /// The one with the least first argument.
    Min,
    /// The first one.
    First,
    /// The first one whose only argument is not null and not "".
    FirstValue,
}

/// An aggregate that gives a struct of its arguments' values.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct RowsCall {
    kind: RowsKind,
    types: Vec<DataType>,
    signature: Signature,
}

impl RowsCall {
    /// Over arguments of these types.
    pub(crate) fn new(kind: RowsKind, types: Vec<DataType>) -> Self {
        RowsCall {
            kind,
            types,
            signature: Signature::user_defined(Volatility::Immutable),
        }
    }

    fn fields(&self) -> Fields {
        fields(&self.types)
    }
}

fn fields(types: &[DataType]) -> Fields {
    types
        .iter()
        .enumerate()
        .map(|(i, t)| Field::new(format!("f{i}"), t.clone(), true))
        .collect()
}

impl AggregateUDFImpl for RowsCall {
    fn name(&self) -> &str {
        match self.kind {
            RowsKind::Max => "arg_max",
            RowsKind::Min => "arg_min",
            RowsKind::First | RowsKind::FirstValue => "take_any",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arg_types: &[DataType]) -> Result<DataType> {
        Ok(DataType::Struct(self.fields()))
    }

    fn coerce_types(&self, arg_types: &[DataType]) -> Result<Vec<DataType>> {
        Ok(arg_types.to_vec())
    }

    fn state_fields(&self, args: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        Ok(vec![Arc::new(Field::new(
            format!("{}[state]", args.name),
            DataType::Struct(self.fields()),
            true,
        ))])
    }

    fn accumulator(&self, _args: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        let mut groups = RowsGroups::new(self.kind, self.types.clone());
        groups.best.push(None);
        Ok(Box::new(One::new(groups)))
    }

    fn groups_accumulator_supported(&self, _args: AccumulatorArgs) -> bool {
        true
    }

    fn create_groups_accumulator(
        &self,
        _args: AccumulatorArgs,
    ) -> Result<Box<dyn GroupsAccumulator>> {
        Ok(Box::new(RowsGroups::new(self.kind, self.types.clone())))
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::Insensitive
    }
}

/// A row of a kept batch.
#[derive(Debug, Clone, Copy)]
struct Place {
    batch: usize,
    row: usize,
    /// Its key as a number that sorts alike; unused for other keys.
    key: i64,
    /// Whether it stands only until a row with a key comes.
    null: bool,
}

struct RowsGroups {
    kind: RowsKind,
    types: Vec<DataType>,
    batches: Vec<Vec<ArrayRef>>,
    best: Vec<Option<Place>>,
    rows: usize,
    bytes: usize,
}

/// Rows of batches that are kept although no group needs them, besides as many as there are groups.
const SLACK: usize = 32 * 1024;

/// The keys of a batch.
enum Keys {
    /// Every row is as good.
    None,
    /// Numbers (reals as their bits, in order).
    Numbers(Vec<i64>),
    /// Compared where they stand.
    Others,
}

fn keys(kind: RowsKind, array: &ArrayRef) -> Result<Keys> {
    if matches!(kind, RowsKind::First | RowsKind::FirstValue) {
        return Ok(Keys::None);
    }
    Ok(match array.data_type() {
        DataType::Float64 => Keys::Numbers(
            array
                .as_primitive::<Float64Type>()
                .values()
                .iter()
                .map(|x| {
                    // A NaN wins either way.
                    if x.is_nan() {
                        return if kind == RowsKind::Max {
                            i64::MAX
                        } else {
                            i64::MIN
                        };
                    }
                    let bits = (x + 0.0).to_bits().cast_signed();
                    bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed()
                })
                .collect(),
        ),
        DataType::Boolean
        | DataType::Int32
        | DataType::Int64
        | DataType::Timestamp(..)
        | DataType::Date32 => {
            let n = cast(array, &DataType::Int64)?;
            Keys::Numbers(n.as_primitive::<Int64Type>().values().to_vec())
        }
        DataType::Utf8View | DataType::Decimal128(..) | DataType::FixedSizeBinary(_) => {
            Keys::Others
        }
        other => {
            return Err(DataFusionError::Internal(format!(
                "a key of type {other} has no order"
            )));
        }
    })
}

fn compare(a: &ArrayRef, i: usize, b: &ArrayRef, j: usize) -> Ordering {
    match a.data_type() {
        DataType::Utf8View => a.as_string_view().value(i).cmp(b.as_string_view().value(j)),
        DataType::Decimal128(..) => a
            .as_primitive::<Decimal128Type>()
            .value(i)
            .cmp(&b.as_primitive::<Decimal128Type>().value(j)),
        DataType::FixedSizeBinary(_) => a
            .as_fixed_size_binary()
            .value(i)
            .cmp(b.as_fixed_size_binary().value(j)),
        _ => Ordering::Equal,
    }
}

impl RowsGroups {
    fn new(kind: RowsKind, types: Vec<DataType>) -> Self {
        RowsGroups {
            kind,
            types,
            batches: Vec::new(),
            best: Vec::new(),
            rows: 0,
            bytes: 0,
        }
    }

    /// Whether a row of the batch beats what the group has.
    fn beats(&self, have: &Place, keys: &Keys, first: &ArrayRef, row: usize, batch: usize) -> bool {
        match keys {
            Keys::None => false,
            Keys::Numbers(n) => {
                let key = n.get(row).copied().unwrap_or_default();
                match self.kind {
                    RowsKind::Max => key > have.key,
                    _ => key < have.key,
                }
            }
            Keys::Others => {
                let other = if have.batch == batch {
                    Some(first)
                } else {
                    self.batches.get(have.batch).and_then(|b| b.first())
                };
                let order = other.map_or(Ordering::Equal, |o| compare(first, row, o, have.row));
                match self.kind {
                    RowsKind::Max => order == Ordering::Greater,
                    _ => order == Ordering::Less,
                }
            }
        }
    }

    fn add(
        &mut self,
        values: &[ArrayRef],
        groups: &[usize],
        skip: Option<&arrow::buffer::NullBuffer>,
        total: usize,
    ) -> Result<()> {
        if self.best.len() < total {
            self.best.resize(total, None);
        }
        let Some(first) = values.first() else {
            return Ok(());
        };
        let keys = keys(self.kind, first)?;
        let batch = self.batches.len();
        let mut used = false;
        let empty_is_null =
            matches!(self.kind, RowsKind::FirstValue) && first.data_type() == &DataType::Utf8View;
        for (row, group) in groups.iter().enumerate() {
            if skip.is_some_and(|s| s.is_null(row)) {
                continue;
            }
            let null = self.kind != RowsKind::First
                && (first.is_null(row)
                    || (empty_is_null && first.as_string_view().value(row).is_empty()));
            let better = match self.best.get(*group) {
                Some(None) => true,
                Some(Some(have)) => {
                    !null && (have.null || self.beats(have, &keys, first, row, batch))
                }
                None => false,
            };
            if better && let Some(place) = self.best.get_mut(*group) {
                used = true;
                *place = Some(Place {
                    batch,
                    row,
                    key: match &keys {
                        Keys::Numbers(n) => n.get(row).copied().unwrap_or_default(),
                        _ => 0,
                    },
                    null,
                });
            }
        }
        if used {
            self.rows += first.len();
            self.bytes += values
                .iter()
                .map(|v| v.get_array_memory_size())
                .sum::<usize>();
            self.batches.push(values.to_vec());
            if self.rows > 2 * self.best.len() + SLACK {
                self.compact()?;
            }
        }
        Ok(())
    }

    /// The rows of the first `n` groups; a group without a row gives nulls.
    fn gather(&self, n: usize) -> Result<Vec<ArrayRef>> {
        let places: Vec<(usize, usize)> = self
            .best
            .iter()
            .take(n)
            .map(|p| p.map_or((0, 0), |p| (p.batch + 1, p.row)))
            .collect();
        self.types
            .iter()
            .enumerate()
            .map(|(i, ty)| {
                let null = new_null_array(ty, 1);
                let arrays: Vec<&dyn Array> = std::iter::once(null.as_ref())
                    .chain(
                        self.batches
                            .iter()
                            .filter_map(|b| b.get(i))
                            .map(AsRef::as_ref),
                    )
                    .collect();
                let out = interleave(&arrays, &places)?;
                // Views would hold on to every batch that they came from.
                Ok(match out.data_type() {
                    DataType::Utf8View => Arc::new(out.as_string_view().gc()) as ArrayRef,
                    DataType::BinaryView => Arc::new(out.as_binary_view().gc()),
                    _ => out,
                })
            })
            .collect()
    }

    fn compact(&mut self) -> Result<()> {
        let all = self.gather(self.best.len())?;
        for (row, place) in self.best.iter_mut().enumerate() {
            if let Some(p) = place {
                p.batch = 0;
                p.row = row;
            }
        }
        self.rows = self.best.len();
        self.bytes = all.iter().map(|v| v.get_array_memory_size()).sum();
        self.batches = vec![all];
        Ok(())
    }

    fn take(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let n = match emit_to {
            EmitTo::All => self.best.len(),
            EmitTo::First(n) => n.min(self.best.len()),
        };
        let columns = self.gather(n)?;
        let nulls = self.best.iter().take(n).map(Option::is_some).collect();
        let rest = self.best.split_off(n);
        self.best = rest;
        if self.best.is_empty() {
            self.batches.clear();
            self.rows = 0;
            self.bytes = 0;
        } else {
            self.compact()?;
        }
        Ok(Arc::new(StructArray::try_new_with_length(
            fields(&self.types),
            columns,
            Some(nulls),
            n,
        )?))
    }
}

impl GroupsAccumulator for RowsGroups {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        opt_filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        match keep(values, group_indices, opt_filter)? {
            Some((v, g)) => self.add(&v, &g, None, total_num_groups),
            None => self.add(values, group_indices, None, total_num_groups),
        }
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        self.take(emit_to)
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        Ok(vec![self.take(emit_to)?])
    }

    fn merge_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        total_num_groups: usize,
    ) -> Result<()> {
        let Some(rows) = values.first().and_then(|v| v.as_struct_opt()) else {
            return Err(DataFusionError::Internal(
                "a state that is no row".to_owned(),
            ));
        };
        self.add(
            rows.columns(),
            group_indices,
            rows.nulls(),
            total_num_groups,
        )
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        opt_filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        let rows = values.first().map_or(0, |v| v.len());
        let nulls = opt_filter.map(|f| {
            (0..f.len())
                .map(|i| f.is_valid(i) && f.value(i))
                .collect::<arrow::buffer::NullBuffer>()
        });
        Ok(vec![Arc::new(StructArray::try_new_with_length(
            fields(&self.types),
            values.to_vec(),
            nulls,
            rows,
        )?)])
    }

    fn size(&self) -> usize {
        self.bytes + self.best.capacity() * size_of::<Option<Place>>()
    }
}
