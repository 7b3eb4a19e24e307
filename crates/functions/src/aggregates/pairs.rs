//! Different values of groups in one table. Ten thousand groups with a table each would miss the cache at every row.
//!
//! A group's number (32 bits) and a value's key (96 bits) are one entry, and an entry has a place by its hash. Rows wait
//! until there are many: first the places of all are looked at, then what was found is judged. The looks do not depend on
//! each other, so the processor waits for several pieces of memory at once.

use crate::spec::{KernelError, Result};
use arrow::array::{Array, ArrayRef, BinaryArray};
use arrow::buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use std::sync::Arc;

/// What a place without an entry has: groups are written one higher. Memory comes with this in it.
const EMPTY: u128 = 0;
/// The bits of a key.
pub(crate) const KEY_BITS: u32 = 96;
const KEY: u128 = (1 << KEY_BITS) - 1;
/// Rows that are looked up together.
const TOGETHER: usize = 1024;

/// The different values of each group.
pub(crate) struct Pairs {
    /// Entries at their places or behind them; as many as a power of two, a third of them empty at least.
    slots: Vec<u128>,
    used: usize,
    /// Entries that were not looked up yet, and what their places have.
    waiting: Vec<u128>,
    found: Vec<u128>,
    /// How many values each group has.
    counts: Vec<usize>,
    /// More values than this are noted in `over`.
    most: usize,
    over: Vec<usize>,
}

#[allow(clippy::cast_possible_truncation)] // parts of an entry
fn group_of(entry: u128) -> usize {
    ((entry >> KEY_BITS) as usize).wrapping_sub(1)
}

/// The entry of a group's value; of the key 96 bits count.
#[inline]
fn entry(group: usize, key: u128) -> Result<u128> {
    match u32::try_from(group).ok().and_then(|g| g.checked_add(1)) {
        Some(g) => Ok(u128::from(g) << KEY_BITS | (key & KEY)),
        None => Err(KernelError::new(
            "an aggregate of more than 4,294,967,295 groups",
        )),
    }
}

/// Where an entry belongs among `1 << (64 - shift)` places.
#[inline]
#[allow(clippy::cast_possible_truncation)] // parts of an entry, and a number below that of the places
fn place(entry: u128, shift: u32) -> usize {
    let group = (entry >> KEY_BITS) as u64;
    let mixed = (entry as u64) ^ group.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed.wrapping_mul(0xd6e8_feb8_6659_fd93) >> shift) as usize
}

/// Puts an entry where it belongs. False when it is there.
#[inline]
fn put(slots: &mut [u128], shift: u32, entry: u128) -> bool {
    let last = slots.len().wrapping_sub(1);
    let mut at = place(entry, shift);
    while let Some(slot) = slots.get_mut(at) {
        if *slot == entry {
            return false;
        }
        if *slot == EMPTY {
            *slot = entry;
            return true;
        }
        at = (at + 1) & last;
    }
    false
}

fn shift(slots: &[u128]) -> u32 {
    64 - slots.len().trailing_zeros().clamp(1, 63)
}

impl Pairs {
    /// No groups yet; groups that come to have more than `most` values are told.
    pub fn new(most: usize) -> Self {
        Pairs {
            slots: Vec::new(),
            used: 0,
            waiting: Vec::new(),
            found: Vec::new(),
            counts: Vec::new(),
            most,
            over: Vec::new(),
        }
    }

    /// Makes sure that so many groups exist.
    pub fn grow(&mut self, total: usize) {
        if self.counts.len() < total {
            self.counts.resize(total, 0);
        }
    }

    /// Adds a value to a group that exists. Of the key 96 bits count, and the lowest 64 must be well spread.
    #[inline]
    pub fn add(&mut self, group: usize, key: u128) -> Result<()> {
        self.waiting.push(entry(group, key)?);
        if self.waiting.len() >= TOGETHER {
            self.settle();
        }
        Ok(())
    }

