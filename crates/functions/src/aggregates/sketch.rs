//! How many different values a group has: exact while they are few, HyperLogLog beyond.
//!
//! A sketch of precision p has 2^p registers. Up to 2^p different values it keeps their 64-bit hashes, so the count is
//! exact; then the registers, whose standard error is 1.04 / sqrt(2^p). What a sketch is depends only on the set of
//! values, never on their order or on how they were divided among partitions.

use super::key_set::KeySet;
use super::state::Reader;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kql_types::DynRef;
use kql_types::dynamic::DynWriter;

/// A sketch.
pub(crate) enum Sketch {
    /// The hashes of all values.
    Exact(KeySet<u64>),
    /// A register each for 2^p parts of the hashes: the longest run of zeros and one more.
    #[allow(clippy::box_collection)] // a sketch stays 16 bytes
    Dense(Box<Vec<u8>>),
}

impl Default for Sketch {
    fn default() -> Self {
        Sketch::Exact(KeySet::Empty)
    }
}

/// The precision for an accuracy of 0 to 4: errors of 1.6, 0.8, 0.4, 0.28 and 0.2 per cent.
pub(crate) fn precision(accuracy: i64) -> Option<u32> {
    Some(match accuracy {
        0 => 12,
        1 => 14,
        2 => 16,
        3 => 17,
        4 => 18,
        _ => return None,
    })
}

impl Sketch {
    /// Adds a hash.
    #[inline]
    pub fn add(&mut self, p: u32, hash: u64) {
        match self {
            Sketch::Exact(set) => {
                if set.insert(hash) && set.len() > 1 << p {
                    self.spill(p);
                }
            }
            Sketch::Dense(registers) => note(registers, p, hash),
        }
    }

    fn spill(&mut self, p: u32) {
        if let Sketch::Exact(set) = self {
            let mut registers = Box::new(vec![0u8; 1 << p]);
            set.each(|h| note(&mut registers, p, h));
            *self = Sketch::Dense(registers);
        }
    }

    /// Adds another sketch of the same precision.
    pub fn merge(&mut self, p: u32, other: Sketch) {
        match (&mut *self, other) {
            (Sketch::Exact(a), Sketch::Exact(b)) => {
                a.merge(b);
                if a.len() > 1 << p {
                    self.spill(p);
                }
            }
            (Sketch::Dense(a), Sketch::Exact(b)) => b.each(|h| note(a, p, h)),
            (Sketch::Exact(a), Sketch::Dense(mut b)) => {
                a.each(|h| note(&mut b, p, h));
                *self = Sketch::Dense(b);
            }
            (Sketch::Dense(a), Sketch::Dense(b)) => {
                for (x, y) in a.iter_mut().zip(b.iter()) {
                    *x = (*x).max(*y);
                }
            }
        }
    }

    /// How many different values.
    pub fn count(&self, p: u32) -> i64 {
        match self {
            Sketch::Exact(set) => i64::try_from(set.len()).unwrap_or(i64::MAX),
            Sketch::Dense(registers) => estimate(registers, p),
        }
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        matches!(self, Sketch::Exact(set) if set.len() == 0)
    }

    /// Writes itself.
    pub fn save(&self, out: &mut Vec<u8>) {
        match self {
            Sketch::Exact(set) => {
                out.push(0);
                set.save(out);
            }
            Sketch::Dense(registers) => {
                out.push(1);
                out.extend_from_slice(registers);
            }
        }
    }

    /// Reads what `save` wrote.
    pub fn load(reader: &mut Reader<'_>, p: u32) -> Option<Self> {
        match reader.u8()? {
            0 => KeySet::load(reader).map(Sketch::Exact),
            1 if reader.0.len() == 1 << p => Some(Sketch::Dense(Box::new(reader.0.to_vec()))),
            _ => None,
        }
    }

    /// Bytes on the heap.
    #[inline]
    pub fn heap_size(&self) -> usize {
        match self {
            Sketch::Exact(set) => set.heap_size(),
            Sketch::Dense(registers) => registers.capacity() + size_of::<Vec<u8>>(),
        }
    }

