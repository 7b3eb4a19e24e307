//! Texts as numbers: each distinct text once.

use arrow::array::{Array, StringViewArray, StringViewBuilder};
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// What stands for a null.
pub(super) const NULL: u32 = u32::MAX;

/// The longest text that a view holds itself.
const INLINE: u32 = 12;

/// A text in the table: its view where the text is in it, else the view's lower half and the hash.
struct Entry {
    low: u64,
    high: u64,
    id: u32,
}

/// Numbers texts in the order in which they first come.
pub(super) struct Interner {
    hasher: DefaultHashBuilder,
    table: HashTable<Entry>,
    values: StringViewBuilder,
    count: u32,
}

impl Interner {
    pub(super) fn new() -> Self {
        Interner {
            hasher: DefaultHashBuilder::default(),
            table: HashTable::new(),
            values: StringViewBuilder::new(),
            count: 0,
        }
    }

    /// How many texts there are.
    pub(super) fn len(&self) -> usize {
        usize::try_from(self.count).unwrap_or(0)
    }

    /// Bytes that it holds.
    pub(super) fn size(&self) -> usize {
        self.table.allocation_size() + self.values.allocated_size()
    }

    /// The numbers of an array's texts.
    pub(super) fn intern(&mut self, array: &StringViewArray) -> Vec<u32> {
        let mut out = Vec::with_capacity(array.len());
        let mut last = (0u128, NULL);
        for (row, view) in array.views().iter().enumerate() {
            if array.is_null(row) {
                out.push(NULL);
                continue;
            }
            if last.1 == NULL || last.0 != *view {
                last = (*view, self.number(array, row, *view));
            }
            out.push(last.1);
        }
        out
    }

    fn number(&mut self, array: &StringViewArray, row: usize, view: u128) -> u32 {
        let (low, high) = halves(view);
        let long = u32::try_from(view & 0xffff_ffff).unwrap_or(0) > INLINE;
        let hasher = &self.hasher;
        let (high, hash) = if long {
            let hash = hasher.hash_one(array.value(row).as_bytes());
            (hash, hash)
        } else {
            (high, hasher.hash_one((low, high)))
        };
        let values = &self.values;
        let entry = self.table.entry(
            hash,
            |e| {
                e.low == low
                    && e.high == high
                    && (!long || of(values, e.id) == array.value(row).as_bytes())
            },
            |e| {
                if u32::try_from(e.low & 0xffff_ffff).unwrap_or(0) > INLINE {
                    e.high
                } else {
                    hasher.hash_one((e.low, e.high))
                }
            },
        );
        match entry {
            hashbrown::hash_table::Entry::Occupied(e) => e.get().id,
            hashbrown::hash_table::Entry::Vacant(e) => {
                let id = self.count;
                e.insert(Entry { low, high, id });
                self.count += 1;
                self.values.append_value(array.value(row));
                id
            }
        }
    }

    /// All texts, by their numbers.
    pub(super) fn values(&mut self) -> StringViewArray {
        self.table = HashTable::new();
        self.count = 0;
        self.values.finish()
    }

    /// The numbers in the order of their texts, by bytes.
    pub(super) fn sorted(&self) -> Vec<u32> {
        let mut keys: Vec<(u64, u32)> = (0..self.count)
            .map(|id| (prefix(of(&self.values, id)), id))
            .collect();
        keys.sort_unstable_by(|a, b| {
            a.0.cmp(&b.0)
                .then_with(|| of(&self.values, a.1).cmp(of(&self.values, b.1)))
        });
        keys.into_iter().map(|(_, id)| id).collect()
    }
}

fn of(values: &StringViewBuilder, id: u32) -> &[u8] {
    values.get_value(usize::try_from(id).unwrap_or(usize::MAX))
}

/// The lower and the upper half of a view.
fn halves(view: u128) -> (u64, u64) {
    let mask = u128::from(u64::MAX);
    (
        u64::try_from(view & mask).unwrap_or(0),
        u64::try_from(view >> 64).unwrap_or(0),
    )
}

/// The first eight bytes as a number that sorts as they do.
fn prefix(bytes: &[u8]) -> u64 {
    let mut first = [0u8; 8];
    for (to, from) in first.iter_mut().zip(bytes) {
        *to = *from;
    }
    u64::from_be_bytes(first)
}