    /// Looks up what waits.
    pub fn settle(&mut self) {
        self.reserve(self.waiting.len());
        let shift = shift(&self.slots);
        let slots = &mut self.slots;
        let look = |e: &u128| slots.get(place(*e, shift)).copied().unwrap_or(EMPTY);
        self.found.clear();
        self.found.extend(self.waiting.iter().map(look));
        for (entry, found) in self.waiting.iter().zip(&self.found) {
            if entry != found && put(slots, shift, *entry) {
                self.used += 1;
                let group = group_of(*entry);
                if let Some(n) = self.counts.get_mut(group) {
                    *n += 1;
                    if *n == self.most.saturating_add(1) {
                        self.over.push(group);
                    }
                }
            }
        }
        self.waiting.clear();
    }

    /// Makes room for so many entries more.
    fn reserve(&mut self, more: usize) {
        let need = self.used.saturating_add(more);
        if need.saturating_mul(3) > self.slots.len().saturating_mul(2) {
            let places = need.saturating_mul(3).div_ceil(2).next_power_of_two();
            self.rebuild(places.max(16), Some);
        }
    }

    /// Makes the table anew from the entries that are left.
    fn rebuild(&mut self, places: usize, left: impl Fn(u128) -> Option<u128>) {
        let old = std::mem::replace(&mut self.slots, vec![EMPTY; places]);
        let shift = shift(&self.slots);
        self.used = 0;
        for entry in old.into_iter().filter(|e| *e != EMPTY) {
            if let Some(entry) = left(entry)
                && put(&mut self.slots, shift, entry)
            {
                self.used += 1;
            }
        }
    }

    /// The groups that have come to have too many values since this was asked last.
    pub fn over(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.over)
    }

    /// Calls for each group and key that was settled, in no order.
    pub fn each(&self, mut f: impl FnMut(usize, u128)) {
        for entry in self.slots.iter().filter(|e| **e != EMPTY) {
            f(group_of(*entry), entry & KEY);
        }
    }

    /// How many values each group has.
    pub fn counts(&mut self) -> &[usize] {
        self.settle();
        &self.counts
    }

    /// Takes the first `n` groups out; the others move down.
    pub fn forget(&mut self, n: usize) {
        self.settle();
        let n = n.min(self.counts.len());
        self.counts.drain(..n);
        if self.counts.is_empty() {
            *self = Pairs::new(self.most);
            return;
        }
        let entries = self.counts.iter().sum::<usize>();
        let places = entries.saturating_mul(3).div_ceil(2).next_power_of_two();
        self.rebuild(places.max(16), |entry| {
            self::entry(group_of(entry).checked_sub(n)?, entry).ok()
        });
    }

    /// The keys of the first `n` groups as bytes, `width` a key; or other bytes for a group that has them.
    pub fn states<'a>(
        &mut self,
        n: usize,
        width: usize,
        instead: impl Fn(usize) -> Option<&'a [u8]>,
    ) -> Result<ArrayRef> {
        self.settle();
        let n = n.min(self.counts.len());
        let fault = || KernelError::new("internal: broken aggregate state");
        // Where each group's next key is written.
        let mut next = Vec::with_capacity(n);
        let mut offsets = Vec::with_capacity(n + 1);
        offsets.push(0i32);
        let mut total = 0usize;
        for (group, count) in self.counts.iter().take(n).enumerate() {
            next.push(total);
            let bytes = instead(group).map_or(count.saturating_mul(width), <[u8]>::len);
            total = total.saturating_add(bytes);
            offsets.push(i32::try_from(total).map_err(|_| {
                KernelError::new(
                    "the intermediate results of an aggregate take more than 2 GB in one piece",
                )
            })?);
        }
        let mut bytes = vec![0u8; total];
        for (group, at) in next.iter_mut().enumerate() {
            if let Some(other) = instead(group) {
                let to = bytes.get_mut(*at..*at + other.len());
                to.ok_or_else(fault)?.copy_from_slice(other);
                *at = usize::MAX;
            }
        }
        for entry in self.slots.iter().filter(|e| **e != EMPTY) {
            let Some(at) = next
                .get_mut(group_of(*entry))
                .filter(|at| **at != usize::MAX)
            else {
                continue;
            };
            let key = entry.to_le_bytes();
            let to = bytes.get_mut(*at..*at + width);
            let from = key.get(..width);
            to.ok_or_else(fault)?
                .copy_from_slice(from.ok_or_else(fault)?);
            *at += width;
        }
        let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
        let out = BinaryArray::try_new(offsets, Buffer::from_vec(bytes), None)
            .map_err(|e| KernelError::new(e.to_string()))?;
        Ok(Arc::new(out))
    }

    /// Adds keys that [`Self::states`] wrote.
    pub fn load(&mut self, group: usize, bytes: &[u8], width: usize) -> Result<()> {
        for part in bytes.chunks(width.max(1)) {
            let mut key = [0; 16];
            let to = key.get_mut(..part.len());
            to.filter(|to| to.len() == width)
                .ok_or_else(|| KernelError::new("internal: broken aggregate state"))?
                .copy_from_slice(part);
            self.add(group, u128::from_le_bytes(key))?;
        }
        Ok(())
    }

    /// Bytes held.
    pub fn size(&self) -> usize {
        (self.slots.capacity() + self.waiting.capacity() + self.found.capacity())
            * size_of::<u128>()
            + (self.counts.capacity() + self.over.capacity()) * size_of::<usize>()
    }
}

