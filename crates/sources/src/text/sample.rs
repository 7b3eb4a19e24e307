//! The columns of text files, from a sample of their rows.
//!
//! The sample is up to 10,000 rows of the first 1 MiB of each of the first four files, and of the first 64 KiB of the
//! others. A column is bool, long, real, datetime or dynamic only when every value of the sample that is not empty reads
//! as such. Digits with a leading zero or more than 15 of them, guids, timespans and mixed values stay strings; a property
//! that is sometimes an object or an array is dynamic.

use super::chunks::{Chunk, Chunks, Head};
use super::columns::Columns;
use super::separated::{record, unquoted};
use super::{Layout, json, zeek};
use crate::entry::DataFile;
use crate::error::SourceError;
use crate::tables::SourceOptions;
use arrow::datatypes::Schema;
use kql_types::dynamic::{DynWriter, json::parse_json};
use kql_types::{ColumnSchema, Type, text};
use std::collections::HashMap;
use std::sync::Arc;

const MOST_ROWS: usize = 10_000;
const LARGE: usize = 1 << 20;
const SMALL: usize = 64 << 10;
const LARGE_FILES: usize = 4;

/// What the values of a column have looked like.
const BOOL: u8 = 1;
const LONG: u8 = 2;
const REAL: u8 = 4;
const DATETIME: u8 = 8;
const STRING: u8 = 16;
const NESTED: u8 = 32;

/// A column of the sample.
#[derive(Debug, Clone)]
pub(crate) struct Sampled {
    pub(crate) name: String,
    /// The type that its values look like.
    pub(crate) ty: Type,
    /// The type that the file itself gives.
    pub(crate) header: Option<Type>,
    /// A value that cannot be read as the type that is expected of this column.
    pub(crate) misfit: Option<String>,
}

/// What a sample shows.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    /// In the order of the files.
    pub(crate) columns: Vec<Sampled>,
    /// Whether the sample is all there is.
    pub(crate) whole: bool,
}

/// Looks at the first rows of files. `expected`: types that a column of this name should have.
pub(crate) fn sample(
    files: &Arc<Vec<DataFile>>,
    layout: Layout,
    expected: &[ColumnSchema],
    options: &SourceOptions,
) -> Result<Sample, SourceError> {
    let mut look = Look {
        json: matches!(layout, Layout::Json | Layout::JsonLines),
        expected,
        columns: Vec::new(),
        places: HashMap::new(),
        rows: 0,
        probe: Columns::new(expected.iter().map(|c| c.ty), Arc::new(Schema::empty())),
    };
    let mut whole = true;
    for i in 0..files.len() {
        let size = if i < LARGE_FILES { LARGE } else { SMALL };
        let mut chunks = Chunks::new(Arc::clone(files), layout, options.most_growth)
            .size(size)
            .at(i);
        chunks.peek()?;
        if let Some(head) = chunks.head() {
            look.head(&Arc::clone(head));
        }
        // The header of each file is read, and rows as long as there are too few.
        let before = look.rows;
        if look.rows < MOST_ROWS {
            if let Some(chunk) = chunks.next()?.filter(|c| c.head.file == i) {
                whole = whole && chunks.at_end();
                look.chunk(&chunk);
            }
        } else {
            whole = false;
        }
        whole = whole && look.rows - before < MOST_ROWS;
    }
    Ok(Sample {
        columns: look
            .columns
            .into_iter()
            .map(|c| c.sampled(look.json))
            .collect(),
        whole,
    })
}

struct Column {
    name: String,
    seen: u8,
    header: Option<Type>,
    /// Its place among the expected columns.
    expected: Option<usize>,
    misfit: Option<String>,
}

