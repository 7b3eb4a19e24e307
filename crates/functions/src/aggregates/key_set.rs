//! A set of keys that is small while it has few: most groups of most queries have one to five values.

use super::keys::Key;
use super::state::Reader;
use hashbrown::HashTable;

/// How many keys stand in a line before there is a table.
const FEW: usize = 7;

/// With 64-bit keys one cache line.
pub(crate) struct Few<K> {
    len: u8,
    keys: [K; FEW],
}

/// A set of keys.
#[derive(Default)]
pub(crate) enum KeySet<K> {
    #[default]
    Empty,
    One(K),
    Few(Box<Few<K>>),
    Many(Box<HashTable<K>>),
}

impl<K: Key> KeySet<K> {
    /// How many.
    pub fn len(&self) -> usize {
        match self {
            KeySet::Empty => 0,
            KeySet::One(_) => 1,
            KeySet::Few(f) => usize::from(f.len),
            KeySet::Many(t) => t.len(),
        }
    }

    /// Adds a key. True when it is new.
    #[inline]
    pub fn insert(&mut self, key: K) -> bool {
        match self {
            KeySet::Empty => {
                *self = KeySet::One(key);
                true
            }
            KeySet::One(k) if *k == key => false,
            KeySet::One(k) => {
                let mut keys = [K::default(); FEW];
                keys[0] = *k;
                keys[1] = key;
                *self = KeySet::Few(Box::new(Few { len: 2, keys }));
                true
            }
            KeySet::Few(f) => {
                let n = usize::from(f.len);
                if f.keys.iter().take(n).any(|k| *k == key) {
                    return false;
                }
                match f.keys.get_mut(n) {
                    Some(place) => {
                        *place = key;
                        f.len += 1;
                    }
                    None => {
                        let mut table = HashTable::with_capacity(4 * FEW);
                        for k in f.keys.iter().chain(std::iter::once(&key)) {
                            table.insert_unique(k.hash(), *k, |k| k.hash());
                        }
                        *self = KeySet::Many(Box::new(table));
                    }
                }
                true
            }
            KeySet::Many(t) => insert(t, key),
        }
    }

    /// Calls for each key, in no order.
    pub fn each(&self, mut f: impl FnMut(K)) {
        match self {
            KeySet::Empty => {}
            KeySet::One(k) => f(*k),
            KeySet::Few(few) => few
                .keys
                .iter()
                .take(usize::from(few.len))
                .for_each(|k| f(*k)),
            KeySet::Many(t) => t.iter().for_each(|k| f(*k)),
        }
    }

    /// Adds another set.
    pub fn merge(&mut self, mut other: KeySet<K>) {
        if self.len() < other.len() {
            std::mem::swap(self, &mut other);
        }
        other.each(|k| {
            self.insert(k);
        });
    }

    /// Writes its keys.
    pub fn save(&self, out: &mut Vec<u8>) {
        self.each(|k| k.save(out));
    }

    /// Reads the keys up to the end.
    pub fn load(reader: &mut Reader<'_>) -> Option<Self> {
        let n = reader.0.len() / size_of::<K>();
        let mut set = KeySet::Empty;
        if n > FEW {
            set = KeySet::Many(Box::new(HashTable::with_capacity(n)));
        }
        while !reader.0.is_empty() {
            let key = K::load(reader)?;
            set.insert(key);
        }
        Some(set)
    }

    /// Bytes on the heap.
    #[inline]
    pub fn heap_size(&self) -> usize {
        match self {
            KeySet::Empty | KeySet::One(_) => 0,
            KeySet::Few(_) => size_of::<Few<K>>(),
            KeySet::Many(t) => t.capacity() / 7 * 8 * (size_of::<K>() + 1) + 48,
        }
    }
}

fn insert<K: Key>(table: &mut HashTable<K>, key: K) -> bool {
    let hash = key.hash();
    if table.find(hash, |k| *k == key).is_some() {
        return false;
    }
    table.insert_unique(hash, key, |k| k.hash());
    true
}
