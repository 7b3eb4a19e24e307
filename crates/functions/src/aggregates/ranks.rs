//! Values by rank: exact while they are few, a digest beyond.
//!
//! Values are `i64` keys in the order of the values. All of them are kept, equal ones once with their weight, up to
//! 65,536 different ones; then neighbours are united into two to four thousand clusters, the finer the nearer they are to the
//! ends, as in a t-digest. A cluster is represented by one of its values, so every answer is a value of the group, and
//! the least and the greatest are always exact. The error is in the rank: at most about 0.1 per cent of the values in
//! the middle, far less at the ends.

use super::state::{Reader, put_len};
use crate::spec::{KernelError, Result};

/// So many different values are kept; twice as many values wait before they are sorted in.
const KEPT: usize = 65_536;
/// The scale of a digest: it has fewer clusters than this.
const CLUSTERS: f64 = 4096.0;

/// The values of one group.
#[derive(Default)]
pub(crate) struct Ranks {
    /// Values of weight 1, in no order.
    fresh: Vec<i64>,
    rest: Option<Box<Rest>>,
}

/// What a group has when it is large or weighted.
#[derive(Default)]
struct Rest {
    /// Values and weights in order, each value once.
    sorted: Vec<(i64, i64)>,
    /// More of them, in no order.
    fresh: Vec<(i64, i64)>,
    /// Whether values have been united.
    digest: bool,
}

impl Ranks {
    /// Adds a value.
    #[inline]
    pub fn add(&mut self, key: i64) -> Result<()> {
        self.fresh.push(key);
        if self.fresh.len() >= 2 * KEPT {
            self.compact()?;
        }
        Ok(())
    }

    /// Adds a value so many times; not at all when the weight is not positive.
    pub fn add_weighted(&mut self, key: i64, weight: i64) -> Result<()> {
        if weight <= 0 {
            return Ok(());
        }
        let rest = self.rest.get_or_insert_default();
        rest.fresh.push((key, weight));
        if rest.fresh.len() >= 2 * KEPT {
            self.compact()?;
        }
        Ok(())
    }

    /// Adds the values of another group.
    pub fn merge(&mut self, mut other: Ranks) -> Result<()> {
        if self.fresh.is_empty() && self.rest.is_none() {
            *self = other;
            return Ok(());
        }
        if let Some(theirs) = other.rest.take() {
            let mine = self.rest.get_or_insert_default();
            mine.digest |= theirs.digest;
            mine.fresh.extend(theirs.sorted);
            mine.fresh.extend(theirs.fresh);
        }
        self.fresh.extend_from_slice(&other.fresh);
        let waiting = self.rest.as_ref().map_or(0, |r| r.fresh.len());
        if waiting >= 2 * KEPT || self.fresh.len() >= 2 * KEPT {
            self.compact()?;
        }
        Ok(())
    }

    /// Sorts everything in, and unites neighbours when there are too many different values.
    fn compact(&mut self) -> Result<()> {
        let rest = self.rest.get_or_insert_default();
        let mut fresh = std::mem::take(&mut rest.fresh);
        fresh.extend(std::mem::take(&mut self.fresh).into_iter().map(|k| (k, 1)));
        fresh.sort_unstable_by_key(|f| f.0);
        let old = std::mem::take(&mut rest.sorted);
        let mut out: Vec<(i64, i64)> = Vec::with_capacity(old.len() + fresh.len() / 2);
        let mut put = |(key, weight): (i64, i64)| -> Result<()> {
            match out.last_mut() {
                Some(last) if last.0 == key => last.1 = plus(last.1, weight)?,
                _ => out.push((key, weight)),
            }
            Ok(())
        };
        let mut left = old.into_iter().peekable();
        for f in fresh {
            while let Some(l) = left.next_if(|l| l.0 <= f.0) {
                put(l)?;
            }
            put(f)?;
        }
        for l in left {
            put(l)?;
        }
        if out.len() > KEPT || (rest.digest && out.len() > 4096) {
            rest.digest = true;
            out = unite(&out)?;
        }
        rest.sorted = out;
        Ok(())
    }

    /// Values and weights in order, fit to be written out: all of up to `limit` different values, clusters of more.
    pub fn clusters(&mut self, limit: usize) -> Result<&[(i64, i64)]> {
        self.compact()?;
        let rest = self.rest.get_or_insert_default();
        if rest.sorted.len() > limit {
            rest.sorted = unite(&rest.sorted)?;
            rest.digest = true;
        }
        Ok(&rest.sorted)
    }

    /// The values at these percentages by nearest rank: the least value such that so many per cent of all are no
    /// greater. None when there are no values.
    pub fn at(&mut self, percentages: &[f64]) -> Result<Option<Vec<i64>>> {
        if self.rest.is_none() {
            return Ok(self.at_of_few(percentages));
        }
        self.compact()?;
        let sorted = match &self.rest {
            Some(rest) if !rest.sorted.is_empty() => &rest.sorted,
            _ => return Ok(None),
        };
        let mut upto = Vec::with_capacity(sorted.len());
        let mut total = 0i64;
        for (_, weight) in sorted {
            total = plus(total, *weight)?;
            upto.push(total);
        }
        Ok(percentages
            .iter()
            .map(|p| {
                let rank = rank(*p, total);
                let i = upto.partition_point(|u| *u < rank);
                sorted.get(i).or(sorted.last()).map(|s| s.0)
            })
            .collect())
    }

