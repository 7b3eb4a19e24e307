//! Typed columns that texts of cells are read into.

use super::json;
use crate::error::SourceError;
use arrow::array::{
    ArrayRef, BinaryViewBuilder, BooleanArray, BooleanBuilder, Decimal128Builder,
    FixedSizeBinaryBuilder, Float64Builder, Int32Builder, Int64Builder, RecordBatch,
    RecordBatchOptions, StringViewBuilder,
};
use arrow::datatypes::SchemaRef;
use kql_functions::adapter::arrow_type;
use kql_types::dynamic::{DynWriter, json::parse_json};
use kql_types::{Type, text};
use std::path::Path;
use std::sync::Arc;

enum Builder {
    Bool(BooleanBuilder),
    Int(Int32Builder),
    Long(Int64Builder),
    Real(Float64Builder),
    Decimal(Decimal128Builder),
    String(StringViewBuilder),
    DateTime(Int64Builder),
    TimeSpan(Int64Builder),
    Guid(FixedSizeBinaryBuilder),
    Dynamic(BinaryViewBuilder),
}

impl Builder {
    fn new(ty: Type) -> Builder {
        match ty {
            Type::Bool => Builder::Bool(BooleanBuilder::new()),
            Type::Int => Builder::Int(Int32Builder::new()),
            Type::Long => Builder::Long(Int64Builder::new()),
            Type::Real => Builder::Real(Float64Builder::new()),
            Type::Decimal => {
                Builder::Decimal(Decimal128Builder::new().with_data_type(arrow_type(Type::Decimal)))
            }
            Type::String => Builder::String(StringViewBuilder::new()),
            Type::DateTime => Builder::DateTime(Int64Builder::new()),
            Type::TimeSpan => Builder::TimeSpan(Int64Builder::new()),
            Type::Guid => Builder::Guid(FixedSizeBinaryBuilder::new(16)),
            Type::Dynamic => Builder::Dynamic(BinaryViewBuilder::new()),
        }
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Builder::Bool(b) => Arc::new(b.finish()),
            Builder::Int(b) => Arc::new(b.finish()),
            Builder::Long(b) | Builder::DateTime(b) | Builder::TimeSpan(b) => Arc::new(b.finish()),
            Builder::Real(b) => Arc::new(b.finish()),
            Builder::Decimal(b) => Arc::new(b.finish()),
            Builder::String(b) => Arc::new(b.finish()),
            Builder::Guid(b) => Arc::new(b.finish()),
            Builder::Dynamic(b) => Arc::new(b.finish()),
        }
    }

    fn null(&mut self) {
        match self {
            Builder::Bool(b) => b.append_null(),
            Builder::Int(b) => b.append_null(),
            Builder::Long(b) | Builder::DateTime(b) | Builder::TimeSpan(b) => b.append_null(),
            Builder::Real(b) => b.append_null(),
            Builder::Decimal(b) => b.append_null(),
            Builder::String(b) => b.append_value(""),
            Builder::Guid(b) => b.append_null(),
            Builder::Dynamic(b) => b.append_null(),
        }
    }

    /// Adds the value of a text; none (and nothing is added) when it cannot be read as the type.
    fn text(&mut self, t: &str, writer: &mut DynWriter) -> Option<()> {
        if let Builder::String(b) = self {
            b.append_value(t);
            return Some(());
        }
        let t = t.trim();
        if t.is_empty() {
            self.null();
            return Some(());
        }
        match self {
            Builder::Bool(b) => b.append_value(truth(t)?),
            Builder::Int(b) => b.append_value(i32::try_from(whole(t)?).ok()?),
            Builder::Long(b) => b.append_value(whole(t)?),
            Builder::Real(b) => b.append_value(t.parse().ok()?),
            Builder::Decimal(b) => b.append_value(text::parse_decimal(t)?),
            Builder::String(b) => b.append_value(t),
            Builder::DateTime(b) => b.append_value(datetime(t)?),
            Builder::TimeSpan(b) => b.append_value(text::parse_timespan(t)?),
            Builder::Guid(b) => b.append_value(text::parse_guid(t)?).ok()?,
            Builder::Dynamic(b) => {
                writer.clear();
                if !parse_json(t, writer) {
                    writer.string(t);
                }
                dynamic(b, writer);
            }
        }
        Some(())
    }

    /// The same for the text of a JSON value.
    fn json(&mut self, raw: &str, writer: &mut DynWriter, scratch: &mut String) -> Option<()> {
        if raw == "null" {
            self.null();
            return Some(());
        }
        let Some(inner) = raw.strip_prefix('"') else {
            return match self {
                Builder::Dynamic(b) => {
                    writer.clear();
                    parse_json(raw, writer).then_some(())?;
                    dynamic(b, writer);
                    Some(())
                }
                Builder::String(b) => json::is_value(raw).then(|| b.append_value(raw)),
                Builder::DateTime(_) | Builder::TimeSpan(_) | Builder::Guid(_) => None,
                _ => self.text(raw, writer),
            };
        };
        let inner = inner.strip_suffix('"')?;
        let inner = if inner.contains('\\') {
            json::unescape(inner, scratch).then_some(scratch.as_str())?
        } else {
            inner
        };
        match self {
            Builder::Dynamic(b) => {
                // Exports write an object as text: it is what it says.
                writer.clear();
                if !(inner.trim_start().starts_with(['{', '[']) && parse_json(inner, writer)) {
                    writer.string(inner);
                }
                dynamic(b, writer);
                Some(())
            }
            _ => self.text(inner, writer),
        }
    }
}

