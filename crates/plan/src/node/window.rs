//! Window functions over rows in order: `prev`, `next`, `row_number`, `row_cumsum`, ranks and sessions.

use crate::node::limit::with_columns;
use crate::node::{Operator, StepContext, Worker};
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Array, Int64Array, RecordBatch, UInt32Array,
    make_comparator, new_null_array,
};
use arrow::compute::{SortOptions, concat, concat_batches, take, take_record_batch};
use arrow::datatypes::{DataType, Decimal128Type, Float64Type, Int64Type, SchemaRef};
use arrow::row::{OwnedRow, RowConverter, SortField};
use datafusion::common::{DataFusionError, Result};
use datafusion::execution::memory_pool::MemoryReservation;
use std::collections::HashMap;
use std::sync::Arc;

/// One function. The numbers are places among the step's expressions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WindowFunction {
    /// The value so many rows before.
    Prev {
        value: usize,
        offset: usize,
        default: Option<usize>,
    },
    /// The value so many rows after.
    Next {
        value: usize,
        offset: usize,
        default: Option<usize>,
    },
    /// Counts from `start`.
    RowNumber { start: i64, restart: Option<usize> },
    /// Sums up.
    CumulativeSum {
        value: usize,
        restart: Option<usize>,
    },
    /// Counts changes of the value.
    DenseRank {
        value: usize,
        restart: Option<usize>,
    },
    /// The number of the first row with the same value.
    MinRank {
        value: usize,
        restart: Option<usize>,
    },
    /// The first time of the session.
    Session {
        value: usize,
        longest: i64,
        gap: i64,
        restart: Option<usize>,
    },
}

/// The input's columns and one for each function. The last `keys` expressions tell groups apart: each is a window of its
/// own, and the groups come out one after the other.
pub(crate) struct WindowRows {
    pub functions: Vec<WindowFunction>,
    pub keys: usize,
}

impl Operator for WindowRows {
    fn name(&self) -> &'static str {
        "Window"
    }

    fn parameters(&self) -> String {
        format!("{:?} keys={}", self.functions, self.keys)
    }

    fn whole(&self) -> bool {
        true
    }

    fn keeps_order(&self) -> bool {
        self.keys == 0
    }

    fn start(&self, cx: StepContext) -> Result<Box<dyn Worker>> {
        if self.keys > 0 {
            return Ok(Box::new(Grouped {
                schema: cx.schema,
                functions: self.functions.clone(),
                keys: self.keys,
                batches: Vec::new(),
                values: Vec::new(),
                memory: cx.memory,
            }));
        }
        Ok(Box::new(Windows::new(cx.schema, self.functions.clone())))
    }
}

/// The state of one function.
enum State {
    /// The last rows (`prev`).
    Tail(Option<ArrayRef>),
    /// Nothing (`next`).
    None,
    Number(i64),
    Sum(Sum),
    Rank {
        last: Option<ArrayRef>,
        rank: i64,
        row: i64,
    },
    Session {
        start: Option<i64>,
        last: Option<i64>,
    },
}

#[derive(Clone, Copy, Default)]
struct Sum {
    whole: i128,
    real: f64,
}

struct Windows {
    schema: SchemaRef,
    functions: Vec<WindowFunction>,
    states: Vec<State>,
    /// Rows that wait for rows after them.
    waiting: Option<(RecordBatch, Vec<ArrayRef>)>,
    ahead: usize,
}

impl Windows {
    fn new(schema: SchemaRef, functions: Vec<WindowFunction>) -> Self {
        let ahead = functions
            .iter()
            .map(|f| match f {
                WindowFunction::Next { offset, .. } => *offset,
                _ => 0,
            })
            .max()
            .unwrap_or(0);
        let states = functions
            .iter()
            .map(|f| match f {
                WindowFunction::Prev { .. } => State::Tail(None),
                WindowFunction::Next { .. } => State::None,
                WindowFunction::RowNumber { start, .. } => State::Number(*start),
                WindowFunction::CumulativeSum { .. } => State::Sum(Sum::default()),
                WindowFunction::DenseRank { .. } | WindowFunction::MinRank { .. } => State::Rank {
                    last: None,
                    rank: 0,
                    row: 0,
                },
                WindowFunction::Session { .. } => State::Session {
                    start: None,
                    last: None,
                },
            })
            .collect();
        Windows {
            schema,
            functions,
            states,
            waiting: None,
            ahead,
        }
    }

