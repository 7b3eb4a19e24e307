//! JSON text to `dynamic`, whole or along a path.
//!
//! Reading is one pass from text to bytes. What is not JSON by the letter (RFC 8259) is no value; of properties with the
//! same name the last value counts, in the place of the first.

pub use super::json_text::{to_text, write_json, write_quoted};
use super::{BagRef, DynRef, DynWriter};
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::ops::Range;

/// Arrays and bags may stand this deep in each other.
pub const MAX_DEPTH: usize = 512;

/// Bags up to this size look for a repeated name by comparing, bigger ones by a set.
const FEW: usize = 24;

/// One step of a path into a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// The property of a bag.
    Key(&'a str),
    /// The element of an array, counted from the end when negative.
    Index(i64),
}

/// Reads a JSON text. True: its value has been written. False: the text is not JSON, and nothing has been written.
pub fn parse_json(text: &str, out: &mut DynWriter) -> bool {
    let mut scan = Scanner::new(text);
    let start = (
        out.bytes.len(),
        out.open.len(),
        out.open.last().map(|o| o.1),
    );
    if scan.value(out, 0).and_then(|()| scan.at_end()).is_some() {
        return true;
    }
    out.bytes.truncate(start.0);
    out.open.truncate(start.1);
    if let (Some(open), Some(n)) = (out.open.last_mut(), start.2) {
        open.1 = n;
    }
    false
}

/// Writes the value at a path in a JSON text, without reading what it steps over into values. It is what `parse_json` and
/// then `get` and `at` give: null where there is nothing, where the text is not JSON, and where a step does not fit. With
/// no steps a text that is not JSON is null as well.
pub fn json_path(text: &str, steps: &[Step<'_>], out: &mut DynWriter) {
    let mut scan = Scanner::new(text);
    let mut found = None;
    let whole = scan.find(steps, &mut found, 0).and_then(|()| scan.at_end());
    let value = match (whole, found) {
        (Some(()), Some(range)) => text.get(range),
        _ => None,
    };
    if !value.is_some_and(|v| parse_json(v, out)) {
        out.null();
    }
}

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// For an escaped text.
    scratch: String,
    /// Where the names of the open bags stand in the output.
    names: Vec<Range<usize>>,
}

/// One of every byte.
const ONES: u64 = 0x0101_0101_0101_0101;

