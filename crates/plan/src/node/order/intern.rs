//! Texts as numbers: each distinct text once.
//!
//! A text of up to 15 bytes is a key of 128 bits itself (an address of IP version 4 is), so nothing but keys is compared.
//! A longer text's key has its length, its first bytes and a hash, and the texts are compared where keys are equal. The
//! places of many rows are looked at before any is judged: these looks do not wait for each other.

use arrow::array::{Array, StringViewArray, StringViewBuilder};
use hashbrown::DefaultHashBuilder;
use std::hash::BuildHasher;

/// What stands for a null.
pub(super) const NULL: u32 = u32::MAX;

/// The longest text that a view holds itself.
const INLINE: u32 = 12;
/// The longest text that is its key.
const SHORT: usize = 15;
/// Where a key has its text's length and one more, or the mark of a longer one. So no key is nought.
const LENGTH: u32 = 120;
const LONG: u128 = 0xff << LENGTH;

/// Rows that are looked up together.
const TOGETHER: usize = 1024;

/// Numbers texts in the order in which they first come.
pub(super) struct Interner {
    hasher: DefaultHashBuilder,
    /// Keys at their places or behind them; nought where there is none. As many as a power of two, a third empty.
    keys: Vec<u128>,
    /// The number of each key.
    ids: Vec<u32>,
    values: StringViewBuilder,
    count: u32,
}