    /// The first `rows` rows of a batch, whose other rows are looked ahead to.
    fn emit(
        &mut self,
        batch: &RecordBatch,
        values: &[ArrayRef],
        rows: usize,
    ) -> Result<RecordBatch> {
        let mut more = Vec::with_capacity(self.functions.len());
        for (f, state) in self.functions.iter().zip(&mut self.states) {
            more.push(compute(f, state, values, rows)?);
        }
        with_columns(&self.schema, &batch.slice(0, rows), more)
    }
}

impl Worker for Windows {
    fn push(&mut self, batch: RecordBatch, values: Vec<ArrayRef>) -> Result<Vec<RecordBatch>> {
        let (batch, values) = match self.waiting.take() {
            None => (batch, values),
            Some((old, old_values)) => {
                let schema = batch.schema();
                let joined = concat_batches(&schema, [&old, &batch])?;
                let values = old_values
                    .iter()
                    .zip(&values)
                    .map(|(a, b)| Ok(concat(&[a.as_ref(), b.as_ref()])?))
                    .collect::<Result<Vec<_>>>()?;
                (joined, values)
            }
        };
        let rows = batch.num_rows().saturating_sub(self.ahead);
        let out = if rows > 0 {
            vec![self.emit(&batch, &values, rows)?]
        } else {
            Vec::new()
        };
        if self.ahead > 0 {
            let rest = batch.num_rows() - rows;
            self.waiting = Some((
                batch.slice(rows, rest),
                values.iter().map(|v| v.slice(rows, rest)).collect(),
            ));
        }
        Ok(out)
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>> {
        match self.waiting.take() {
            Some((batch, values)) if batch.num_rows() > 0 => {
                let rows = batch.num_rows();
                Ok(vec![self.emit(&batch, &values, rows)?])
            }
            _ => Ok(Vec::new()),
        }
    }
}

fn missing() -> DataFusionError {
    DataFusionError::Internal("a window function without its argument".to_owned())
}

fn at(values: &[ArrayRef], i: usize) -> Result<&ArrayRef> {
    values.get(i).ok_or_else(missing)
}

/// Whether each row starts anew.
fn restarts(values: &[ArrayRef], restart: Option<usize>) -> Result<Option<&BooleanArray>> {
    restart
        .map(|i| at(values, i)?.as_boolean_opt().ok_or_else(missing))
        .transpose()
}

fn is_true(a: Option<&BooleanArray>, row: usize) -> bool {
    a.is_some_and(|a| a.is_valid(row) && a.value(row))
}

/// `rows` copies of a default, which is constant.
fn defaults(
    values: &[ArrayRef],
    default: Option<usize>,
    like: &ArrayRef,
    rows: usize,
) -> Result<ArrayRef> {
    match default {
        None => Ok(new_null_array(like.data_type(), rows)),
        Some(i) => {
            let d = at(values, i)?;
            if d.is_empty() {
                return Ok(new_null_array(like.data_type(), rows));
            }
            Ok(take(d, &UInt32Array::from(vec![0; rows]), None)?)
        }
    }
}

/// A few values that hold no buffers of the batch that they are from.
fn alone(values: ArrayRef) -> ArrayRef {
    if let Some(texts) = values.as_string_view_opt() {
        return Arc::new(texts.gc());
    }
    match values.as_binary_view_opt() {
        Some(bytes) => Arc::new(bytes.gc()),
        None => values,
    }
}

fn compute(
    f: &WindowFunction,
    state: &mut State,
    values: &[ArrayRef],
    rows: usize,
) -> Result<ArrayRef> {
    match (f, state) {
        (
            WindowFunction::Prev {
                value,
                offset,
                default,
            },
            State::Tail(tail),
        ) => {
            let array = at(values, *value)?.slice(0, rows);
            let before = match tail.take() {
                Some(t) => t,
                None => defaults(values, *default, &array, *offset)?,
            };
            let all = concat(&[before.as_ref(), array.as_ref()])?;
            *tail = Some(alone(all.slice(rows, *offset)));
            Ok(all.slice(0, rows))
        }
        (
            WindowFunction::Next {
                value,
                offset,
                default,
            },
            _,
        ) => {
            let array = at(values, *value)?;
            let there = array.len().saturating_sub(*offset).min(rows);
            let after = array.slice(array.len().min(*offset), there);
            if there == rows {
                return Ok(after);
            }
            let rest = defaults(values, *default, array, rows - there)?;
            Ok(concat(&[after.as_ref(), rest.as_ref()])?)
        }
        (WindowFunction::RowNumber { start, restart }, State::Number(next)) => {
            let restart = restarts(values, *restart)?;
            let out: Int64Array = (0..rows)
                .map(|row| {
                    if is_true(restart, row) {
                        *next = *start;
                    }
                    let n = *next;
                    *next = next.wrapping_add(1);
                    Some(n)
                })
                .collect();
            Ok(Arc::new(out))
        }
        (WindowFunction::CumulativeSum { value, restart }, State::Sum(sum)) => {
            cumulative(at(values, *value)?, restarts(values, *restart)?, sum, rows)
        }
        (
            WindowFunction::DenseRank { value, restart }
            | WindowFunction::MinRank { value, restart },
            State::Rank { last, rank, row },
        ) => {
            let dense = matches!(f, WindowFunction::DenseRank { .. });
            let array = at(values, *value)?.slice(0, rows);
            let restart = restarts(values, *restart)?;
            // The value before the first row is compared like all others.
            let (all, shift) = match last {
                Some(l) => (concat(&[l.as_ref(), array.as_ref()])?, 1),
                None => (Arc::clone(&array), 0),
            };
            let same = make_comparator(&all, &all, SortOptions::default())?;
            let out: Int64Array = (0..rows)
                .map(|i| {
                    let first = i + shift == 0;
                    let again = is_true(restart, i);
                    if again {
                        *rank = 0;
                        *row = 0;
                    }
                    *row += 1;
                    if first || again || same(i + shift, i + shift - 1).is_ne() {
                        *rank = if dense { *rank + 1 } else { *row };
                    }
                    Some(*rank)
                })
                .collect();
            if rows > 0 {
                *last = Some(array.slice(rows - 1, 1));
            }
            Ok(Arc::new(out))
        }
        (
            WindowFunction::Session {
                value,
                longest,
                gap,
                restart,
            },
            State::Session { start, last },
        ) => {
            let array = at(values, *value)?;
            let times = array.as_primitive_opt::<Int64Type>().ok_or_else(missing)?;
            let restart = restarts(values, *restart)?;
            let out: Int64Array = (0..rows)
                .map(|row| {
                    let now = times.is_valid(row).then(|| times.value(row));
                    let fresh = match (now, *start, *last) {
                        (Some(now), Some(first), Some(before)) => {
                            is_true(restart, row)
                                || now.saturating_sub(first) >= *longest
                                || now.saturating_sub(before) >= *gap
                        }
                        _ => true,
                    };
                    if fresh {
                        *start = now;
                    }
                    *last = now;
                    *start
                })
                .collect();
            Ok(Arc::new(out))
        }
        _ => Err(missing()),
    }
}

fn cumulative(
    array: &ArrayRef,
    restart: Option<&BooleanArray>,
    sum: &mut Sum,
    rows: usize,
) -> Result<ArrayRef> {
    if array.data_type() == &DataType::Float64 {
        let a = array.as_primitive::<Float64Type>();
        let out: Float64Array = (0..rows)
            .map(|row| {
                if is_true(restart, row) {
                    sum.real = 0.0;
                }
                if a.is_valid(row) {
                    sum.real += a.value(row);
                }
                Some(sum.real)
            })
            .collect();
        return Ok(Arc::new(out));
    }
    if let Some(a) = array.as_primitive_opt::<Decimal128Type>() {
        let out: arrow::array::Decimal128Array = (0..rows)
            .map(|row| {
                if is_true(restart, row) {
                    sum.whole = 0;
                }
                if a.is_valid(row) {
                    sum.whole = sum.whole.wrapping_add(a.value(row));
                }
                Some(sum.whole)
            })
            .collect();
        return Ok(Arc::new(out.with_data_type(array.data_type().clone())));
    }
    let a = array.as_primitive_opt::<Int64Type>().ok_or_else(missing)?;
    let mut total = i64::try_from(sum.whole).unwrap_or(0);
    let out: Int64Array = (0..rows)
        .map(|row| {
            if is_true(restart, row) {
                total = 0;
            }
            if a.is_valid(row) {
                total = total.wrapping_add(a.value(row));
            }
            Some(total)
        })
        .collect();
    sum.whole = i128::from(total);
    Ok(Arc::new(out))
}

/// Windows of several groups: everything is collected, then each group in the order in which it came first.
struct Grouped {
    schema: SchemaRef,
    functions: Vec<WindowFunction>,
    keys: usize,
    batches: Vec<RecordBatch>,
    values: Vec<Vec<ArrayRef>>,
    memory: MemoryReservation,
}

impl Worker for Grouped {
    fn push(&mut self, batch: RecordBatch, values: Vec<ArrayRef>) -> Result<Vec<RecordBatch>> {
        self.memory.try_grow(batch.get_array_memory_size())?;
        self.batches.push(batch);
        self.values.push(values);
        Ok(Vec::new())
    }

