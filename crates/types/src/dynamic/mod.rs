//! `dynamic` values: as a tree ([`Dyn`]) and as bytes that are read in place ([`DynRef`]).
//!
//! The bytes are one tag and its payload; arrays and bags begin with their size in bytes, so a value that is not wanted
//! is stepped over without being read. A bag keeps the order of its properties. Unlike Arrow's Variant this form holds
//! timespans and 100 ns datetimes of the years 0001 to 9999, keeps the order of properties, and is a single binary
//! column that can be grouped and joined by its bytes.
//!
//! ```text
//! 0 null | 1 false | 2 true | 3 long i64 | 4 real f64 | 5 decimal i128 | 6 string u32 len, bytes | 7 datetime i64
//! 8 timespan i64 | 9 guid 16 bytes | 10 array u32 size, u32 count, values | 11 bag u32 size, u32 count, (u32 len, key,
//! value)*
//! ```
//! Numbers are little-endian; a size counts the bytes after itself. Broken bytes read as null, never as a panic.

pub mod json;
mod json_text;

/// A dynamic value as a tree.
#[derive(Debug, Clone, PartialEq)]
pub enum Dyn {
    /// `null`
    Null,
    /// bool
    Bool(bool),
    /// Any integer.
    Long(i64),
    /// Any other number.
    Real(f64),
    /// Scaled by 10^[`crate::DECIMAL_SCALE`].
    Decimal(i128),
    /// Text.
    String(String),
    /// Ticks since 0001-01-01.
    DateTime(i64),
    /// Ticks.
    TimeSpan(i64),
    /// Sixteen bytes in the order of the text.
    Guid([u8; 16]),
    /// In order.
    Array(Vec<Dyn>),
    /// Properties in order; names are unique.
    Bag(Vec<(String, Dyn)>),
}

const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const LONG: u8 = 3;
const REAL: u8 = 4;
const DECIMAL: u8 = 5;
const STRING: u8 = 6;
const DATETIME: u8 = 7;
const TIMESPAN: u8 = 8;
const GUID: u8 = 9;
const ARRAY: u8 = 10;
const BAG: u8 = 11;

/// Writes dynamic values as bytes, without an intermediate tree.
///
/// Arrays and bags are opened and closed: `begin_array`, values, `end`. In a bag `key` comes before each value. The
/// caller keeps keys unique.
#[derive(Debug, Default)]
pub struct DynWriter {
    /// The bytes so far.
    pub bytes: Vec<u8>,
    /// Where each open container's size stands, and how many values it has.
    open: Vec<(usize, u32)>,
}

impl DynWriter {
    /// An empty writer.
    pub fn new() -> Self {
        DynWriter::default()
    }

