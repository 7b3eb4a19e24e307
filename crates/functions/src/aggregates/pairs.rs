//! Different values of groups in one table: a value is numbered once, and a pair of a group's and a value's number is 64
//! bits. Ten thousand groups with a hash table each would miss the cache at every row.

use super::keys::{Key, Keys, spread};
use super::state::Reader;
use crate::spec::{KernelError, Result};
use arrow::array::{Array, ArrayRef, BinaryArray, BinaryBuilder};
use hashbrown::HashTable;
use std::sync::Arc;

/// The different values of each group.
pub(crate) struct Pairs<K> {
    /// Every value once; its place is its number.
    values: Vec<K>,
    numbers: HashTable<u32>,
    /// Group and number of each pair; not used while there is one group.
    seen: HashTable<u64>,
    /// How many values each group has.
    counts: Vec<usize>,
}

fn pair(group: u32, number: u32) -> u64 {
    u64::from(group) << 32 | u64::from(number)
}

/// The group and the number of a pair.
#[allow(clippy::cast_possible_truncation)] // the halves of a pair
fn halves(pair: u64) -> (usize, usize) {
    ((pair >> 32) as usize, (pair as u32) as usize)
}

fn too_large() -> KernelError {
    KernelError::new("an aggregate of more than 4,294,967,295 groups or values")
}

impl<K: Key> Pairs<K> {
    /// No groups yet.
    pub fn new() -> Self {
        Pairs {
            values: Vec::new(),
            numbers: HashTable::new(),
            seen: HashTable::new(),
            counts: Vec::new(),
        }
    }

    /// Makes sure that so many groups exist.
    pub fn grow(&mut self, total: usize) {
        if self.counts.len() >= total {
            return;
        }
        if self.counts.len() <= 1 && total > 1 {
            for number in 0..self.values.len() {
                if let Ok(number) = u32::try_from(number) {
                    let p = pair(0, number);
                    self.seen.insert_unique(spread(p), p, |p| spread(*p));
                }
            }
        }
        self.counts.resize(total, 0);
    }

    /// Adds a value to a group; how many the group has when it is new there.
    #[inline]
    fn insert(&mut self, group: usize, key: K) -> Result<Option<usize>> {
        let Pairs {
            values,
            numbers,
            seen,
            counts,
        } = self;
        let hash = key.hash();
        let at = |n: &u32| usize::try_from(*n).ok().and_then(|n| values.get(n));
        let (number, fresh) = match numbers.find(hash, |n| at(n) == Some(&key)) {
            Some(n) => (*n, false),
            None => {
                let n = u32::try_from(values.len()).map_err(|_| too_large())?;
                numbers.insert_unique(hash, n, |n| at(n).map_or(0, |k| k.hash()));
                values.push(key);
                (n, true)
            }
        };
        let fresh = if counts.len() <= 1 {
            fresh
        } else {
            let p = pair(u32::try_from(group).map_err(|_| too_large())?, number);
            let hash = spread(p);
            let fresh = fresh || seen.find(hash, |s| *s == p).is_none();
            if fresh {
                seen.insert_unique(hash, p, |p| spread(*p));
            }
            fresh
        };
        Ok(match counts.get_mut(group) {
            Some(n) if fresh => {
                *n += 1;
                Some(*n)
            }
            _ => None,
        })
    }

    /// Adds the rows of a batch. `most`: a group may not have more values.
    pub fn update(
        &mut self,
        keys: &Keys<K>,
        groups: &[usize],
        most: usize,
        too_many: fn() -> KernelError,
    ) -> Result<()> {
        for (row, group) in groups.iter().enumerate() {
            if let Some(key) = keys.get(row)
                && self.insert(*group, key)?.is_some_and(|n| n > most)
            {
                return Err(too_many());
            }
        }
        Ok(())
    }

    /// Adds what [`Self::states`] gave.
    pub fn merge(
        &mut self,
        states: &ArrayRef,
        groups: &[usize],
        most: usize,
        too_many: fn() -> KernelError,
    ) -> Result<()> {
        let bad = || KernelError::new("internal: broken aggregate state");
        let states = states
            .as_any()
            .downcast_ref::<BinaryArray>()
            .ok_or_else(bad)?;
        for (row, group) in groups.iter().enumerate() {
            if states.is_null(row) {
                continue;
            }
            let mut reader = Reader(states.value(row));
            while !reader.0.is_empty() {
                let key = K::load(&mut reader).ok_or_else(bad)?;
                if self.insert(*group, key)?.is_some_and(|n| n > most) {
                    return Err(too_many());
                }
            }
        }
        Ok(())
    }

    /// How many values the first `n` groups have; the groups are gone then.
    pub fn counts(&mut self, n: usize) -> Vec<usize> {
        let n = n.min(self.counts.len());
        let rest = self.counts.split_off(n);
        let out = std::mem::replace(&mut self.counts, rest);
        self.forget(n);
        out
    }

