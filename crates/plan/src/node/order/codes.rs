//! Rows as numbers that sort as the rows do, and back.
//!
//! Each key takes as many bits as it has different values: a text its rank among the texts, a number its distance from
//! the least. The keys stand one after the other in one number, the row's place behind them where columns besides the
//! keys are needed. So equal keys keep their order, and the columns that are keys are read from the sorted numbers.

use crate::node::order::at_once::at_once;
use crate::node::order::intern::{Interner, NULL};
use crate::node::order::part::{KeyKind, KeyRows, Layout, Part, Place, numbered, unlike};
use crate::node::order::radix::{self, Code};
use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringViewArray};
use arrow::compute::{SortOptions, cast, concat, take};
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion::common::Result;
use std::sync::Arc;

/// How a key is written.
struct Field {
    kind: Shape,
    ty: DataType,
    options: SortOptions,
    /// The greatest distance of values.
    span: u128,
    /// Whether a null has a number.
    nulls: bool,
    bits: u32,
}

enum Shape {
    /// By partition and number: the rank.
    Text(Vec<Vec<u32>>),
    /// The least.
    Number(u64),
}

impl Field {
    /// The number of a value that is so far from the least one; none for null.
    fn part(&self, value: Option<u64>) -> u128 {
        let first = u128::from(self.nulls && self.options.nulls_first);
        match value {
            None if self.options.nulls_first => 0,
            None => self.span + 1,
            Some(v) if self.options.descending => self.span - u128::from(v) + first,
            Some(v) => u128::from(v) + first,
        }
    }

    /// The value of a number.
    fn value(&self, part: u128) -> Option<u64> {
        let first = u128::from(self.nulls && self.options.nulls_first);
        let v = match part.checked_sub(first) {
            Some(v) if v <= self.span => v,
            _ => return None,
        };
        let v = if self.options.descending {
            self.span - v
        } else {
            v
        };
        u64::try_from(v).ok()
    }
}

/// The plan of the numbers.
pub(super) struct Coding {
    fields: Vec<Field>,
    /// The texts of each key in order.
    texts: Vec<Option<StringViewArray>>,
    /// Bits of the row's place.
    place: u32,
    pub rows: usize,
    pub bits: u32,
}

/// The bits of a number.
fn bits_of(n: u128) -> u32 {
    u128::BITS - n.leading_zeros()
}

/// Calls for each number of an array with one from nought that sorts alike; with `None` for a null.
fn each_number(array: &ArrayRef, kind: KeyKind, mut f: impl FnMut(Option<u64>)) -> Result<()> {
    const HALF: u64 = 1 << 63;
    if kind == KeyKind::Real {
        let a = array.as_primitive_opt::<Float64Type>().ok_or_else(unlike)?;
        for v in a {
            f(v.map(|v| {
                let bits = v.to_bits();
                if bits & HALF == 0 { bits | HALF } else { !bits }
            }));
        }
        return Ok(());
    }
    let whole = match array.data_type() {
        DataType::Date32 => cast(&cast(array, &DataType::Int32)?, &DataType::Int64)?,
        _ => cast(array, &DataType::Int64)?,
    };
    let a = whole.as_primitive_opt::<Int64Type>().ok_or_else(unlike)?;
    if a.null_count() == 0 {
        a.values()
            .iter()
            .for_each(|v| f(Some(v.cast_unsigned() ^ HALF)));
    } else {
        a.iter()
            .for_each(|v| f(v.map(|v| v.cast_unsigned() ^ HALF)));
    }
    Ok(())
}