    /// Forgets what was written and keeps the room.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.open.clear();
    }

    fn count(&mut self) {
        if let Some((_, n)) = self.open.last_mut() {
            *n += 1;
        }
    }

    fn put(&mut self, tag: u8, payload: &[u8]) {
        self.count();
        self.bytes.push(tag);
        self.bytes.extend_from_slice(payload);
    }

    /// `null`
    pub fn null(&mut self) {
        self.put(NULL, &[]);
    }

    /// A bool.
    pub fn bool(&mut self, b: bool) {
        self.put(if b { TRUE } else { FALSE }, &[]);
    }

    /// An integer.
    pub fn long(&mut self, n: i64) {
        self.put(LONG, &n.to_le_bytes());
    }

    /// A double. Negative zero and every NaN are written in one form each, so that equal values have equal bytes.
    pub fn real(&mut self, x: f64) {
        let x = if x.is_nan() { f64::NAN } else { x + 0.0 };
        self.put(REAL, &x.to_le_bytes());
    }

    /// A decimal, scaled.
    pub fn decimal(&mut self, d: i128) {
        self.put(DECIMAL, &d.to_le_bytes());
    }

    /// Text.
    pub fn string(&mut self, s: &str) {
        self.put(STRING, &len32(s).to_le_bytes());
        self.bytes.extend_from_slice(s.as_bytes());
    }

    /// A datetime in ticks.
    pub fn datetime(&mut self, ticks: i64) {
        self.put(DATETIME, &ticks.to_le_bytes());
    }

    /// A timespan in ticks.
    pub fn timespan(&mut self, ticks: i64) {
        self.put(TIMESPAN, &ticks.to_le_bytes());
    }

    /// A guid.
    pub fn guid(&mut self, g: &[u8; 16]) {
        self.put(GUID, g);
    }

    /// Opens an array.
    pub fn begin_array(&mut self) {
        self.begin(ARRAY);
    }

    /// Opens a bag.
    pub fn begin_bag(&mut self) {
        self.begin(BAG);
    }

    fn begin(&mut self, tag: u8) {
        self.put(tag, &[]);
        self.open.push((self.bytes.len(), 0));
        self.bytes.extend_from_slice(&[0; 8]);
    }

    /// The name of the next value of the open bag.
    pub fn key(&mut self, name: &str) {
        self.bytes.extend_from_slice(&len32(name).to_le_bytes());
        self.bytes.extend_from_slice(name.as_bytes());
    }

    /// Closes the innermost array or bag.
    pub fn end(&mut self) {
        let Some((at, count)) = self.open.pop() else {
            return;
        };
        let size = u32::try_from(self.bytes.len() - at - 4).unwrap_or(u32::MAX);
        if let Some(place) = self.bytes.get_mut(at..at + 4) {
            place.copy_from_slice(&size.to_le_bytes());
        }
        if let Some(place) = self.bytes.get_mut(at + 4..at + 8) {
            place.copy_from_slice(&count.to_le_bytes());
        }
    }

    /// An array of `count` values that are bytes already, one after the other.
    pub fn array_of(&mut self, count: usize, values: &[u8]) {
        self.begin_array();
        self.bytes.extend_from_slice(values);
        if let Some(open) = self.open.last_mut() {
            open.1 = u32::try_from(count).unwrap_or(u32::MAX);
        }
        self.end();
    }

    /// A value that is already bytes.
    pub fn value(&mut self, v: DynRef<'_>) {
        match v {
            DynRef::Null => self.null(),
            DynRef::Bool(b) => self.bool(b),
            DynRef::Long(n) => self.long(n),
            DynRef::Real(x) => self.real(x),
            DynRef::Decimal(d) => self.decimal(d),
            DynRef::String(s) => self.string(s),
            DynRef::DateTime(t) => self.datetime(t),
            DynRef::TimeSpan(t) => self.timespan(t),
            DynRef::Guid(g) => self.guid(&g),
            DynRef::Array(a) => self.raw(a.whole),
            DynRef::Bag(b) => self.raw(b.whole),
        }
    }

    /// A tree.
    pub fn tree(&mut self, d: &Dyn) {
        match d {
            Dyn::Null => self.null(),
            Dyn::Bool(b) => self.bool(*b),
            Dyn::Long(n) => self.long(*n),
            Dyn::Real(x) => self.real(*x),
            Dyn::Decimal(d) => self.decimal(*d),
            Dyn::String(s) => self.string(s),
            Dyn::DateTime(t) => self.datetime(*t),
            Dyn::TimeSpan(t) => self.timespan(*t),
            Dyn::Guid(g) => self.guid(g),
            Dyn::Array(items) => {
                self.begin_array();
                items.iter().for_each(|v| self.tree(v));
                self.end();
            }
            Dyn::Bag(items) => {
                self.begin_bag();
                for (k, v) in items {
                    self.key(k);
                    self.tree(v);
                }
                self.end();
            }
        }
    }
}

fn len32(s: &str) -> u32 {
    // Texts of 4 GiB do not reach this place: sources refuse cells above 1 GiB.
    u32::try_from(s.len()).unwrap_or(u32::MAX)
}

impl Dyn {
    /// As bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut w = DynWriter::new();
        w.tree(self);
        w.bytes
    }

    /// The property of a bag.
    pub fn get(&self, key: &str) -> Option<&Dyn> {
        match self {
            Dyn::Bag(items) => items.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }
}

/// A dynamic value read in place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DynRef<'a> {
    /// `null`
    Null,
    /// bool
    Bool(bool),
    /// integer
    Long(i64),
    /// double
    Real(f64),
    /// scaled decimal
    Decimal(i128),
    /// text
    String(&'a str),
    /// ticks since 0001-01-01
    DateTime(i64),
    /// ticks
    TimeSpan(i64),
    /// sixteen bytes
    Guid([u8; 16]),
    /// in order
    Array(ArrayRef<'a>),
    /// in order
    Bag(BagRef<'a>),
}

/// An array in place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ArrayRef<'a> {
    whole: &'a [u8],
}

/// A bag in place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BagRef<'a> {
    whole: &'a [u8],
}