/// The states of a column, a group each.
pub(crate) fn of_groups<'a>(
    states: &'a ArrayRef,
    groups: &'a [usize],
) -> Result<impl Iterator<Item = (usize, &'a [u8])>> {
    let states = states
        .as_any()
        .downcast_ref::<BinaryArray>()
        .ok_or_else(|| KernelError::new("internal: broken aggregate state"))?;
    let groups = groups.iter().enumerate();
    Ok(groups
        .filter(|(row, _)| states.is_valid(*row))
        .map(|(row, group)| (*group, states.value(row))))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::keys::spread;
    use super::*;
    use std::collections::HashSet;

    /// Groups that leave in parts, through states and merges, have what plain sets have.
    #[test]
    fn agrees_with_sets() {
        let mut x = 7u64;
        let mut below = |n: u64| {
            x = spread(x);
            x % n
        };
        for (groups, width) in [(1usize, 8), (2, 12), (5, 8), (40, 12)] {
            let mut want = vec![HashSet::new(); groups];
            let mut a = Pairs::new(25);
            let mut b = Pairs::new(25);
            for round in 1..=groups {
                for p in [&mut a, &mut b] {
                    p.grow(round);
                    for _ in 0..90 {
                        let group = usize::try_from(below(round as u64)).unwrap();
                        let high = if width == 12 { below(2) } else { 0 };
                        let key = u128::from(spread(below(40))) | u128::from(high) << 64;
                        p.add(group, key).unwrap();
                        want[group].insert(key);
                    }
                }
            }
            let mut all = Pairs::new(25);
            all.grow(groups);
            for mut p in [a, b] {
                let mut at = 0;
                while at < groups {
                    let n = (groups - at).min(groups / 2 + 1);
                    let states = p.states(n, width, |_| None).unwrap();
                    p.forget(n);
                    let to: Vec<usize> = (at..at + n).collect();
                    for (group, bytes) in of_groups(&states, &to).unwrap() {
                        all.load(group, bytes, width).unwrap();
                    }
                    at += n;
                }
                assert!(p.counts.is_empty());
            }
            let mut keys = vec![HashSet::new(); groups];
            let counts = all.counts().to_vec();
            all.each(|group, key| assert!(keys[group].insert(key)));
            assert_eq!(keys, want);
            assert_eq!(counts, want.iter().map(HashSet::len).collect::<Vec<_>>());
            let mut over = all.over();
            over.sort_unstable();
            let large = (0..groups).filter(|g| want[*g].len() > 25);
            assert_eq!(over, large.collect::<Vec<_>>());
            all.forget(groups / 3);
            assert_eq!(all.counts(), counts[groups / 3..].to_vec());
        }
    }
}
