//! What `make_list`, `make_set` and `make_bag` have in common.

use super::state::{Reader, put_len};
use crate::spec::{AggregateCall, KernelError, Result};
use arrow::array::{ArrayRef, BinaryViewBuilder};
use hashbrown::HashTable;
use kql_types::dynamic::DynWriter;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64;

/// No collection has more elements.
pub(crate) const MOST: usize = 1_048_576;

/// How many elements the argument `i` allows.
pub(crate) fn limit(
    call: &AggregateCall<'_>,
    name: &str,
    i: usize,
    default: usize,
) -> Result<usize> {
    if call.types.len() <= i {
        return Ok(default);
    }
    call.constants
        .get(i)
        .and_then(|c| c.as_ref()?.as_long())
        .and_then(|n| usize::try_from(n).ok())
        .filter(|n| *n > 0)
        .map(|n| n.min(MOST))
        .ok_or_else(|| {
            KernelError::new(format!(
                "the limit of {name}() requires a constant greater than 0"
            ))
        })
}

/// Dynamic values, one a group.
///
/// # Errors
/// A value is larger than a cell can be.
pub(crate) fn cells<S>(
    groups: &[S],
    mut write: impl FnMut(&S, &mut DynWriter),
) -> Result<ArrayRef> {
    let mut b = BinaryViewBuilder::with_capacity(groups.len());
    let mut w = DynWriter::new();
    for g in groups {
        w.clear();
        write(g, &mut w);
        if i32::try_from(w.bytes.len()).is_err() {
            return Err(KernelError::new(
                "the values that an aggregate collected take more than 2 GB in one cell",
            ));
        }
        if w.bytes.is_empty() {
            b.append_null();
        } else {
            b.append_value(&w.bytes);
        }
    }
    Ok(Arc::new(b.finish()))
}

/// Different byte strings in the order of their coming.
#[derive(Default)]
pub(crate) struct ByteSet {
    pub bytes: Vec<u8>,
    ends: Vec<usize>,
    /// Numbers of the strings by their hash, once they are more than a few.
    table: HashTable<usize>,
}

/// So many strings are compared one by one.
const FEW: usize = 8;

impl ByteSet {
    /// How many.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// A string by its number.
    pub fn get(&self, i: usize) -> &[u8] {
        slice(&self.bytes, &self.ends, i)
    }

    /// All in order.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|i| self.get(i))
    }

    /// Adds a string unless it is there or there are `limit` already. True when it was added.
    pub fn insert(&mut self, value: &[u8], limit: usize) -> bool {
        if self.len() <= FEW {
            if self.iter().any(|v| v == value) {
                return false;
            }
        } else {
            if self.table.is_empty() {
                for i in 0..self.len() {
                    self.index(i);
                }
            }
            let (bytes, ends) = (&self.bytes, &self.ends);
            if self
                .table
                .find(xxh3_64(value), |i| slice(bytes, ends, *i) == value)
                .is_some()
            {
                return false;
            }
        }
        if self.len() >= limit {
            return false;
        }
        self.bytes.extend_from_slice(value);
        self.ends.push(self.bytes.len());
        if !self.table.is_empty() {
            self.index(self.len() - 1);
        }
        true
    }

    fn index(&mut self, i: usize) {
        let (bytes, ends) = (&self.bytes, &self.ends);
        let hash = |i: &usize| xxh3_64(slice(bytes, ends, *i));
        self.table.insert_unique(hash(&i), i, hash);
    }

    /// Bytes on the heap.
    pub fn heap_size(&self) -> usize {
        self.bytes.capacity() + (self.ends.capacity() + 2 * self.table.capacity()) * 8
    }

    /// Writes itself.
    pub fn save(&self, out: &mut Vec<u8>) {
        put_len(out, self.len());
        for v in self.iter() {
            put_len(out, v.len());
            out.extend_from_slice(v);
        }
    }

    /// Reads what `save` wrote.
    pub fn load(r: &mut Reader<'_>) -> Option<Self> {
        let mut set = ByteSet::default();
        for _ in 0..r.len()? {
            set.insert(r.bytes()?, usize::MAX);
        }
        Some(set)
    }
}

/// The piece `i` of many that stand one after the other.
pub(crate) fn slice<'a>(bytes: &'a [u8], ends: &[usize], i: usize) -> &'a [u8] {
    let start = match i.checked_sub(1) {
        Some(before) => ends.get(before).copied().unwrap_or(0),
        None => 0,
    };
    let end = ends.get(i).copied().unwrap_or(start);
    bytes.get(start..end).unwrap_or_default()
}