fn u32_at(bytes: &[u8], at: usize) -> usize {
    bytes
        .get(at..at + 4)
        .and_then(|b| b.try_into().ok())
        .map_or(0, |b| usize::try_from(u32::from_le_bytes(b)).unwrap_or(0))
}

fn i64_at(bytes: &[u8]) -> i64 {
    bytes
        .get(1..9)
        .and_then(|b| b.try_into().ok())
        .map_or(0, i64::from_le_bytes)
}

/// The bytes of the value that `bytes` begins with.
fn extent(bytes: &[u8]) -> usize {
    let n = match bytes.first() {
        None => 0,
        Some(&(NULL | FALSE | TRUE)) => 1,
        Some(&(LONG | REAL | DATETIME | TIMESPAN)) => 9,
        Some(&(DECIMAL | GUID)) => 17,
        Some(&(STRING | ARRAY | BAG)) => u32_at(bytes, 1).saturating_add(5),
        Some(_) => bytes.len(),
    };
    n.min(bytes.len())
}

impl<'a> DynRef<'a> {
    /// Reads a whole value. Broken or empty bytes are null.
    pub fn new(bytes: &'a [u8]) -> DynRef<'a> {
        match bytes.first() {
            Some(&FALSE) => DynRef::Bool(false),
            Some(&TRUE) => DynRef::Bool(true),
            Some(&LONG) => DynRef::Long(i64_at(bytes)),
            Some(&REAL) => DynRef::Real(f64::from_bits(i64_at(bytes).cast_unsigned())),
            Some(&DECIMAL) => bytes
                .get(1..17)
                .and_then(|b| b.try_into().ok())
                .map_or(DynRef::Null, |b| DynRef::Decimal(i128::from_le_bytes(b))),
            Some(&STRING) => {
                let text = bytes.get(5..extent(bytes)).unwrap_or_default();
                std::str::from_utf8(text).map_or(DynRef::Null, DynRef::String)
            }
            Some(&DATETIME) => DynRef::DateTime(i64_at(bytes)),
            Some(&TIMESPAN) => DynRef::TimeSpan(i64_at(bytes)),
            Some(&GUID) => bytes
                .get(1..17)
                .and_then(|b| b.try_into().ok())
                .map_or(DynRef::Null, DynRef::Guid),
            Some(&ARRAY) => DynRef::Array(ArrayRef {
                whole: &bytes[..extent(bytes)],
            }),
            Some(&BAG) => DynRef::Bag(BagRef {
                whole: &bytes[..extent(bytes)],
            }),
            _ => DynRef::Null,
        }
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, DynRef::Null)
    }

    /// The value as bytes; scalars are written anew.
    pub fn bytes(&self) -> std::borrow::Cow<'a, [u8]> {
        match self {
            DynRef::Array(a) => a.whole.into(),
            DynRef::Bag(b) => b.whole.into(),
            other => other.to_dyn().to_bytes().into(),
        }
    }

    /// As a tree.
    pub fn to_dyn(&self) -> Dyn {
        match *self {
            DynRef::Null => Dyn::Null,
            DynRef::Bool(b) => Dyn::Bool(b),
            DynRef::Long(n) => Dyn::Long(n),
            DynRef::Real(x) => Dyn::Real(x),
            DynRef::Decimal(d) => Dyn::Decimal(d),
            DynRef::String(s) => Dyn::String(s.to_owned()),
            DynRef::DateTime(t) => Dyn::DateTime(t),
            DynRef::TimeSpan(t) => Dyn::TimeSpan(t),
            DynRef::Guid(g) => Dyn::Guid(g),
            DynRef::Array(a) => Dyn::Array(a.iter().map(|v| v.to_dyn()).collect()),
            DynRef::Bag(b) => Dyn::Bag(b.iter().map(|(k, v)| (k.to_owned(), v.to_dyn())).collect()),
        }
    }

    /// The property `key` of a bag; none for anything else.
    pub fn get(&self, key: &str) -> Option<DynRef<'a>> {
        match self {
            DynRef::Bag(b) => b.get(key),
            _ => None,
        }
    }

    /// The element `index` of an array, counted from the end when negative; none for anything else.
    pub fn at(&self, index: i64) -> Option<DynRef<'a>> {
        match self {
            DynRef::Array(a) => a.get(index),
            _ => None,
        }
    }
}