/// A high bit wherever a byte of the word is `"`, `\` or below a space. (A byte after such a byte may be marked wrongly;
/// the first mark is right, and only the first is used.)
fn special(word: u64) -> u64 {
    let zero = |v: u64| v.wrapping_sub(ONES) & !v;
    let quote = zero(word ^ (ONES * u64::from(b'"')));
    let slash = zero(word ^ (ONES * u64::from(b'\\')));
    let control = word.wrapping_sub(ONES * 0x20) & !word;
    (quote | slash | control) & (ONES << 7)
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str) -> Self {
        Scanner {
            text,
            bytes: text.as_bytes(),
            at: 0,
            scratch: String::new(),
            names: Vec::new(),
        }
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// The next byte that is not white space, not yet taken.
    #[inline]
    fn token(&mut self) -> Option<u8> {
        self.space();
        self.peek()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.token()? == byte).then(|| self.at += 1)
    }

    fn at_end(&mut self) -> Option<()> {
        self.space();
        (self.at == self.bytes.len()).then_some(())
    }

    fn word(&mut self, word: &str) -> Option<()> {
        let end = self.at + word.len();
        (self.bytes.get(self.at..end)? == word.as_bytes()).then(|| self.at = end)
    }

    /// Goes past the digits here: at least one.
    fn digits(&mut self) -> Option<()> {
        let from = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > from).then_some(())
    }

    /// Goes past a number; its text and whether it is an integer.
    fn number(&mut self) -> Option<(&'t str, bool)> {
        let from = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek()? {
            b'0' => self.at += 1,
            _ => self.digits()?,
        }
        let mut whole = true;
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
            whole = false;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
            whole = false;
        }
        Some((self.text.get(from..self.at)?, whole))
    }

    /// Goes past a text; what stands between its quotes, and whether that has escapes (which are not looked at yet).
    fn raw_text(&mut self) -> Option<(&'t str, bool)> {
        self.at += 1;
        let from = self.at;
        let mut escaped = false;
        loop {
            while let Some(word) = self
                .bytes
                .get(self.at..self.at + 8)
                .and_then(|b| b.try_into().ok())
            {
                let marks = special(u64::from_le_bytes(word));
                if marks != 0 {
                    self.at += usize::try_from(marks.trailing_zeros() / 8).unwrap_or(0);
                    break;
                }
                self.at += 8;
            }
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some((self.text.get(from..self.at - 1)?, escaped));
                }
                b'\\' => {
                    escaped = true;
                    // The byte after it may be a quote. Anything but ASCII there is refused when escapes are read.
                    self.at += 2;
                }
                0..0x20 => return None,
                _ => self.at += 1,
            }
        }
    }

    /// Goes past a text; the text. It is in `scratch` when it had escapes: the flag says so.
    fn string(&mut self) -> Option<(&'t str, bool)> {
        let (raw, escaped) = self.raw_text()?;
        if escaped {
            self.scratch.clear();
            unescape(raw, &mut self.scratch)?;
        }
        Some((raw, escaped))
    }

    fn value(&mut self, out: &mut DynWriter, depth: usize) -> Option<()> {
        match self.token()? {
            b'"' => {
                let (raw, escaped) = self.string()?;
                out.string(if escaped { &self.scratch } else { raw });
            }
            b'{' => self.bag(out, depth)?,
            b'[' => {
                self.deeper(depth)?;
                out.begin_array();
                if self.token()? == b']' {
                    self.at += 1;
                } else {
                    loop {
                        self.value(out, depth + 1)?;
                        if self.more(b']')? {
                            continue;
                        }
                        break;
                    }
                }
                out.end();
            }
            b't' => {
                self.word("true")?;
                out.bool(true);
            }
            b'f' => {
                self.word("false")?;
                out.bool(false);
            }
            b'n' => {
                self.word("null")?;
                out.null();
            }
            _ => {
                let (text, whole) = self.number()?;
                match text.parse::<i64>() {
                    Ok(n) if whole => out.long(n),
                    _ => out.real(text.parse().ok()?),
                }
            }
        }
        Some(())
    }

    /// Takes the opening bracket.
    fn deeper(&mut self, depth: usize) -> Option<()> {
        self.at += 1;
        (depth < MAX_DEPTH).then_some(())
    }

    /// After an element: true for a comma, false for the closing bracket.
    #[inline]
    fn more(&mut self, close: u8) -> Option<bool> {
        let b = self.token()?;
        self.at += 1;
        match b {
            b',' => Some(true),
            b if b == close => Some(false),
            _ => None,
        }
    }

    fn bag(&mut self, out: &mut DynWriter, depth: usize) -> Option<()> {
        self.deeper(depth)?;
        out.begin_bag();
        let start = out.bytes.len();
        if self.token()? == b'}' {
            self.at += 1;
            out.end();
            return Some(());
        }
        let base = self.names.len();
        let mut set = NameSet::default();
        let mut repeated = false;
        loop {
            if self.token()? != b'"' {
                return None;
            }
            let (raw, escaped) = self.string()?;
            let name = if escaped { &self.scratch } else { raw };
            repeated = repeated || set.seen(name, &self.names[base..], &out.bytes);
            out.key(name);
            self.names
                .push(out.bytes.len() - name.len()..out.bytes.len());
            self.take(b':')?;
            self.value(out, depth + 1)?;
            if !self.more(b'}')? {
                break;
            }
        }
        self.names.truncate(base);
        out.end();
        if repeated {
            keep_last(out, start.checked_sub(9)?);
        }
        Some(())
    }

    /// Goes past the value here and remembers where the value at the path stands.
    fn find(
        &mut self,
        steps: &[Step<'_>],
        found: &mut Option<Range<usize>>,
        depth: usize,
    ) -> Option<()> {
        let first = self.token()?;
        let Some((step, rest)) = steps.split_first() else {
            let from = self.at;
            self.skip(depth)?;
            *found = Some(from..self.at);
            return Some(());
        };
        match (first, step) {
            (b'{', Step::Key(key)) => {
                self.deeper(depth)?;
                if self.token()? == b'}' {
                    self.at += 1;
                    return Some(());
                }
                loop {
                    if self.token()? != b'"' {
                        return None;
                    }
                    let (raw, escaped) = self.string()?;
                    let hit = if escaped {
                        self.scratch == *key
                    } else {
                        raw == *key
                    };
                    self.take(b':')?;
                    if hit {
                        *found = None;
                        self.find(rest, found, depth + 1)?;
                    } else {
                        self.skip(depth + 1)?;
                    }
                    if !self.more(b'}')? {
                        return Some(());
                    }
                }
            }
            (b'[', Step::Index(index)) => {
                let mut want = usize::try_from(*index).ok();
                if want.is_none() {
                    let from = self.at;
                    let count = self.elements(depth, |s, _| s.skip(depth + 1))?;
                    let back = usize::try_from(index.unsigned_abs()).ok()?;
                    want = count.checked_sub(back);
                    if want.is_none() {
                        return Some(());
                    }
                    self.at = from;
                }
                self.elements(depth, |s, i| {
                    if Some(i) == want {
                        s.find(rest, found, depth + 1)
                    } else {
                        s.skip(depth + 1)
                    }
                })
                .map(|_| ())
            }
            _ => self.skip(depth),
        }
    }

    /// Goes past an array, element by element; how many there are.
    fn elements(
        &mut self,
        depth: usize,
        mut each: impl FnMut(&mut Self, usize) -> Option<()>,
    ) -> Option<usize> {
        self.deeper(depth)?;
        if self.token()? == b']' {
            self.at += 1;
            return Some(0);
        }
        let mut n = 0;
        loop {
            each(self, n)?;
            n += 1;
            if !self.more(b']')? {
                return Some(n);
            }
        }
    }

    /// Goes past a value. It accepts what `value` accepts.
    fn skip(&mut self, depth: usize) -> Option<()> {
        match self.token()? {
            b'"' => self.skip_text(),
            b'{' => {
                self.deeper(depth)?;
                if self.token()? == b'}' {
                    self.at += 1;
                    return Some(());
                }
                loop {
                    if self.token()? != b'"' {
                        return None;
                    }
                    self.skip_text()?;
                    self.take(b':')?;
                    self.skip(depth + 1)?;
                    if !self.more(b'}')? {
                        return Some(());
                    }
                }
            }
            b'[' => self.elements(depth, |s, _| s.skip(depth + 1)).map(|_| ()),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            _ => self.number().map(|_| ()),
        }
    }

    fn skip_text(&mut self) -> Option<()> {
        let (raw, escaped) = self.raw_text()?;
        if escaped {
            escapes_are_right(raw)
        } else {
            Some(())
        }
    }
}