    /// Writes the value that `hll` gives: `[[limit, p], [hashes], []]`, or the registers as base64 in the third place.
    pub fn write(&self, p: u32, w: &mut DynWriter) {
        w.begin_array();
        w.begin_array();
        w.long(1 << p);
        w.long(i64::from(p));
        w.end();
        w.begin_array();
        if let Sketch::Exact(set) = self {
            let mut hashes = Vec::with_capacity(set.len());
            set.each(|h| hashes.push(h.cast_signed()));
            hashes.sort_unstable();
            let mut text = itoa::Buffer::new();
            for h in hashes {
                w.string(text.format(h));
            }
        }
        w.end();
        w.begin_array();
        if let Sketch::Dense(registers) = self {
            w.string(&STANDARD.encode(registers.as_slice()));
        }
        w.end();
        w.end();
    }

    /// Reads what `write` wrote, with its precision. A value from Kusto itself is not read: its hashes are others.
    pub fn read(value: DynRef<'_>) -> Option<(u32, Self)> {
        let long = |v: Option<DynRef<'_>>| match v {
            Some(DynRef::Long(n)) => Some(n),
            _ => None,
        };
        let head = value.at(0)?;
        let p = u32::try_from(long(head.at(1))?).ok()?;
        if !(4..=18).contains(&p) || long(head.at(0))? != 1 << p {
            return None;
        }
        let (DynRef::Array(hashes), DynRef::Array(registers)) = (value.at(1)?, value.at(2)?) else {
            return None;
        };
        match registers.get(0) {
            Some(DynRef::String(text)) => {
                let registers = STANDARD.decode(text).ok()?;
                (registers.len() == 1 << p).then(|| (p, Sketch::Dense(Box::new(registers))))
            }
            Some(_) => None,
            None => {
                let mut set = KeySet::Empty;
                for h in hashes.iter() {
                    let h = match h {
                        DynRef::String(text) => text.parse::<i64>().ok()?,
                        DynRef::Long(n) => n,
                        _ => return None,
                    };
                    set.insert(h.cast_unsigned());
                }
                Some((p, Sketch::Exact(set)))
            }
        }
    }
}

/// Notes a hash in its register.
#[inline]
pub(super) fn note(registers: &mut [u8], p: u32, hash: u64) {
    let rest = hash << p;
    // A guard bit ends the run when all other bits are zero.
    let run = (rest | (1 << (p - 1))).leading_zeros() + 1;
    if let (Ok(i), Ok(run)) = (usize::try_from(hash >> (64 - p)), u8::try_from(run))
        && let Some(r) = registers.get_mut(i)
        && *r < run
    {
        *r = run;
    }
}

/// Ertl's estimator: no tables, and no bias anywhere between zero and the largest counts.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
pub(super) fn estimate(registers: &[u8], p: u32) -> i64 {
    let q = 64 - p as usize;
    let mut histogram = vec![0u32; q + 2];
    for r in registers {
        if let Some(n) = histogram.get_mut(usize::from(*r)) {
            *n += 1;
        }
    }
    let at = |k: usize| f64::from(histogram.get(k).copied().unwrap_or(0));
    let m = registers.len() as f64;
    let mut z = m * tau(1.0 - at(q + 1) / m);
    for k in (1..=q).rev() {
        z = 0.5 * (z + at(k));
    }
    z += m * sigma(at(0) / m);
    (m / (2.0 * std::f64::consts::LN_2) * m / z).round() as i64
}

fn sigma(x: f64) -> f64 {
    if x >= 1.0 {
        return f64::INFINITY;
    }
    let (mut x, mut y, mut z) = (x, 1.0, x);
    loop {
        x *= x;
        let before = z;
        z += x * y;
        y += y;
        if z <= before {
            return z;
        }
    }
}

fn tau(x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return 0.0;
    }
    let (mut x, mut y, mut z) = (x, 1.0, 1.0 - x);
    loop {
        x = x.sqrt();
        let before = z;
        y *= 0.5;
        z -= (1.0 - x) * (1.0 - x) * y;
        if z >= before {
            return z / 3.0;
        }
    }
}
