//! Sorting numbers of up to 128 bits in place.

use crate::node::order::at_once::at_once;
use datafusion::common::Result;

/// Below this many numbers comparing is quicker than counting.
const FEW: usize = 192;

/// From this many numbers on several threads sort.
const MANY: usize = 1 << 14;

/// A row as a number that sorts as the row does.
pub(super) trait Code: Copy + Ord + Send + Sync + 'static {
    /// From the widest number; bits beyond the type are lost.
    fn narrow(wide: u128) -> Self;
    /// As the widest number.
    fn wide(self) -> u128;
    /// Eight bits from a place on.
    fn digit(self, shift: u32) -> usize;
}

impl Code for u64 {
    fn narrow(wide: u128) -> u64 {
        u64::try_from(wide & u128::from(u64::MAX)).unwrap_or(0)
    }

    fn wide(self) -> u128 {
        u128::from(self)
    }

    fn digit(self, shift: u32) -> usize {
        usize::from((self >> shift).to_le_bytes()[0])
    }
}

impl Code for u128 {
    fn narrow(wide: u128) -> u128 {
        wide
    }

    fn wide(self) -> u128 {
        self
    }

    fn digit(self, shift: u32) -> usize {
        usize::from((self >> shift).to_le_bytes()[0])
    }
}

/// Sorts numbers of which only the lowest `bits` differ.
pub(super) fn sort<C: Code>(codes: &mut [C], bits: u32, threads: usize) -> Result<()> {
    if codes.is_sorted() {
        return Ok(());
    }
    if threads <= 1 || codes.len() < MANY || bits <= 8 {
        by_digits(codes, bits);
        return Ok(());
    }
    let mut jobs = Vec::with_capacity(256);
    let mut rest = codes;
    let counts = place(rest, bits - 8);
    for n in counts {
        let (group, after) = rest.split_at_mut(n);
        if n > 1 {
            jobs.push(group);
        }
        rest = after;
    }
    // The large ones first: a large one that comes last keeps one thread busy alone.
    jobs.sort_unstable_by_key(|group| std::cmp::Reverse(group.len()));
    at_once(threads, jobs, |group| {
        by_digits(group, bits - 8);
        Ok(())
    })?;
    Ok(())
}

/// Numbers into their places by the eight highest bits, then each group by the bits below.
fn by_digits<C: Code>(codes: &mut [C], bits: u32) {
    if codes.len() <= FEW || bits <= 8 {
        codes.sort_unstable();
        return;
    }
    let shift = bits - 8;
    let counts = place(codes, shift);
    let mut rest = codes;
    for n in counts {
        let (group, after) = rest.split_at_mut(n);
        if n > 1 {
            by_digits(group, shift);
        }
        rest = after;
    }
}

/// Groups numbers by eight bits, in place; gives the sizes of the groups.
fn place<C: Code>(codes: &mut [C], shift: u32) -> [usize; 256] {
    let mut counts = [0usize; 256];
    for c in codes.iter() {
        counts[c.digit(shift)] += 1;
    }
    let mut heads = [0usize; 256];
    let mut ends = [0usize; 256];
    let mut sum = 0;
    for (digit, n) in counts.iter().enumerate() {
        heads[digit] = sum;
        sum += n;
        ends[digit] = sum;
    }
    if counts.contains(&codes.len()) {
        return counts;
    }
    for digit in 0..256 {
        while heads[digit] < ends[digit] {
            let mut held = codes[heads[digit]];
            loop {
                let to = held.digit(shift);
                if to == digit {
                    break;
                }
                std::mem::swap(&mut held, &mut codes[heads[to]]);
                heads[to] += 1;
            }
            codes[heads[digit]] = held;
            heads[digit] += 1;
        }
    }
    counts
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_sorted() {
        let mut state = 7u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            state
        };
        for (rows, bits) in [(0, 1), (1, 64), (5_000, 64), (20_000, 90), (20_000, 128)] {
            let mut codes: Vec<u128> = (0..rows)
                .map(|_| ((u128::from(next()) << 64) | u128::from(next())) >> (128 - bits))
                .collect();
            let mut expected = codes.clone();
            expected.sort_unstable();
            let mut again = codes.clone();
            sort(&mut codes, bits, 1).unwrap();
            assert_eq!(codes, expected);
            sort(&mut again, bits, 3).unwrap();
            assert_eq!(again, expected);
            let mut short: Vec<u64> = (0..rows).map(|_| next() % 300).collect();
            let mut expected = short.clone();
            expected.sort_unstable();
            sort(&mut short, 9, 2).unwrap();
            assert_eq!(short, expected);
        }
    }
}