/// The names of one bag, to see repeated ones.
#[derive(Default)]
struct NameSet {
    hashes: Option<(RandomState, HashSet<u64>)>,
}

impl NameSet {
    /// Whether `name` is among `names` (places in `bytes`).
    fn seen(&mut self, name: &str, names: &[Range<usize>], bytes: &[u8]) -> bool {
        let same = |r: &Range<usize>| bytes.get(r.clone()) == Some(name.as_bytes());
        if names.len() < FEW {
            return names.iter().any(|r| r.len() == name.len() && same(r));
        }
        let (state, hashes) = self.hashes.get_or_insert_with(|| {
            let state = RandomState::new();
            let hashes = names
                .iter()
                .filter_map(|r| bytes.get(r.clone()))
                .map(|b| state.hash_one(b))
                .collect();
            (state, hashes)
        });
        !hashes.insert(state.hash_one(name.as_bytes())) && names.iter().any(same)
    }
}

/// Writes the bag whose bytes begin at `from` (the last thing written) anew with each name once.
fn keep_last(out: &mut DynWriter, from: usize) {
    let Some(old) = out.bytes.get(from..).map(<[u8]>::to_vec) else {
        return;
    };
    let DynRef::Bag(bag) = DynRef::new(&old) else {
        return;
    };
    let properties = last_of_each(bag);
    out.bytes.truncate(from);
    // The bag is counted already where it stands.
    if let Some((_, n)) = out.open.last_mut() {
        *n -= 1;
    }
    out.begin_bag();
    for (name, value) in properties {
        out.key(name);
        out.count();
        out.bytes.extend_from_slice(value);
    }
    out.end();
}