    /// The values of the first `n` groups as bytes; the groups are gone then.
    pub fn states(&mut self, n: usize) -> Result<ArrayRef> {
        let n = n.min(self.counts.len());
        // The numbers of each group, group by group.
        let mut ends = Vec::with_capacity(n);
        let mut total = 0usize;
        for count in self.counts.iter().take(n) {
            ends.push(total);
            total = total.saturating_add(*count);
        }
        if i32::try_from(total.saturating_mul(size_of::<K>())).is_err() {
            return Err(KernelError::new(
                "the intermediate results of an aggregate take more than 2 GB in one piece",
            ));
        }
        let mut of_groups = vec![0usize; total];
        let mut put = |group: usize, number: usize| {
            if let Some(end) = ends.get_mut(group) {
                if let Some(place) = of_groups.get_mut(*end) {
                    *place = number;
                }
                *end += 1;
            }
        };
        if self.counts.len() <= 1 {
            (0..total).for_each(|number| put(0, number));
        } else {
            for p in &self.seen {
                let (group, number) = halves(*p);
                put(group, number);
            }
        }
        let mut b = BinaryBuilder::with_capacity(n, total.saturating_mul(size_of::<K>()));
        let mut bytes = Vec::new();
        let mut from = 0;
        for end in ends {
            bytes.clear();
            for number in of_groups.get(from..end).unwrap_or_default() {
                if let Some(key) = self.values.get(*number) {
                    key.save(&mut bytes);
                }
            }
            from = end;
            b.append_value(&bytes);
        }
        self.counts(n);
        Ok(Arc::new(b.finish()))
    }

    /// Takes the pairs of the first `n` groups out, which `counts` has no longer; the others move down.
    fn forget(&mut self, n: usize) {
        if n == 0 {
            return;
        }
        if self.counts.is_empty() {
            *self = Pairs::new();
            return;
        }
        let mut seen = HashTable::with_capacity(self.counts.iter().sum::<usize>());
        for p in &self.seen {
            let (group, number) = halves(*p);
            if let Some(group) = group.checked_sub(n)
                && let (Ok(group), Ok(number)) = (u32::try_from(group), u32::try_from(number))
            {
                let p = pair(group, number);
                seen.insert_unique(spread(p), p, |p| spread(*p));
            }
        }
        self.seen = seen;
        if self.counts.len() == 1 {
            // One group is left: its values are all there are.
            let (values, pairs) = (
                std::mem::take(&mut self.values),
                std::mem::take(&mut self.seen),
            );
            let count: usize = self.counts.iter().sum();
            *self = Pairs::new();
            self.counts.push(0);
            for p in &pairs {
                if let Some(key) = values.get(halves(*p).1) {
                    // It can only fail where it failed before.
                    let _ = self.insert(0, *key);
                }
            }
            debug_assert_eq!(self.values.len(), count);
        }
    }

    /// Bytes held.
    pub fn size(&self) -> usize {
        let table = |capacity: usize, entry: usize| capacity / 7 * 8 * (entry + 1);
        self.values.capacity() * size_of::<K>()
            + table(self.numbers.capacity(), size_of::<u32>())
            + table(self.seen.capacity(), size_of::<u64>())
            + self.counts.capacity() * size_of::<usize>()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn never() -> KernelError {
        KernelError::new("never")
    }

    /// Groups that leave in parts, through states and merges, have what plain sets have.
    #[test]
    fn agrees_with_sets() {
        let mut x = 7u64;
        let mut below = |n: u64| {
            x = spread(x);
            x % n
        };
        for groups in [1usize, 2, 5, 40] {
            let mut want = vec![HashSet::new(); groups];
            let mut a = Pairs::<u64>::new();
            let mut b = Pairs::<u64>::new();
            for round in 1..=groups {
                for p in [&mut a, &mut b] {
                    p.grow(round);
                    for _ in 0..60 {
                        let group = usize::try_from(below(round as u64)).unwrap();
                        let key = spread(below(30));
                        p.insert(group, key).unwrap();
                        want[group].insert(key);
                    }
                }
            }
            let mut all = Pairs::<u64>::new();
            all.grow(groups);
            for mut p in [a, b] {
                let mut at = 0;
                while at < groups {
                    let n = (groups - at).min(groups / 2 + 1);
                    let states = p.states(n).unwrap();
                    let to: Vec<usize> = (at..at + n).collect();
                    all.merge(&states, &to, usize::MAX, never).unwrap();
                    at += n;
                }
                assert!(p.counts.is_empty());
            }
            let mut got = all.counts(groups / 3);
            got.extend(all.counts(groups));
            let want: Vec<usize> = want.iter().map(HashSet::len).collect();
            assert_eq!(got, want);
        }
    }
}