impl Coding {
    /// How the rows of all partitions are written; none where that takes more bits than there are.
    pub(super) fn new(
        layout: &Layout,
        options: &[SortOptions],
        parts: &mut [Part],
        threads: usize,
    ) -> Result<Option<Coding>> {
        let rows: usize = parts.iter().flat_map(|p| &p.chunks).map(|c| c.rows).sum();
        let place = if layout.own() > 0 {
            bits_of(u128::try_from(rows).unwrap_or(u128::MAX))
        } else {
            0
        };
        // First whether it can be at all: then nothing has been taken from the parts.
        let mut bits = place;
        let mut made = Vec::with_capacity(layout.kinds.len());
        for (k, (kind, options)) in layout.kinds.iter().zip(options).enumerate() {
            made.push(if *kind == KeyKind::Text {
                let texts = parts.iter().filter_map(|p| p.interners.get(k)?.as_ref());
                let most: usize = texts.map(Interner::len).sum();
                bits += bits_of(u128::try_from(most).unwrap_or(u128::MAX));
                None
            } else {
                let field = number_field(k, *kind, *options, parts)?;
                bits += field.bits;
                Some(field)
            });
        }
        if bits > u128::BITS || u32::try_from(rows).is_err() {
            return Ok(None);
        }
        let mut jobs = Vec::with_capacity(made.len());
        for (k, (field, options)) in made.into_iter().zip(options).enumerate() {
            jobs.push(match field {
                Some(field) => Err(field),
                None => Ok(TextKey::of(k, *options, parts)?),
            });
        }
        let made = at_once(threads, jobs, |job| match job {
            Ok(key) => key.field().map(|(field, sorted)| (field, Some(sorted))),
            Err(field) => Ok((field, None)),
        })?;
        let (fields, texts): (Vec<_>, Vec<_>) = made.into_iter().unzip();
        let bits = fields.iter().map(|f| f.bits).sum::<u32>() + place;
        Ok(Some(Coding {
            fields,
            texts,
            place,
            rows,
            bits,
        }))
    }

    /// The rows of all partitions in order as numbers, and their other columns.
    pub(super) fn write<C: Code>(
        &self,
        layout: &Layout,
        parts: Vec<Part>,
        threads: usize,
    ) -> Result<(Vec<C>, Vec<Vec<ArrayRef>>)> {
        let mut out = vec![C::narrow(0); self.rows];
        let mut jobs = Vec::with_capacity(parts.len());
        let mut rest = out.as_mut_slice();
        let mut first = 0usize;
        for (p, part) in parts.into_iter().enumerate() {
            let rows: usize = part.chunks.iter().map(|c| c.rows).sum();
            let (codes, after) = rest.split_at_mut_checked(rows).ok_or_else(unlike)?;
            jobs.push((p, part, first, codes));
            first += rows;
            rest = after;
        }
        let columns = at_once(threads, jobs, |(p, part, first, codes)| {
            self.write_part(layout, p, part, first, codes)
        })?;
        let mut own: Vec<Vec<ArrayRef>> = vec![Vec::new(); layout.own()];
        for columns in columns {
            for (all, column) in own.iter_mut().zip(columns) {
                all.extend(column);
            }
        }
        Ok((out, own))
    }

    /// The rows of one partition, of which the first has a place among all; gives their other columns.
    fn write_part<C: Code>(
        &self,
        layout: &Layout,
        partition: usize,
        part: Part,
        first: usize,
        mut out: &mut [C],
    ) -> Result<Vec<Vec<ArrayRef>>> {
        let mut own: Vec<Vec<ArrayRef>> = vec![Vec::new(); layout.own()];
        let mut row = u128::try_from(first).unwrap_or(0);
        let mut codes = Vec::new();
        for chunk in part.chunks {
            codes.clear();
            codes.resize(chunk.rows, 0u128);
            for ((field, key), kind) in self.fields.iter().zip(&chunk.keys).zip(&layout.kinds) {
                self.write_key(field, key, *kind, partition, &mut codes)?;
            }
            let (here, after) = out.split_at_mut_checked(chunk.rows).ok_or_else(unlike)?;
            for (to, code) in here.iter_mut().zip(&codes) {
                *to = C::narrow(if self.place > 0 {
                    row += 1;
                    (code << self.place) | (row - 1)
                } else {
                    *code
                });
            }
            out = after;
            for (all, column) in own.iter_mut().zip(chunk.own) {
                all.push(column);
            }
        }
        Ok(own)
    }