impl Interner {
    pub(super) fn new() -> Self {
        Interner {
            hasher: DefaultHashBuilder::default(),
            keys: Vec::new(),
            ids: Vec::new(),
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
        self.keys.capacity() * size_of::<u128>()
            + self.ids.capacity() * size_of::<u32>()
            + self.values.allocated_size()
    }

    /// The numbers of an array's texts.
    pub(super) fn intern(&mut self, array: &StringViewArray) -> Vec<u32> {
        let mut out = Vec::with_capacity(array.len());
        let mut keys = Vec::with_capacity(TOGETHER.min(array.len()));
        let mut found = Vec::with_capacity(keys.capacity());
        let mut last = (0u128, 0u128);
        for (chunk, views) in array.views().chunks(TOGETHER).enumerate() {
            let first = chunk * TOGETHER;
            keys.clear();
            for (row, view) in (first..).zip(views) {
                if array.is_null(row) {
                    keys.push(0);
                    continue;
                }
                if last.1 == 0 || last.0 != *view {
                    last = (*view, self.key(array, row, *view));
                }
                keys.push(last.1);
            }
            self.reserve(keys.len());
            found.clear();
            found.extend(keys.iter().map(|key| {
                let at = place(*key, self.keys.len());
                (
                    self.keys.get(at).copied().unwrap_or(0),
                    self.ids.get(at).copied().unwrap_or(NULL),
                )
            }));
            for ((row, key), (there, id)) in (first..).zip(&keys).zip(&found) {
                out.push(if *key == 0 {
                    NULL
                } else if key == there && *key < LONG {
                    *id
                } else {
                    self.number(array, row, *key)
                });
            }
        }
        out
    }

    /// The key of a text.
    #[inline]
    fn key(&self, array: &StringViewArray, row: usize, view: u128) -> u128 {
        let length = u32::try_from(view & 0xffff_ffff).unwrap_or(0);
        if length <= INLINE {
            return view >> 32 | u128::from(length + 1) << LENGTH;
        }
        let text = array.value(row).as_bytes();
        if text.len() <= SHORT
            && let (Some(head), Some(tail)) = (text.first_chunk::<8>(), text.last_chunk::<8>())
        {
            // Both halves overlap: the upper one keeps what the lower one has not.
            let tail = u64::from_le_bytes(*tail) >> (8 * (16 - text.len()));
            return u128::from(u64::from_le_bytes(*head))
                | u128::from(tail) << 64
                | u128::from(length + 1) << LENGTH;
        }
        let hash = u128::from(self.hasher.hash_one(text));
        let start = (view >> 32) & 0xff_ffff;
        LONG | start << 96 | u128::from(length) << 64 | hash
    }

    /// The number of a text that does not stand at its place, or whose key may be that of another one.
    fn number(&mut self, array: &StringViewArray, row: usize, key: u128) -> u32 {
        let last = self.keys.len().wrapping_sub(1);
        let mut at = place(key, self.keys.len());
        while let (Some(there), Some(id)) = (self.keys.get_mut(at), self.ids.get_mut(at)) {
            if *there == 0 {
                *there = key;
                *id = self.count;
                self.values.append_value(array.value(row));
                self.count += 1;
                return *id;
            }
            if *there == key && (key < LONG || of(&self.values, *id) == array.value(row).as_bytes())
            {
                return *id;
            }
            at = (at + 1) & last;
        }
        NULL
    }

    /// Makes room for so many texts more.
    fn reserve(&mut self, more: usize) {
        let need = self.len().saturating_add(more);
        if need.saturating_mul(3) <= self.keys.len().saturating_mul(2) {
            return;
        }
        let places = need.saturating_mul(3).div_ceil(2).next_power_of_two();
        let keys = std::mem::replace(&mut self.keys, vec![0; places]);
        let ids = std::mem::replace(&mut self.ids, vec![NULL; places]);
        for (key, number) in keys.into_iter().zip(ids) {
            let mut at = place(key, places);
            while let (true, Some(there)) = (key != 0, self.keys.get_mut(at)) {
                if *there == 0 {
                    *there = key;
                    if let Some(id) = self.ids.get_mut(at) {
                        *id = number;
                    }
                    break;
                }
                at = (at + 1) & (places - 1);
            }
        }
    }

    /// All texts, by their numbers.
    pub(super) fn values(&mut self) -> StringViewArray {
        self.keys = Vec::new();
        self.ids = Vec::new();
        self.count = 0;
        self.values.finish()
    }

    /// The numbers in the order of their texts, by bytes.
    pub(super) fn sorted(&self) -> Vec<u32> {
        let mut keys: Vec<(u128, u32)> = (0..self.count)
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

/// Where a key belongs among so many places, a power of two.
#[inline]
#[allow(clippy::cast_possible_truncation)] // halves, and a number below that of the places
fn place(key: u128, places: usize) -> usize {
    let low = key as u64 ^ 0x9e37_79b9_7f4a_7c15;
    let high = (key >> 64) as u64 ^ 0xd6e8_feb8_6659_fd93;
    let product = u128::from(low) * u128::from(high);
    let mixed = product as u64 ^ (product >> 64) as u64;
    let spread = mixed.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (spread >> (64 - places.trailing_zeros().clamp(1, 63))) as usize
}

/// The first 15 bytes and the length up to 16 as a number that sorts as texts do; only longer texts have equal numbers.
fn prefix(bytes: &[u8]) -> u128 {
    let mut first = [0u8; 16];
    for (to, from) in first.iter_mut().zip(bytes.iter().take(SHORT)) {
        *to = *from;
    }
    first[SHORT] = u8::try_from(bytes.len().min(SHORT + 1)).unwrap_or(0);
    u128::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts of all lengths, with zeros in them, nulls and long common beginnings: numbers and order as in plain tables.
    #[test]
    fn numbers_texts_once_and_sorts_them() {
        let mut state = 3u64;
        let mut below = |n: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % n
        };
        let mut seen: Vec<String> = Vec::new();
        let mut interner = Interner::new();
        for rows in [0, 1, 700, 1024, 3000] {
            let texts: Vec<Option<String>> = (0..rows)
                .map(|_| {
                    let stem = ["", "10.200.30", "a-long-beginning-"];
                    let mut text = stem[usize::try_from(below(3)).unwrap_or(0)].to_owned();
                    for _ in 0..below(14) {
                        text.push(['\0', 'a', 'b'][usize::try_from(below(3)).unwrap_or(0)]);
                    }
                    (below(20) > 0).then_some(text)
                })
                .collect();
            let array: StringViewArray = texts.iter().map(Option::as_deref).collect();
            for (text, id) in texts.iter().zip(interner.intern(&array)) {
                let want = text.as_ref().map(|text| {
                    let at = seen.iter().position(|s| s == text).unwrap_or_else(|| {
                        seen.push(text.clone());
                        seen.len() - 1
                    });
                    u32::try_from(at).unwrap_or(NULL)
                });
                assert_eq!(id, want.unwrap_or(NULL), "{text:?}");
            }
        }
        assert_eq!(interner.len(), seen.len());
        let mut order: Vec<u32> = (0..interner.count).collect();
        order.sort_by_key(|id| seen[usize::try_from(*id).unwrap_or(0)].as_bytes());
        assert_eq!(interner.sorted(), order);
        let values = interner.values();
        assert!(values.iter().flatten().eq(seen.iter().map(String::as_str)));
    }
}
