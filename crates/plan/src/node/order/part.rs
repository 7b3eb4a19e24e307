//! What is held of the rows of one partition until all have come.

use crate::node::order::intern::{Interner, NULL};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringViewArray, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::{DataType, SchemaRef};
use datafusion::common::{DataFusionError, Result};
use std::collections::HashSet;
use std::sync::Arc;

/// What a key is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyKind {
    /// The number of the text.
    Text,
    /// A whole number, or what is stored as one.
    Whole,
    /// A real number.
    Real,
}

impl KeyKind {
    /// The kind of a key of this type, if it is one that can be made a number.
    pub(super) fn of(ty: &DataType) -> Option<KeyKind> {
        Some(match ty {
            DataType::Utf8View => KeyKind::Text,
            DataType::Float64 => KeyKind::Real,
            DataType::Boolean
            | DataType::Int32
            | DataType::Int64
            | DataType::Date32
            | DataType::Timestamp(..)
            | DataType::Duration(_) => KeyKind::Whole,
            _ => return None,
        })
    }
}

/// Where a column of the rows is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It is this key.
    Key(usize),
    /// By itself, by its place among such columns.
    Own(usize),
}

/// What keys and columns there are.
#[derive(Debug)]
pub(super) struct Layout {
    pub schema: SchemaRef,
    pub kinds: Vec<KeyKind>,
    pub places: Vec<Place>,
}

impl Layout {
    /// How many columns are kept by themselves.
    pub(super) fn own(&self) -> usize {
        let own = |p: &&Place| matches!(p, Place::Own(_));
        self.places.iter().filter(own).count()
    }
}

/// A key of some rows.
pub(super) enum KeyRows {
    Texts(Vec<u32>),
    Numbers(ArrayRef),
}

/// The rows of a batch.
pub(super) struct Chunk {
    pub rows: usize,
    pub keys: Vec<KeyRows>,
    /// The columns that are kept by themselves.
    pub own: Vec<ArrayRef>,
    /// Bytes.
    pub size: usize,
}

/// The rows of a partition.
pub(super) struct Part {
    pub chunks: Vec<Chunk>,
    /// For keys that are texts.
    pub interners: Vec<Option<Interner>>,
    /// Buffers that are counted already.
    seen: HashSet<usize>,
}

impl Part {
    pub(super) fn new(layout: &Layout) -> Self {
        let interner = |k: &KeyKind| (*k == KeyKind::Text).then(Interner::new);
        Part {
            chunks: Vec::new(),
            interners: layout.kinds.iter().map(interner).collect(),
            seen: HashSet::new(),
        }
    }

    /// Keeps a batch with the values of its keys; gives the bytes that are held more than before.
    pub(super) fn push(
        &mut self,
        layout: &Layout,
        batch: &RecordBatch,
        keys: Vec<ArrayRef>,
    ) -> Result<usize> {
        let rows = batch.num_rows();
        let before = self.texts();
        let mut size = 0;
        let mut kept = Vec::with_capacity(keys.len());
        for ((key, kind), interner) in keys.into_iter().zip(&layout.kinds).zip(&mut self.interners)
        {
            match (kind, interner) {
                (KeyKind::Text, Some(interner)) => {
                    let texts = key.as_string_view_opt().ok_or_else(unlike)?;
                    kept.push(KeyRows::Texts(interner.intern(texts)));
                    size += rows * size_of::<u32>();
                }
                _ => {
                    size += rows * 8;
                    kept.push(KeyRows::Numbers(key));
                }
            }
        }
        let mut own = Vec::with_capacity(layout.own());
        for (column, place) in batch.columns().iter().zip(&layout.places) {
            if matches!(place, Place::Own(_)) {
                let (column, bytes) = self.compact(column);
                size += bytes;
                own.push(column);
            }
        }
        self.chunks.push(Chunk {
            rows,
            keys: kept,
            own,
            size,
        });
        Ok(size + self.texts().saturating_sub(before))
    }

    /// Bytes of the texts that are keys.
    pub(super) fn texts(&self) -> usize {
        self.interners.iter().flatten().map(Interner::size).sum()
    }

    /// A column whose texts hold no buffers of which little is used, and its bytes that no column before it has.
    fn compact(&mut self, column: &ArrayRef) -> (ArrayRef, usize) {
        let Some(texts) = column.as_string_view_opt() else {
            return (Arc::clone(column), column.get_array_memory_size());
        };
        let fresh: Vec<(usize, usize)> = texts
            .data_buffers()
            .iter()
            .map(|b| (b.data_ptr().as_ptr().addr(), b.capacity()))
            .filter(|(at, _)| !self.seen.contains(at))
            .collect();
        let bytes: usize = fresh.iter().map(|(_, n)| n).sum();
        let used = texts.total_buffer_bytes_used();
        let views = texts.len() * size_of::<u128>();
        if used < bytes / 2 {
            return (Arc::new(texts.gc()), used + views);
        }
        self.seen.extend(fresh.into_iter().map(|(at, _)| at));
        (Arc::clone(column), bytes + views)
    }

    /// The texts of each key, and the rows, to make batches again.
    pub(super) fn into_rows(mut self) -> (Vec<Option<StringViewArray>>, Vec<Chunk>) {
        let texts = self
            .interners
            .iter_mut()
            .map(|i| i.as_mut().map(Interner::values))
            .collect();
        (texts, self.chunks)
    }
}

impl Chunk {
    /// The batch that it was.
    pub(super) fn batch(
        self,
        layout: &Layout,
        texts: &[Option<StringViewArray>],
    ) -> Result<RecordBatch> {
        let columns = layout
            .places
            .iter()
            .map(|place| match place {
                Place::Own(i) => self.own.get(*i).map(alone).ok_or_else(unlike),
                Place::Key(i) => match (self.keys.get(*i), texts.get(*i)) {
                    (Some(KeyRows::Numbers(a)), _) => Ok(Arc::clone(a)),
                    (Some(KeyRows::Texts(ids)), Some(Some(texts))) => {
                        Ok(alone(&numbered(texts, ids)?))
                    }
                    _ => Err(unlike()),
                },
            })
            .collect::<Result<Vec<_>>>()?;
        Ok(RecordBatch::try_new(Arc::clone(&layout.schema), columns)?)
    }
}

/// A column that shares no texts with others: a sort that spills counts the texts of each batch by themselves.
fn alone(column: &ArrayRef) -> ArrayRef {
    match column.as_string_view_opt() {
        Some(texts) => Arc::new(texts.gc()),
        None => Arc::clone(column),
    }
}

/// The texts of these numbers.
pub(super) fn numbered(texts: &StringViewArray, ids: &[u32]) -> Result<ArrayRef> {
    let places: UInt32Array = if ids.contains(&NULL) {
        ids.iter().map(|id| (*id != NULL).then_some(*id)).collect()
    } else {
        ids.to_vec().into()
    };
    Ok(take(texts, &places, None)?)
}

/// An array that is not of the type it was said to be.
pub(super) fn unlike() -> DataFusionError {
    DataFusionError::Internal("a sort key of another type than planned".to_owned())
}