    fn write_key(
        &self,
        field: &Field,
        key: &KeyRows,
        kind: KeyKind,
        partition: usize,
        codes: &mut [u128],
    ) -> Result<()> {
        match (key, &field.kind) {
            (KeyRows::Texts(ids), Shape::Text(ranks)) => {
                let ranks = ranks.get(partition).ok_or_else(unlike)?;
                for (code, id) in codes.iter_mut().zip(ids) {
                    let rank = usize::try_from(*id).ok().and_then(|i| ranks.get(i));
                    *code = (*code << field.bits) | field.part(rank.map(|r| u64::from(*r)));
                }
            }
            (KeyRows::Numbers(a), Shape::Number(least)) => {
                let mut codes = codes.iter_mut();
                each_number(a, kind, |v| {
                    if let Some(code) = codes.next() {
                        *code = (*code << field.bits) | field.part(v.map(|v| v - least));
                    }
                })?;
            }
            _ => return Err(unlike()),
        }
        Ok(())
    }
}

/// A number's is its distance from the least.
fn number_field(k: usize, kind: KeyKind, options: SortOptions, parts: &[Part]) -> Result<Field> {
    let mut range: Option<(u64, u64)> = None;
    let mut nulls = false;
    let mut ty = DataType::Int64;
    for c in parts.iter().flat_map(|p| &p.chunks) {
        let Some(KeyRows::Numbers(a)) = c.keys.get(k) else {
            return Err(unlike());
        };
        ty = a.data_type().clone();
        nulls |= a.null_count() > 0;
        let (mut least, mut most) = range.unwrap_or((u64::MAX, u64::MIN));
        each_number(a, kind, |v| {
            if let Some(v) = v {
                least = least.min(v);
                most = most.max(v);
            }
        })?;
        if least <= most {
            range = Some((least, most));
        }
    }
    let (least, most) = range.unwrap_or((0, 0));
    let span = u128::from(most - least);
    Ok(Field {
        kind: Shape::Number(least),
        ty,
        options,
        span,
        nulls,
        bits: bits_of(span + u128::from(nulls)),
    })
}

/// A text's number is its rank: what is known of the key in each partition.
struct TextKey {
    options: SortOptions,
    nulls: bool,
    interners: Vec<Interner>,
}

impl TextKey {
    /// Takes the texts of a key out of the parts.
    fn of(k: usize, options: SortOptions, parts: &mut [Part]) -> Result<Self> {
        let nulls = parts
            .iter()
            .flat_map(|p| &p.chunks)
            .any(|c| match c.keys.get(k) {
                Some(KeyRows::Texts(ids)) => ids.contains(&NULL),
                _ => false,
            });
        let interners = parts
            .iter_mut()
            .map(|part| part.interners.get_mut(k).and_then(Option::take))
            .map(|own| own.ok_or_else(unlike))
            .collect::<Result<_>>()?;
        Ok(TextKey {
            options,
            nulls,
            interners,
        })
    }

    /// Its field, and all texts in order.
    fn field(self) -> Result<(Field, StringViewArray)> {
        let TextKey {
            options,
            nulls,
            interners,
        } = self;
        let mut all: Option<Interner> = None;
        let mut maps: Vec<Option<Vec<u32>>> = Vec::with_capacity(interners.len());
        for mut own in interners {
            match &mut all {
                None => {
                    maps.push(None);
                    all = Some(own);
                }
                Some(all) => maps.push(Some(all.intern(&own.values()))),
            }
        }
        let mut all = all.unwrap_or_else(Interner::new);
        let sorted = all.sorted();
        let mut ranks = vec![0u32; all.len()];
        for (rank, id) in (0u32..).zip(&sorted) {
            if let Some(r) = usize::try_from(*id).ok().and_then(|i| ranks.get_mut(i)) {
                *r = rank;
            }
        }
        let rank = |id: &u32| {
            usize::try_from(*id)
                .ok()
                .and_then(|i| ranks.get(i))
                .copied()
        };
        let by_part = maps
            .into_iter()
            .map(|map| match map {
                None => ranks.clone(),
                Some(map) => map.iter().map(|id| rank(id).unwrap_or(0)).collect(),
            })
            .collect();
        let values = numbered(&all.values(), &sorted)?;
        let values = values.as_string_view_opt().ok_or_else(unlike)?.clone();
        let span = u128::try_from(sorted.len().saturating_sub(1)).unwrap_or(0);
        let field = Field {
            kind: Shape::Text(by_part),
            ty: DataType::Utf8View,
            options,
            span,
            nulls,
            bits: bits_of(span + u128::from(nulls)),
        };
        Ok((field, values))
    }
}

