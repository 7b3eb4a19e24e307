//! Lists of address ranges that one address is looked up in.

use super::address::{V4, V6, mask4, mask6};

/// Ranges of addresses, ready for looking up.
#[derive(Debug, Default)]
pub struct Ranges<T> {
    /// First and last address, in order and apart from each other.
    ranges: Vec<(T, T)>,
    /// A text was no range.
    pub broken: bool,
}

impl<T: Copy + Ord> Ranges<T> {
    fn add(&mut self, range: Option<(T, T)>) {
        match range {
            Some(range) => self.ranges.push(range),
            None => self.broken = true,
        }
    }

    /// Puts the ranges in order; before this nothing is found.
    pub fn finish(&mut self) {
        self.ranges.sort_unstable();
        self.ranges.dedup_by(|next, kept| {
            let within = next.0 <= kept.1;
            if within {
                kept.1 = kept.1.max(next.1);
            }
            within
        });
    }

    /// Whether an address is in one of them: null when it is in none and one of them is no range.
    pub fn has(&self, address: T) -> Option<bool> {
        let after = self.ranges.partition_point(|r| r.0 <= address);
        let found = after
            .checked_sub(1)
            .and_then(|i| self.ranges.get(i))
            .is_some_and(|r| address <= r.1);
        (found || !self.broken).then_some(found)
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.ranges.clear();
        self.broken = false;
    }
}

impl Ranges<u32> {
    /// Adds an IPv4 range.
    pub fn add_v4(&mut self, text: &str) {
        self.add(V4::parse(text).map(|v| {
            let first = v.network();
            (first, first | !mask4(v.prefix))
        }));
    }
}

impl Ranges<u128> {
    /// Adds an IPv6 or IPv4 range.
    pub fn add_v6(&mut self, text: &str) {
        self.add(V6::parse_mapping(text).map(|v| {
            let first = v.network();
            (first, first | !mask6(v.prefix))
        }));
    }
}
