//! A set of texts that stand one after the other in one text: no allocation a member.

use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// Different texts.
#[derive(Debug, Default)]
pub(super) struct Texts {
    hasher: DefaultHashBuilder,
    /// The members' numbers.
    table: HashTable<usize>,
    all: String,
    /// Where each member ends.
    ends: Vec<usize>,
}

/// A member by its number.
fn member<'a>(all: &'a str, ends: &[usize], number: usize) -> &'a str {
    let start = number.checked_sub(1).and_then(|n| ends.get(n)).copied();
    let end = ends.get(number).copied().unwrap_or(0);
    all.get(start.unwrap_or(0)..end).unwrap_or_default()
}

impl Texts {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn contains(&self, text: &str) -> bool {
        let hash = self.hasher.hash_one(text);
        let same = |n: &usize| member(&self.all, &self.ends, *n) == text;
        self.table.find(hash, same).is_some()
    }

    /// Adds a text. False when it is there.
    pub(super) fn insert(&mut self, text: &str) -> bool {
        let Texts {
            hasher,
            table,
            all,
            ends,
        } = self;
        let hash = hasher.hash_one(text);
        if table
            .find(hash, |n| member(all, ends, *n) == text)
            .is_some()
        {
            return false;
        }
        table.insert_unique(hash, ends.len(), |n| hasher.hash_one(member(all, ends, *n)));
        all.push_str(text);
        ends.push(all.len());
        true
    }

    /// The members in the order in which they came.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|n| member(&self.all, &self.ends, n))
    }
}

impl<S: AsRef<str>> FromIterator<S> for Texts {
    fn from_iter<I: IntoIterator<Item = S>>(texts: I) -> Self {
        let mut set = Texts::default();
        for text in texts {
            set.insert(text.as_ref());
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn agrees_with_a_plain_set() {
        let texts = (0..3000u32).map(|i| match i % 7 {
            0 => String::new(),
            1 => "é".repeat(usize::try_from(i % 5).unwrap_or(0)),
            _ => format!("{}", i * i % 977),
        });
        let mut set = Texts::default();
        let mut plain = BTreeSet::new();
        for text in texts {
            assert_eq!(set.contains(&text), plain.contains(&text));
            assert_eq!(set.insert(&text), plain.insert(text.clone()));
            assert_eq!(set.len(), plain.len());
        }
        assert!(!set.contains("x"));
        assert_eq!(
            set.iter().map(str::to_owned).collect::<BTreeSet<_>>(),
            plain
        );
    }
}
