//! Objects, one a line or in an array.

use super::{Cell, OnRow};
use crate::error::SourceError;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::io::BufRead;
use std::path::Path;

/// Reads an object a line; an empty line is passed over.
pub(crate) fn lines(
    file: &Path,
    reader: &mut dyn BufRead,
    f: OnRow<'_>,
) -> Result<(), SourceError> {
    let mut text = String::new();
    let mut line = 0;
    loop {
        text.clear();
        line += 1;
        if reader
            .read_line(&mut text)
            .map_err(|e| SourceError::io(file, &e))?
            == 0
        {
            return Ok(());
        }
        let row = text.trim_start_matches('\u{feff}').trim();
        if row.is_empty() {
            continue;
        }
        if !object(file, line, row, f)? {
            return Ok(());
        }
    }
}

/// One object's text as a row.
fn object(file: &Path, line: u64, text: &str, f: OnRow<'_>) -> Result<bool, SourceError> {
    let mut de = serde_json::Deserializer::from_str(text);
    let cells = de
        .deserialize_map(Object)
        .and_then(|c| de.end().map(|()| c))
        .map_err(|e| SourceError::bad_row(file, line, format!("this is no JSON object: {e}")))?;
    let row: Vec<Cell<'_>> = cells.iter().map(|(k, v)| Cell::Named(k, v.get())).collect();
    f(None, line, &row)
}

/// The properties of an object, values as their text.
struct Object;

impl<'de> Visitor<'de> for Object {
    type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut out = Vec::new();
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            out.push((key, map.next_value::<&'de RawValue>()?));
        }
        Ok(out)
    }
}

/// Reads an array of objects (or objects one after the other) element by element.
pub(crate) fn array(
    file: &Path,
    reader: &mut dyn BufRead,
    f: OnRow<'_>,
) -> Result<(), SourceError> {
    // The first character that is no space says which.
    let first = loop {
        let buffer = reader.fill_buf().map_err(|e| SourceError::io(file, &e))?;
        if buffer.is_empty() {
            return Ok(());
        }
        match buffer
            .iter()
            .position(|b| !b.is_ascii_whitespace() && !matches!(b, 0xEF | 0xBB | 0xBF))
        {
            Some(i) => {
                let b = buffer[i];
                reader.consume(i);
                break b;
            }
            None => {
                let n = buffer.len();
                reader.consume(n);
            }
        }
    };
    let bad = |e: serde_json::Error| {
        let line = u64::try_from(e.line()).unwrap_or(0);
        SourceError::bad_row(file, line, format!("this is no JSON: {e}"))
    };
    if first == b'[' {
        let mut failed = None;
        let mut de = serde_json::Deserializer::from_reader(reader);
        let out = Elements {
            file,
            f,
            failed: &mut failed,
        }
        .deserialize(&mut de);
        if let Some(e) = failed {
            return Err(e);
        }
        return out.map_err(bad);
    }
    let stream = serde_json::Deserializer::from_reader(reader).into_iter::<Box<RawValue>>();
    for (i, value) in stream.enumerate() {
        let value = value.map_err(bad)?;
        let line = u64::try_from(i + 1).unwrap_or(0);
        if !object(file, line, value.get(), f)? {
            return Ok(());
        }
    }
    Ok(())
}

struct Elements<'a, 'f> {
    file: &'a Path,
    f: OnRow<'f>,
    failed: &'a mut Option<SourceError>,
}

impl<'de> DeserializeSeed<'de> for Elements<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, de: D) -> Result<(), D::Error> {
        de.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Elements<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut n = 0;
        while let Some(value) = seq.next_element::<Box<RawValue>>()? {
            n += 1;
            match object(self.file, n, value.get(), &mut *self.f) {
                Ok(true) => {}
                Ok(false) => {
                    while seq.next_element::<IgnoredAny>()?.is_some() {}
                    return Ok(());
                }
                Err(e) => {
                    *self.failed = Some(e);
                    return Err(serde::de::Error::custom("stopped"));
                }
            }
        }
        Ok(())
    }
}
