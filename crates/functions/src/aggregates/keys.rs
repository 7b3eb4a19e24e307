//! Values of a column as keys: hashes of 64 bits for estimates, keys that are the value itself for exact counts.

use super::pairs::KEY_BITS;
use crate::adapter::{Any, Args};
use crate::spec::Result;
use arrow::array::BooleanArray;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// A column's values as keys; a null has none.
pub(crate) struct Keys<K> {
    keys: Vec<K>,
    /// Which rows have a value; none when all have.
    valid: Option<BooleanArray>,
}

impl<K: Copy + Default> Keys<K> {
    /// The key of a row.
    #[inline]
    pub fn get(&self, row: usize) -> Option<K> {
        if let Some(valid) = &self.valid
            && !(row < valid.len() && valid.value(row))
        {
            return None;
        }
        self.keys.get(row).copied()
    }

    fn of(rows: usize, mut key: impl FnMut(usize) -> Option<K>) -> Self {
        let mut keys = Vec::with_capacity(rows);
        let mut nulls = false;
        let mut valid = Vec::new();
        for row in 0..rows {
            let k = key(row);
            if k.is_none() && !nulls {
                nulls = true;
                valid.resize(row, true);
            }
            if nulls {
                valid.push(k.is_some());
            }
            keys.push(k.unwrap_or_default());
        }
        Keys {
            keys,
            valid: nulls.then(|| BooleanArray::from(valid)),
        }
    }
}

/// Spreads the bits of a number over all 64. Different numbers stay different.
#[inline]
pub(crate) fn spread(n: u64) -> u64 {
    let mut x = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// The bits of a double, one pattern for both zeros and one for every NaN.
#[inline]
pub(crate) fn real_bits(x: f64) -> u64 {
    if x.is_nan() {
        f64::NAN.to_bits()
    } else {
        (x + 0.0).to_bits()
    }
}

/// Hashes of an argument's values, the same in every run and for int and long alike.
pub(crate) fn hashes(args: &Args<'_>, i: usize) -> Result<Keys<u64>> {
    let n = args.rows;
    let long = |v: i64| spread(v.cast_unsigned());
    Ok(match args.any(i)? {
        Any::Bool(c) => Keys::of(n, |r| c.get(r).map(|b| spread(u64::from(b)))),
        Any::Int(c) => Keys::of(n, |r| c.get(r).map(|v| long(i64::from(v)))),
        Any::Long(c) | Any::DateTime(c) | Any::TimeSpan(c) => Keys::of(n, |r| c.get(r).map(long)),
        Any::Real(c) => Keys::of(n, |r| c.get(r).map(|v| spread(real_bits(v)))),
        Any::Decimal(c) => Keys::of(n, |r| c.get(r).map(|v| xxh3_64(&v.to_le_bytes()))),
        Any::Guid(c) => Keys::of(n, |r| c.get(r).map(|v| xxh3_64(&v))),
        Any::String(c) => {
            // Equal views of one array are equal texts, and neighbours repeat often.
            let mut last: Option<(u128, u64)> = None;
            Keys::of(n, |r| {
                let view = c.view(r);
                match last {
                    Some((v, h)) if v == view => Some(h),
                    _ => {
                        let h = xxh3_64(c.get(r).as_bytes());
                        last = Some((view, h));
                        Some(h)
                    }
                }
            })
        }
        Any::Dynamic(c) => Keys::of(n, |r| {
            let raw = c.raw(r);
            (!is_null(raw)).then(|| xxh3_64(raw))
        }),
    })
}

/// Whether the bytes of a dynamic value are a null's.
#[inline]
pub(crate) fn is_null(raw: &[u8]) -> bool {
    matches!(raw, [] | [0])
}

/// Keys that are equal only where the values are, for types of at most 64 bits.
pub(crate) fn short_keys(args: &Args<'_>, i: usize) -> Result<Keys<u64>> {
    // `spread` keeps different numbers different, so the hashes of these types are such keys.
    hashes(args, i)
}

/// Keys for the other types: hashes of 96 bits.
pub(crate) fn long_keys(args: &Args<'_>, i: usize) -> Result<Keys<u128>> {
    let n = args.rows;
    let key = |bytes: &[u8]| xxh3_128(bytes) >> (u128::BITS - KEY_BITS);
    Ok(match args.any(i)? {
        Any::Decimal(c) => Keys::of(n, |r| c.get(r).map(|v| key(&v.to_le_bytes()))),
        Any::Guid(c) => Keys::of(n, |r| c.get(r).map(|v| key(&v))),
        Any::String(c) => {
            // Equal views of one array are equal texts, and neighbours repeat often.
            let mut last: Option<(u128, u128)> = None;
            Keys::of(n, |r| {
                let view = c.view(r);
                match last {
                    Some((v, k)) if v == view => Some(k),
                    _ => {
                        let k = key(c.get(r).as_bytes());
                        last = Some((view, k));
                        Some(k)
                    }
                }
            })
        }
        Any::Dynamic(c) => Keys::of(n, |r| {
            let raw = c.raw(r);
            (!is_null(raw)).then(|| key(raw))
        }),
        _ => {
            let short = hashes(args, i)?;
            Keys::of(n, |r| short.get(r).map(u128::from))
        }
    })
}

/// What can stand in a [`KeySet`].
pub(crate) trait Key: Copy + Eq + Default + Send + 'static {
    /// Well spread bits of it.
    fn hash(self) -> u64;
    /// Writes it.
    fn save(self, out: &mut Vec<u8>);
    /// Reads it.
    fn load(reader: &mut super::state::Reader<'_>) -> Option<Self>;
}

impl Key for u64 {
    #[inline]
    fn hash(self) -> u64 {
        self
    }
    fn save(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_le_bytes());
    }
    fn load(reader: &mut super::state::Reader<'_>) -> Option<Self> {
        reader.u64()
    }
}