impl Column {
    fn sampled(self, json: bool) -> Sampled {
        let ty = match self.seen {
            BOOL => Type::Bool,
            LONG => Type::Long,
            REAL => Type::Real,
            DATETIME => Type::DateTime,
            NESTED => Type::Dynamic,
            s if s == LONG | REAL => Type::Real,
            s if json && s & NESTED != 0 => Type::Dynamic,
            _ => Type::String,
        };
        Sampled {
            name: self.name,
            ty,
            header: self.header,
            misfit: self.misfit,
        }
    }
}

struct Look<'e> {
    json: bool,
    expected: &'e [ColumnSchema],
    columns: Vec<Column>,
    places: HashMap<String, usize>,
    rows: usize,
    probe: Columns,
}

impl Look<'_> {
    fn column(&mut self, name: &str) -> usize {
        if let Some(i) = self.places.get(name) {
            return *i;
        }
        let i = self.columns.len();
        self.places.insert(name.to_owned(), i);
        self.columns.push(Column {
            name: name.to_owned(),
            seen: 0,
            header: None,
            expected: self.expected.iter().position(|c| c.name == name),
            misfit: None,
        });
        i
    }

    fn head(&mut self, head: &Head) {
        for (i, name) in head.names.iter().flatten().enumerate() {
            let c = self.column(name);
            if let (Some(z), Some(c)) = (head.types.get(i), self.columns.get_mut(c)) {
                c.header = Some(zeek::type_of(z));
                c.expected = None;
            }
        }
    }

    fn chunk(&mut self, chunk: &Chunk) {
        if self.json {
            self.objects(chunk);
        } else {
            self.records(chunk);
        }
    }

    fn records(&mut self, chunk: &Chunk) {
        let Some(names) = chunk.head.names.clone() else {
            return;
        };
        let places: Vec<usize> = names.iter().map(|n| self.column(n)).collect();
        let (mut at, mut spans, mut scratch) = (0, Vec::new(), String::new());
        while let Some((_, next)) = record(&chunk.text, at, chunk.head.separator, &mut spans) {
            at = next;
            // What is wrong with a row is said when it is read.
            if spans.len() != names.len() {
                continue;
            }
            for (span, place) in spans.iter().zip(&places) {
                let raw = chunk.text.get(span.start..span.end).unwrap_or_default();
                if let Ok(raw) = std::str::from_utf8(raw) {
                    let text = unquoted(raw, span.escaped, &mut scratch);
                    self.value(*place, text, of_text(text), false);
                }
            }
            self.rows += 1;
            if self.rows >= MOST_ROWS {
                return;
            }
        }
    }

    fn objects(&mut self, chunk: &Chunk) {
        let mut at = 0;
        let mut scratch = String::new();
        while let Some(start) = json::next_value(&chunk.text, at) {
            let mut found = Vec::new();
            let end = json::object(&chunk.text, start, |key, value| found.push((key, value)));
            let Ok(end) = end else {
                return;
            };
            at = end;
            for (key, value) in found {
                let (Ok(name), Ok(raw)) = (
                    std::str::from_utf8(key.raw),
                    std::str::from_utf8(chunk.text.get(value).unwrap_or_default()),
                ) else {
                    continue;
                };
                let place = if key.escaped && json::unescape(name, &mut scratch) {
                    self.column(&scratch)
                } else {
                    self.column(name)
                };
                self.value(place, raw, of_json(raw, &mut scratch), true);
            }
            self.rows += 1;
            if self.rows >= MOST_ROWS {
                return;
            }
        }
    }

    fn value(&mut self, place: usize, raw: &str, seen: u8, json: bool) {
        let Some(column) = self.columns.get_mut(place) else {
            return;
        };
        column.seen |= seen;
        if let (Some(slot), None) = (column.expected, &column.misfit) {
            let fits = if json {
                self.probe.json(slot, raw)
            } else {
                self.probe.text(slot, raw)
            };
            if !fits {
                column.misfit = Some(raw.chars().take(60).collect());
            }
        }
    }
}

