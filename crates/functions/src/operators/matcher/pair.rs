//! A search for an ASCII needle in any case by two of its bytes at once.
//!
//! Where both of the needle's two rarest bytes stand at their distance, the whole is compared. The loop over a block has
//! a fixed length and no branches, so it is compiled to vector instructions; one common byte does not slow it down as it
//! would a search for that byte alone.

/// The two bytes and where they stand in the needle.
#[derive(Debug, Clone)]
pub struct Pair {
    first: Byte,
    second: Byte,
}

/// A byte is compared in lower case: `(b | case) == low`, where `case` is the bit in which the two cases differ, or 0 for
/// what has one. No other byte than the two cases becomes `low`: it would have to differ from it in that bit alone.
#[derive(Debug, Clone)]
struct Byte {
    at: usize,
    low: u8,
    case: u8,
    /// The same once for each place of a block, so that they need not be spread for each text.
    lows: [u8; BLOCK],
    cases: [u8; BLOCK],
}

const BLOCK: usize = 32;

impl Byte {
    fn of(needle: &[u8], at: usize) -> Byte {
        let b = needle.get(at).copied().unwrap_or_default();
        let case = if b.is_ascii_alphabetic() { 0x20 } else { 0 };
        Byte {
            at,
            low: b | case,
            case,
            lows: [b | case; BLOCK],
            cases: [case; BLOCK],
        }
    }

    #[inline]
    fn is(&self, b: u8) -> bool {
        (b | self.case) == self.low
    }
}

/// Bytes of machine-written text, the most frequent first; what is not here is rarer.
const FREQUENT: &[u8] = b" etaoinsrlcd0pum1./-25,3478h69g:f\\byw\"v_=kx()'jzq";

fn rarity(b: u8) -> usize {
    FREQUENT
        .iter()
        .position(|f| *f == b.to_ascii_lowercase())
        .unwrap_or(FREQUENT.len())
}

impl Pair {
    /// Chooses the two bytes of a needle.
    pub fn new(needle: &[u8]) -> Pair {
        let rarest = |besides: Option<usize>| {
            needle
                .iter()
                .enumerate()
                .filter(|(i, _)| Some(*i) != besides)
                .max_by_key(|(_, b)| rarity(**b))
                .map(|(i, _)| i)
        };
        let first = rarest(None).unwrap_or(0);
        let second = rarest(Some(first)).unwrap_or(first);
        Pair {
            first: Byte::of(needle, first),
            second: Byte::of(needle, second),
        }
    }

    /// Where the needle, for which this was made, begins in `text` at or behind `from`.
    #[inline]
    pub fn find<'a>(&'a self, needle: &'a [u8], text: &'a [u8], from: usize) -> Option<usize> {
        if needle.len() == 1 {
            let (low, up) = (self.first.low, self.first.low ^ self.first.case);
            return memchr::memchr2(low, up, text.get(from..)?).map(|i| from + i);
        }
        let starts = (text.len() + 1).checked_sub(needle.len().max(1))?;
        if from >= starts {
            return None;
        }
        let search = Search {
            pair: self,
            needle,
            text,
            first: text.get(self.first.at..)?.get(..starts)?,
            second: text.get(self.second.at..)?.get(..starts)?,
        };
        match starts {
            0..8 => search.each(from, starts),
            8..16 => search.blocks::<8>(from),
            16..BLOCK => search.blocks::<16>(from),
            _ => search.blocks::<BLOCK>(from),
        }
    }
}

struct Search<'a> {
    pair: &'a Pair,
    needle: &'a [u8],
    text: &'a [u8],
    /// For each place where the needle may begin, the byte that would be its `pair.first`.
    first: &'a [u8],
    second: &'a [u8],
}

impl Search<'_> {
    #[inline]
    fn blocks<const N: usize>(&self, from: usize) -> Option<usize> {
        let starts = self.first.len();
        let mut at = from;
        while at + N <= starts {
            if self.may::<N>(at)
                && let Some(found) = self.each(at, at + N)
            {
                return Some(found);
            }
            at += N;
        }
        // The rest is looked at as a whole block too, together with places before it.
        let rest = starts.checked_sub(N)?;
        if at < starts && self.may::<N>(rest) {
            return self.each(at, starts);
        }
        None
    }

    /// Whether the needle may begin at one of `N` places.
    #[inline]
    fn may<const N: usize>(&self, at: usize) -> bool {
        let first: Option<&[u8; N]> = self.first.get(at..at + N).and_then(|s| s.try_into().ok());
        let second: Option<&[u8; N]> = self.second.get(at..at + N).and_then(|s| s.try_into().ok());
        let (Some(first), Some(second)) = (first, second) else {
            return true;
        };
        let one = first
            .iter()
            .zip(&self.pair.first.cases)
            .zip(&self.pair.first.lows);
        let two = second
            .iter()
            .zip(&self.pair.second.cases)
            .zip(&self.pair.second.lows);
        let mut any = 0u8;
        for (((a, ca), la), ((b, cb), lb)) in one.zip(two) {
            any |= u8::from((a | ca) == *la) & u8::from((b | cb) == *lb);
        }
        any != 0
    }

    #[inline(never)]
    fn each(&self, from: usize, to: usize) -> Option<usize> {
        let first = self.first.get(from..to)?.iter();
        let second = self.second.get(from..to)?.iter();
        for (i, (a, b)) in first.zip(second).enumerate() {
            let at = from + i;
            if self.pair.first.is(*a)
                && self.pair.second.is(*b)
                && self
                    .text
                    .get(at..at + self.needle.len())
                    .is_some_and(|t| t.eq_ignore_ascii_case(self.needle))
            {
                return Some(at);
            }
        }
        None
    }
}