    fn at_of_few(&mut self, percentages: &[f64]) -> Option<Vec<i64>> {
        let n = self.fresh.len();
        if n == 0 {
            return None;
        }
        let place = |p: f64| {
            let rank = rank(p, i64::try_from(n).unwrap_or(i64::MAX));
            usize::try_from(rank - 1).unwrap_or(0).min(n - 1)
        };
        if let [p] = percentages {
            let (_, value, _) = self.fresh.select_nth_unstable(place(*p));
            return Some(vec![*value]);
        }
        self.fresh.sort_unstable();
        percentages
            .iter()
            .map(|p| self.fresh.get(place(*p)).copied())
            .collect()
    }

    /// Writes itself.
    pub fn save(&self, out: &mut Vec<u8>) {
        put_len(out, self.fresh.len());
        for k in &self.fresh {
            out.extend_from_slice(&k.to_le_bytes());
        }
        if let Some(rest) = &self.rest {
            out.push(u8::from(rest.digest));
            for (k, w) in rest.sorted.iter().chain(&rest.fresh) {
                out.extend_from_slice(&k.to_le_bytes());
                out.extend_from_slice(&w.to_le_bytes());
            }
        }
    }

    /// Reads what `save` wrote.
    pub fn load(r: &mut Reader<'_>) -> Option<Self> {
        let n = r.len()?;
        let mut ranks = Ranks::default();
        if n > r.0.len() / 8 {
            return None;
        }
        ranks.fresh.reserve_exact(n);
        for _ in 0..n {
            ranks.fresh.push(r.i64()?);
        }
        if let Some(digest) = r.u8() {
            let mut rest = Rest {
                digest: digest == 1,
                ..Rest::default()
            };
            while !r.0.is_empty() {
                rest.fresh.push((r.i64()?, r.i64()?));
            }
            ranks.rest = Some(Box::new(rest));
        }
        Some(ranks)
    }

    /// Bytes on the heap.
    #[inline]
    pub fn heap_size(&self) -> usize {
        self.fresh.capacity() * 8
            + self.rest.as_ref().map_or(0, |r| {
                (r.sorted.capacity() + r.fresh.capacity()) * 16 + size_of::<Rest>()
            })
    }
}

/// The rank, from 1, of a percentage among `total` values.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
pub(crate) fn rank(percentage: f64, total: i64) -> i64 {
    let exact = percentage * total as f64 / 100.0;
    // 99.9 per cent of 1000 is 999 however doubles have it.
    let rounded = exact.round();
    let rank = if (exact - rounded).abs() <= 1e-12 * exact.abs() {
        rounded
    } else {
        exact.ceil()
    };
    (rank as i64).clamp(1, total.max(1))
}

fn plus(a: i64, b: i64) -> Result<i64> {
    a.checked_add(b).ok_or_else(|| {
        KernelError::new("the weights of a percentile overflow: their sum exceeds a long")
    })
}

/// Unites neighbours into clusters. The first and the last value stay by themselves.
#[allow(clippy::cast_precision_loss)]
fn unite(sorted: &[(i64, i64)]) -> Result<Vec<(i64, i64)>> {
    let mut total = 0i64;
    for s in sorted {
        total = plus(total, s.1)?;
    }
    let total = total as f64;
    // The scale of a t-digest: a cluster is as wide as one step of it.
    let scale = |weight: i64| {
        let q = (weight as f64 / total).clamp(0.0, 1.0);
        CLUSTERS / std::f64::consts::TAU * (2.0 * q - 1.0).asin()
    };
    let mut out = Vec::with_capacity(4096);
    let mut start = 0;
    let mut before = 0i64;
    while start < sorted.len() {
        let from = scale(before);
        let mut end = start + 1;
        let mut weight = sorted.get(start).map_or(0, |s| s.1);
        if start > 0 {
            while let Some(next) = sorted.get(end)
                && end + 1 < sorted.len()
                && scale(before + weight + next.1) - from <= 1.0
            {
                weight += next.1;
                end += 1;
            }
        }
        // Its middle value stands for all.
        let mut seen = 0i64;
        let middle = sorted
            .get(start..end)
            .unwrap_or_default()
            .iter()
            .find(|s| {
                seen += s.1;
                seen >= weight - weight / 2
            })
            .map_or(0, |s| s.0);
        out.push((middle, weight));
        before += weight;
        start = end;
    }
    Ok(out)
}

/// A double as a key of the same order; NaN is the greatest.
#[inline]
pub(crate) fn key_of_real(x: f64) -> i64 {
    let bits = super::keys::real_bits(x).cast_signed();
    if bits < 0 { bits ^ i64::MAX } else { bits }
}

/// The double of a key.
pub(crate) fn real_of_key(key: i64) -> f64 {
    let bits = if key < 0 { key ^ i64::MAX } else { key };
    f64::from_bits(bits.cast_unsigned())
}