fn of_json(raw: &str, scratch: &mut String) -> u8 {
    match raw.as_bytes().first() {
        Some(b'n') | None => 0,
        Some(b't' | b'f') => BOOL,
        Some(b'{' | b'[') => NESTED,
        Some(b'"') => {
            let inner = raw.strip_prefix('"').and_then(|r| r.strip_suffix('"'));
            let Some(inner) = inner.filter(|i| !i.is_empty()) else {
                return 0;
            };
            let text = if json::unescape(inner, scratch) {
                scratch.as_str()
            } else {
                inner
            };
            // A number or an object in quotes is meant as text.
            match of_text(text) {
                DATETIME => DATETIME,
                _ => STRING,
            }
        }
        _ if raw.parse::<i64>().is_ok() => LONG,
        // Digits that no long holds stay as they are.
        _ if raw.bytes().all(|b| b.is_ascii_digit() || b == b'-') => STRING,
        _ => REAL,
    }
}

/// What a text looks like; nothing for an empty one.
pub(crate) fn of_text(text: &str) -> u8 {
    let t = text.trim();
    if t.is_empty() {
        return 0;
    }
    if t.eq_ignore_ascii_case("true") || t.eq_ignore_ascii_case("false") {
        return BOOL;
    }
    let bytes = t.as_bytes();
    let digits = t.strip_prefix('-').unwrap_or(t);
    if digits.bytes().all(|b| b.is_ascii_digit()) && !digits.is_empty() {
        let plain = digits.len() <= 15 && (digits.len() == 1 || !digits.starts_with('0'));
        return if plain { LONG } else { STRING };
    }
    if let Some((whole, rest)) = digits.split_once('.')
        && !whole.is_empty()
        && whole.bytes().all(|b| b.is_ascii_digit())
        && (whole.len() == 1 || !whole.starts_with('0'))
        && rest.starts_with(|c: char| c.is_ascii_digit())
        && t.parse::<f64>().is_ok()
    {
        return REAL;
    }
    if matches!(
        (bytes.first(), bytes.last()),
        (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']'))
    ) {
        return match parse_json(t, &mut DynWriter::new()) {
            true => NESTED,
            false => STRING,
        };
    }
    let is_date = matches!(
        bytes,
        [
            b'0'..=b'9',
            b'0'..=b'9',
            b'0'..=b'9',
            b'0'..=b'9',
            b'-',
            _,
            _,
            b'-',
            _,
            _,
            ..
        ]
    ) || (bytes.first().is_some_and(u8::is_ascii_digit)
        && t.contains(':')
        && bytes.iter().filter(|b| **b == b'/').count() == 2);
    if is_date && text::parse_datetime(t).is_some() {
        return DATETIME;
    }
    STRING
}

/// The type of values that all look like this.
pub(crate) fn type_of_texts<'t>(values: impl Iterator<Item = &'t str>) -> Type {
    match values.fold(0, |seen, v| seen | of_text(v)) {
        LONG => Type::Long,
        DATETIME => Type::DateTime,
        _ => Type::String,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_of_texts() {
        for (text, want) in [
            ("", 0),
            ("12", LONG),
            ("-12", LONG),
            ("0", LONG),
            ("007", STRING),
            ("1234567890123456", STRING),
            ("1.5", REAL),
            ("1.5e3", REAL),
            ("00.5", STRING),
            ("1e5", STRING),
            ("10.0.0.1", STRING),
            ("True", BOOL),
            ("yes", STRING),
            ("2024-01-02", DATETIME),
            ("2024-01-02 03:04:05", DATETIME),
            ("7/1/2024, 12:00:00.000 AM", DATETIME),
            ("2024-13-02", STRING),
            ("03:04:05", STRING),
            ("d0c5f8ae-9ed7-4e46-bfdf-ea1460f5a31b", STRING),
            ("{\"a\":1}", NESTED),
            ("[1,2]", NESTED),
            ("[not json]", STRING),
        ] {
            assert_eq!(of_text(text), want, "{text}");
        }
    }
}