fn last_of_each(bag: BagRef<'_>) -> Vec<(&str, &[u8])> {
    let mut places = std::collections::HashMap::new();
    let mut kept: Vec<(&str, &[u8])> = Vec::new();
    for (name, value) in bag.raw() {
        match places.entry(name) {
            std::collections::hash_map::Entry::Occupied(e) => {
                let at: usize = *e.get();
                if let Some(place) = kept.get_mut(at) {
                    place.1 = value;
                }
            }
            std::collections::hash_map::Entry::Vacant(e) => {
                e.insert(kept.len());
                kept.push((name, value));
            }
        }
    }
    kept
}

fn hex4(text: &str, at: usize) -> Option<u32> {
    let digits = text.as_bytes().get(at..at + 4)?;
    digits
        .iter()
        .try_fold(0u32, |n, b| Some(n * 16 + char::from(*b).to_digit(16)?))
}

/// Whether the escapes of a text are right, without making the text.
fn escapes_are_right(raw: &str) -> Option<()> {
    let bytes = raw.as_bytes();
    let mut at = 0;
    while let Some(&b) = bytes.get(at) {
        at += if b != b'\\' {
            1
        } else {
            match bytes.get(at + 1)? {
                b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => 2,
                b'u' => {
                    hex4(raw, at + 2)?;
                    6
                }
                _ => return None,
            }
        };
    }
    Some(())
}

/// Half a surrogate pair, which no text can hold, becomes U+FFFD.
fn unescape(raw: &str, out: &mut String) -> Option<()> {
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        out.push_str(rest.get(..at)?);
        let mut used = 2;
        out.push(match rest.as_bytes().get(at + 1)? {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let high = hex4(rest, at + 2)?;
                used = 6;
                let low = rest
                    .get(at + 6..)
                    .filter(|t| (0xD800..0xDC00).contains(&high) && t.starts_with("\\u"))
                    .and_then(|_| hex4(rest, at + 8))
                    .filter(|low| (0xDC00..0xE000).contains(low));
                let code = match low {
                    Some(low) => {
                        used = 12;
                        0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00)
                    }
                    None => high,
                };
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => return None,
        });
        rest = rest.get(at + used..)?;
    }
    out.push_str(rest);
    Some(())
}

impl DynWriter {
    /// A value that is already bytes as another value holds them (`ArrayRef::raw`, `BagRef::raw`).
    pub fn raw(&mut self, bytes: &[u8]) {
        if bytes.is_empty() {
            self.null();
            return;
        }
        self.count();
        self.bytes.extend_from_slice(bytes);
    }

    /// Writes the text as a value of its own: what a text that is not JSON is.
    pub fn json_or_string(&mut self, text: &str) {
        if !parse_json(text, self) {
            self.string(text);
        }
    }
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