/// Sorted rows, from which batches are read.
pub(super) struct Sorted<C> {
    codes: Vec<C>,
    coding: Coding,
    own: Vec<ArrayRef>,
    at: usize,
}

impl<C: Code> Sorted<C> {
    /// Sorts.
    pub(super) fn new(
        layout: &Layout,
        coding: Coding,
        parts: Vec<Part>,
        threads: usize,
    ) -> Result<Self> {
        let (mut codes, columns) = coding.write::<C>(layout, parts, threads)?;
        let mut own = Vec::with_capacity(columns.len());
        for parts in columns {
            let parts: Vec<&dyn Array> = parts.iter().map(AsRef::as_ref).collect();
            own.push(concat(&parts)?);
        }
        radix::sort(&mut codes, coding.bits, threads)?;
        let mut coding = coding;
        for field in &mut coding.fields {
            if let Shape::Text(ranks) = &mut field.kind {
                ranks.clear();
            }
        }
        Ok(Sorted {
            codes,
            coding,
            own,
            at: 0,
        })
    }

    /// The next rows.
    pub(super) fn next(&mut self, layout: &Layout, rows: usize) -> Result<Option<RecordBatch>> {
        let end = self.codes.len().min(self.at.saturating_add(rows));
        let Some(codes) = self.codes.get(self.at..end).filter(|c| !c.is_empty()) else {
            return Ok(None);
        };
        let places: Option<arrow::array::UInt32Array> = (self.coding.place > 0).then(|| {
            let mask = (1u128 << self.coding.place) - 1;
            codes
                .iter()
                .map(|c| u32::try_from(c.wide() & mask).unwrap_or(0))
                .collect::<Vec<u32>>()
                .into()
        });
        let mut columns = Vec::with_capacity(layout.places.len());
        for place in &layout.places {
            columns.push(match place {
                Place::Key(k) => self.coding.read(*k, codes)?,
                Place::Own(i) => {
                    let column = self.own.get(*i).ok_or_else(unlike)?;
                    take(column, places.as_ref().ok_or_else(unlike)?, None)?
                }
            });
        }
        self.at = end;
        let batch = RecordBatch::try_new(Arc::clone(&layout.schema), columns)?;
        Ok(Some(batch))
    }
}

impl Coding {
    /// A key of sorted rows.
    fn read<C: Code>(&self, k: usize, codes: &[C]) -> Result<ArrayRef> {
        let field = self.fields.get(k).ok_or_else(unlike)?;
        let after = self.fields.iter().skip(k + 1);
        let shift = self.place + after.map(|f| f.bits).sum::<u32>();
        // A key of one value has no bits, and a shift by all bits is none.
        let part = |c: &C| match c.wide().checked_shr(shift) {
            Some(code) => code & ((1u128 << field.bits) - 1),
            None => 0,
        };
        match (&field.kind, self.texts.get(k)) {
            (Shape::Text(_), Some(Some(texts))) => {
                let ids: Vec<u32> = codes
                    .iter()
                    .map(|c| {
                        let id = field.value(part(c));
                        id.and_then(|v| u32::try_from(v).ok()).unwrap_or(NULL)
                    })
                    .collect();
                if texts.is_empty() {
                    return Ok(arrow::array::new_null_array(&field.ty, ids.len()));
                }
                numbered(texts, &ids)
            }
            (Shape::Number(least), _) => {
                const HALF: u64 = 1 << 63;
                let value = |c: &C| {
                    field
                        .value(part(c))
                        .map(|v| (v.wrapping_add(*least) ^ HALF).cast_signed())
                };
                let whole: Int64Array = if field.nulls {
                    codes.iter().map(value).collect()
                } else {
                    codes
                        .iter()
                        .map(|c| value(c).unwrap_or(0))
                        .collect::<Vec<i64>>()
                        .into()
                };
                let whole: ArrayRef = Arc::new(whole);
                Ok(match &field.ty {
                    DataType::Date32 => cast(&cast(&whole, &DataType::Int32)?, &DataType::Date32)?,
                    ty => cast(&whole, ty)?,
                })
            }
            _ => Err(unlike()),
        }
    }
}