impl<'a> ArrayRef<'a> {
    /// How many elements.
    pub fn len(&self) -> usize {
        u32_at(self.whole, 5)
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The elements in order.
    pub fn iter(&self) -> impl Iterator<Item = DynRef<'a>> + use<'a> {
        self.raw().map(DynRef::new)
    }

    /// The elements in order, each as its bytes.
    pub fn raw(&self) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let mut rest = self.whole.get(9..).unwrap_or_default();
        std::iter::from_fn(move || {
            let n = extent(rest);
            if n == 0 {
                return None;
            }
            let (head, tail) = rest.split_at(n);
            rest = tail;
            Some(head)
        })
    }

    /// One element, counted from the end when negative.
    pub fn get(&self, index: i64) -> Option<DynRef<'a>> {
        let n = i64::try_from(self.len()).ok()?;
        let i = if index < 0 {
            index.checked_add(n)?
        } else {
            index
        };
        self.iter().nth(usize::try_from(i).ok()?)
    }
}

impl<'a> BagRef<'a> {
    /// How many properties.
    pub fn len(&self) -> usize {
        u32_at(self.whole, 5)
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The properties in order, each value as its bytes.
    pub fn raw(&self) -> impl Iterator<Item = (&'a str, &'a [u8])> + use<'a> {
        let mut rest = self.whole.get(9..).unwrap_or_default();
        std::iter::from_fn(move || {
            let len = u32_at(rest, 0);
            let key = rest.get(4..len.checked_add(4)?)?;
            let tail = rest.get(len + 4..)?;
            let n = extent(tail);
            if n == 0 {
                return None;
            }
            let (value, after) = tail.split_at(n);
            rest = after;
            Some((std::str::from_utf8(key).unwrap_or_default(), value))
        })
    }

    /// The properties in order.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, DynRef<'a>)> + use<'a> {
        self.raw().map(|(k, v)| (k, DynRef::new(v)))
    }

    /// One property's bytes.
    pub fn get_raw(&self, key: &str) -> Option<&'a [u8]> {
        let mut rest = self.whole.get(9..)?;
        loop {
            let len = u32_at(rest, 0);
            let name = rest.get(4..len.checked_add(4)?)?;
            let tail = rest.get(len + 4..)?;
            let n = extent(tail);
            if n == 0 {
                return None;
            }
            let (value, after) = tail.split_at(n);
            if name == key.as_bytes() {
                return Some(value);
            }
            rest = after;
        }
    }

    /// One property.
    pub fn get(&self, key: &str) -> Option<DynRef<'a>> {
        self.get_raw(key).map(DynRef::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_survives_its_bytes() {
        let d = Dyn::Bag(vec![
            (
                "z".into(),
                Dyn::Array(vec![
                    Dyn::Long(1),
                    Dyn::Null,
                    Dyn::Real(1.5),
                    Dyn::String("é".into()),
                ]),
            ),
            ("a".into(), Dyn::DateTime(5)),
            ("g".into(), Dyn::Guid([7; 16])),
            ("e".into(), Dyn::Bag(vec![])),
            ("d".into(), Dyn::Decimal(-3)),
            ("t".into(), Dyn::TimeSpan(-1)),
        ]);
        let bytes = d.to_bytes();
        let r = DynRef::new(&bytes);
        assert_eq!(r.to_dyn(), d);
        assert_eq!(r.get("z").and_then(|v| v.at(-1)), Some(DynRef::String("é")));
        assert_eq!(r.get("zz"), None);
    }

    #[test]
    fn broken_bytes_are_null_or_short_but_never_panic() {
        let bytes = Dyn::Bag(vec![(
            "k".into(),
            Dyn::Array(vec![Dyn::String("abc".into()); 3]),
        )])
        .to_bytes();
        for cut in 0..bytes.len() {
            let _ = DynRef::new(&bytes[..cut]).to_dyn();
        }
        for i in 0..bytes.len() {
            let mut b = bytes.clone();
            b[i] = b[i].wrapping_add(97);
            let _ = DynRef::new(&b).to_dyn();
        }
    }
}