fn dynamic(b: &mut BinaryViewBuilder, writer: &DynWriter) {
    if writer.bytes == [0] {
        b.append_null();
    } else {
        b.append_value(&writer.bytes);
    }
}

fn truth(t: &str) -> Option<bool> {
    match t {
        "1" => Some(true),
        "0" => Some(false),
        t if t.eq_ignore_ascii_case("true") => Some(true),
        t if t.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A whole number, also when it is written with zeros behind a point.
fn whole(t: &str) -> Option<i64> {
    if let Ok(n) = t.parse() {
        return Some(n);
    }
    let (n, zeros) = t.split_once('.')?;
    zeros.bytes().all(|b| b == b'0').then(|| n.parse().ok())?
}

/// `2024-01-02T03:04:05.1234567Z` without detours; anything else as `todatetime` reads it.
fn datetime(t: &str) -> Option<i64> {
    iso(t.as_bytes()).or_else(|| text::parse_datetime(t))
}

fn iso(b: &[u8]) -> Option<i64> {
    let two = |at: usize| -> Option<i64> {
        let (x, y) = (
            b.get(at)?.wrapping_sub(b'0'),
            b.get(at + 1)?.wrapping_sub(b'0'),
        );
        (x < 10 && y < 10).then(|| i64::from(x) * 10 + i64::from(y))
    };
    let mark = |at: usize, m: u8| (b.get(at) == Some(&m)).then_some(());
    let year = two(0)? * 100 + two(2)?;
    mark(4, b'-')?;
    let month = two(5)?;
    mark(7, b'-')?;
    let day = two(8)?;
    matches!(b.get(10), Some(b'T' | b' ')).then_some(())?;
    let hour = two(11)?;
    mark(13, b':')?;
    let minute = two(14)?;
    mark(16, b':')?;
    let second = two(17)?;
    (hour < 24 && minute < 60 && second < 60).then_some(())?;
    let mut ticks = 0;
    let mut at = 19;
    if b.get(at) == Some(&b'.') {
        at += 1;
        let mut unit = 1_000_000;
        let from = at;
        while let Some(d) = b.get(at).filter(|d| d.is_ascii_digit()) {
            ticks += i64::from(d - b'0') * unit;
            unit /= 10;
            at += 1;
        }
        // More than seven digits are for the slow way to round or refuse.
        (at > from && at <= from + 7).then_some(())?;
    }
    match b.get(at..)? {
        [] | [b'Z'] => {}
        _ => return None,
    }
    let days = text::datetime::days_of(year, month, day)?;
    Some(((days * 24 + hour) * 60 + minute) * 600_000_000 + second * 10_000_000 + ticks)
}

/// The columns of a batch.
pub(crate) struct Columns {
    builders: Vec<Builder>,
    rows: usize,
    /// Rows that are left out, by their place.
    out: Vec<usize>,
    schema: SchemaRef,
    writer: DynWriter,
    scratch: String,
}

impl Columns {
    pub(crate) fn new(types: impl IntoIterator<Item = Type>, schema: SchemaRef) -> Self {
        Columns {
            builders: types.into_iter().map(Builder::new).collect(),
            rows: 0,
            out: Vec::new(),
            schema,
            writer: DynWriter::new(),
            scratch: String::new(),
        }
    }

    /// Rows so far, with those that are left out.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Adds a null.
    pub(crate) fn null(&mut self, slot: usize) {
        if let Some(b) = self.builders.get_mut(slot) {
            b.null();
        }
    }

    /// Adds a value from its text; when it cannot be read a null is added, and false comes back.
    pub(crate) fn text(&mut self, slot: usize, t: &str) -> bool {
        let Some(b) = self.builders.get_mut(slot) else {
            return true;
        };
        let ok = b.text(t, &mut self.writer).is_some();
        if !ok {
            b.null();
        }
        ok
    }

    /// The same from the text of a JSON value.
    pub(crate) fn json(&mut self, slot: usize, raw: &str) -> bool {
        let Some(b) = self.builders.get_mut(slot) else {
            return true;
        };
        let ok = b.json(raw, &mut self.writer, &mut self.scratch).is_some();
        if !ok {
            b.null();
        }
        ok
    }

    /// The row has all of its values. `keep`: whether it is one.
    pub(crate) fn end_row(&mut self, keep: bool) {
        if !keep {
            self.out.push(self.rows);
        }
        self.rows += 1;
    }

    /// The rows so far.
    pub(crate) fn take(&mut self, file: &Path) -> Result<RecordBatch, SourceError> {
        let broken = |e| SourceError::bad_file(file, format!("the rows make no batch: {e}"));
        let arrays = self.builders.iter_mut().map(Builder::finish).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&self.schema), arrays, &options)
            .map_err(broken)?;
        let rows = std::mem::take(&mut self.rows);
        if self.out.is_empty() {
            return Ok(batch);
        }
        let mut keep = vec![true; rows];
        for i in self.out.drain(..) {
            if let Some(k) = keep.get_mut(i) {
                *k = false;
            }
        }
        arrow::compute::filter_record_batch(&batch, &BooleanArray::from(keep)).map_err(broken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_times_read_alike_both_ways() {
        for t in [
            "2024-02-29T23:59:59.1234567Z",
            "2024-02-29 00:00:00",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59.9Z",
            "2023-02-29T00:00:00Z",
            "2024-13-01T00:00:00Z",
            "2024-01-02T25:00:00Z",
        ] {
            let fast = iso(t.as_bytes());
            assert!(fast.is_none() || fast == text::parse_datetime(t), "{t}");
            assert_eq!(datetime(t), text::parse_datetime(t), "{t}");
        }
        assert!(iso(b"2024-02-29T23:59:59.1234567Z").is_some());
    }
}
