//! Records of cells into columns.

use super::chunks::Chunk;
use super::rows::{Place, Rows, Send};
use super::separated::{record, unquoted};
use super::zeek;
use crate::error::SourceError;

impl Rows<'_> {
    pub(super) fn separated(&mut self, chunk: &Chunk, send: Send<'_>) -> Result<bool, SourceError> {
        let lenient = self.table.external.is_some();
        let mut skip = chunk.first && self.table.skips_first();
        let is_zeek = !chunk.head.types.is_empty();
        let width = chunk.head.names.as_ref().map(Vec::len).filter(|_| !lenient);
        let mut spans = std::mem::take(&mut self.spans);
        let mut scratch = std::mem::take(&mut self.scratch);
        let bytes = chunk.text.as_slice();
        let mut at = 0;
        while let Some((end, next)) = record(bytes, at, chunk.head.separator, &mut spans) {
            let start = std::mem::replace(&mut at, next);
            let row = bytes.get(start..end).unwrap_or_default();
            // An empty line is no row, and Zeek ends its logs with a remark.
            if row.is_empty() || (is_zeek && row.starts_with(b"#")) || std::mem::take(&mut skip) {
                continue;
            }
            if let Some(w) = width.filter(|w| *w != spans.len()) {
                let n = spans.len();
                self.bad(
                    chunk,
                    start,
                    format!("the row has {n} cells, and the header has {w}"),
                )?;
                continue;
            }
            let Ok(text) = std::str::from_utf8(row) else {
                self.bad(chunk, start, "the row is not UTF-8 text")?;
                continue;
            };
            let mut fault = None;
            for (slot, place) in self.places.iter().enumerate() {
                let (cell, zeek_type) = match place {
                    Place::Cell(c, z) => (*c, z),
                    Place::Constant(t) => {
                        self.columns.text(slot, t);
                        continue;
                    }
                    Place::Property(_) | Place::Nowhere => {
                        self.columns.null(slot);
                        continue;
                    }
                };
                let Some(span) = spans.get(cell) else {
                    self.columns.null(slot);
                    continue;
                };
                let raw = text
                    .get(span.start - start..span.end - start)
                    .unwrap_or_default();
                let cell = match zeek_type {
                    Some(z) => zeek::cell(z, raw, &mut scratch),
                    None => Some(unquoted(raw, span.escaped, &mut scratch)),
                };
                match cell {
                    Some(t) => {
                        if !self.columns.text(slot, t) && !lenient && fault.is_none() {
                            fault = Some((slot, raw));
                        }
                    }
                    None => self.columns.null(slot),
                }
            }
            if !self.end_row(chunk, start, fault, send)? {
                return Ok(false);
            }
        }
        self.spans = spans;
        self.scratch = scratch;
        Ok(true)
    }
}