    fn finish(&mut self) -> Result<Vec<RecordBatch>> {
        let Some(first) = self.batches.first() else {
            return Ok(Vec::new());
        };
        let batch = concat_batches(&first.schema(), &self.batches)?;
        let width = self.values.first().map_or(0, Vec::len);
        let values = (0..width)
            .map(|i| {
                let parts: Vec<&dyn Array> = self
                    .values
                    .iter()
                    .filter_map(|v| v.get(i))
                    .map(AsRef::as_ref)
                    .collect();
                Ok(concat(&parts)?)
            })
            .collect::<Result<Vec<ArrayRef>>>()?;
        let keys = values
            .get(width - self.keys.min(width)..)
            .unwrap_or_default();
        let converter = RowConverter::new(
            keys.iter()
                .map(|k| SortField::new(k.data_type().clone()))
                .collect(),
        )?;
        let rows = converter.convert_columns(keys)?;
        let mut order: HashMap<OwnedRow, usize> = HashMap::new();
        let mut groups: Vec<Vec<u32>> = Vec::new();
        for (i, row) in rows.iter().enumerate() {
            let next = groups.len();
            let group = *order.entry(row.owned()).or_insert(next);
            if group == next {
                groups.push(Vec::new());
            }
            if let Some(g) = groups.get_mut(group) {
                g.push(u32::try_from(i).unwrap_or(u32::MAX));
            }
        }
        let mut out = Vec::with_capacity(groups.len());
        for group in groups {
            let places = UInt32Array::from(group);
            let part = take_record_batch(&batch, &places)?;
            let part_values = values
                .iter()
                .map(|v| Ok(take(v, &places, None)?))
                .collect::<Result<Vec<_>>>()?;
            let mut windows = Windows::new(Arc::clone(&self.schema), self.functions.clone());
            out.extend(windows.push(part, part_values)?);
            out.extend(windows.finish()?);
        }
        self.batches.clear();
        self.values.clear();
        self.memory.free();
        Ok(out)
    }
}
