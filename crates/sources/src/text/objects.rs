//! Objects into columns.

use super::chunks::Chunk;
use super::json::{self, Broken};
use super::rows::{Place, Rows, Send};
use super::{Step, TextTable};
use crate::error::SourceError;
use kql_types::DynRef;
use kql_types::dynamic::DynWriter;
use kql_types::dynamic::json::{json_path, write_json};
use std::collections::HashMap;
use std::ops::Range;

/// How many of the expected names behind the next one are looked at.
const AHEAD: usize = 8;
/// How many unknown names are remembered.
const MOST_UNKNOWN: usize = 20;

/// Which properties are wanted, and where they stand in the object at hand.
pub(super) struct Objects {
    /// Of each wanted column: its property.
    slots: Vec<Option<usize>>,
    /// Of each property: its value's place in the text; empty when the object lacks it.
    values: Vec<Range<usize>>,
    /// All names that the table knows; those that are wanted with their property.
    names: HashMap<Vec<u8>, Option<usize>>,
    /// The names of an object of this file in their order: the next object mostly has the same.
    order: Vec<(Vec<u8>, Option<usize>)>,
    ordered: bool,
    /// Names that the table does not know.
    unknown: Vec<Vec<u8>>,
    scratch: String,
    writer: DynWriter,
}

impl Objects {
    pub(super) fn new(table: &TextTable, wanted: &[usize]) -> Self {
        let mut names: HashMap<Vec<u8>, Option<usize>> = HashMap::new();
        let mut count = 0;
        let mut slots = Vec::with_capacity(wanted.len());
        let first = |i: usize| -> Option<String> {
            match table.path(i)?.first() {
                Some(Step::Key(k)) => Some(k.clone()),
                _ => None,
            }
        };
        for i in wanted {
            slots.push(first(*i).map(|name| {
                let property = names.entry(name.into_bytes()).or_insert(None);
                *property.get_or_insert_with(|| {
                    count += 1;
                    count - 1
                })
            }));
        }
        for name in (0..table.columns.len()).filter_map(first) {
            names.entry(name.into_bytes()).or_insert(None);
        }
        Objects {
            slots,
            values: vec![0..0; count],
            names,
            order: Vec::new(),
            ordered: false,
            unknown: Vec::new(),
            scratch: String::new(),
            writer: DynWriter::new(),
        }
    }

    /// The property of a wanted column.
    pub(super) fn place(&self, slot: usize) -> Option<usize> {
        self.slots.get(slot).copied().flatten()
    }

    /// Another file begins.
    pub(super) fn forget(&mut self) {
        self.order.clear();
        self.ordered = false;
    }

    /// Names that stood in objects and that the table does not know.
    pub(super) fn unknown(&self) -> impl Iterator<Item = String> {
        self.unknown
            .iter()
            .map(|n| String::from_utf8_lossy(n).into_owned())
    }

    /// Finds the values of the object at `at`; where it ends.
    fn read(&mut self, text: &[u8], at: usize) -> Result<usize, Broken> {
        self.values.fill(0..0);
        let Objects {
            values,
            names,
            order,
            ordered,
            unknown,
            scratch,
            ..
        } = self;
        let mut next = 0;
        let end = json::object(text, at, |key, value| {
            let ahead = order.get(next..).unwrap_or_default().iter().take(AHEAD);
            let known = ahead.enumerate().find(|(_, (n, _))| *n == key.raw);
            let property = match known {
                Some((i, (_, property))) if !key.escaped => {
                    next += i + 1;
                    *property
                }
                _ => {
                    let raw = std::str::from_utf8(key.raw).unwrap_or_default();
                    let name = if key.escaped && json::unescape(raw, scratch) {
                        scratch.as_bytes()
                    } else {
                        key.raw
                    };
                    let property = match names.get(name) {
                        Some(p) => *p,
                        None => {
                            if unknown.len() < MOST_UNKNOWN && !unknown.iter().any(|u| u == name) {
                                unknown.push(name.to_vec());
                            }
                            None
                        }
                    };
                    if !*ordered && !key.escaped {
                        order.push((name.to_vec(), property));
                        next = order.len();
                    }
                    property
                }
            };
            // Of properties with the same name the last one counts.
            if let Some(place) = property.and_then(|p| values.get_mut(p)) {
                *place = value;
            }
        })?;
        *ordered = true;
        Ok(end)
    }
}

impl Rows<'_> {
    pub(super) fn properties(
        &mut self,
        chunk: &Chunk,
        send: Send<'_>,
    ) -> Result<bool, SourceError> {
        let lenient = self.table.external.is_some();
        let mut skip = chunk.first && self.table.skips_first();
        let bytes = chunk.text.as_slice();
        let mut at = 0;
        while let Some(start) = json::next_value(bytes, at) {
            let rest = bytes.get(start..).unwrap_or_default();
            let limit = match chunk.head.lines {
                true => memchr::memchr(b'\n', rest).map_or(bytes.len(), |i| start + i),
                false => bytes.len(),
            };
            let end = match self
                .objects
                .read(bytes.get(..limit).unwrap_or_default(), start)
            {
                Ok(end) => end,
                // Behind a broken line the next one begins anew; behind a broken value of an array nothing is sure.
                Err(b) if chunk.head.lines => {
                    self.bad(chunk, start, b.what)?;
                    at = limit;
                    continue;
                }
                Err(b) => return Err(self.error(chunk, b.at, b.what)),
            };
            at = end;
            if std::mem::take(&mut skip) {
                continue;
            }
            let Ok(text) = std::str::from_utf8(bytes.get(start..end).unwrap_or_default()) else {
                self.bad(chunk, start, "the row is not UTF-8 text")?;
                continue;
            };
            let fault = self.values(text, start, lenient);
            if !self.end_row(chunk, start, fault, send)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The values of an object; the first that cannot be read.
    fn values<'t>(
        &mut self,
        text: &'t str,
        start: usize,
        lenient: bool,
    ) -> Option<(usize, &'t str)> {
        let mut fault = None;
        for (slot, place) in self.places.iter().enumerate() {
            let value = match place {
                Place::Property(p) => self.objects.values.get(*p).cloned().unwrap_or_default(),
                Place::Constant(t) => {
                    self.columns.text(slot, t);
                    continue;
                }
                Place::Cell(..) | Place::Nowhere => 0..0,
            };
            if value.is_empty() {
                self.columns.null(slot);
                continue;
            }
            let raw = text
                .get(value.start - start..value.end - start)
                .unwrap_or_default();
            let ok = match self.deep.get(slot) {
                Some(path) if !path.is_empty() => {
                    let Objects {
                        writer, scratch, ..
                    } = &mut self.objects;
                    let steps: Vec<_> = path.iter().map(Step::borrow).collect();
                    writer.clear();
                    json_path(raw, &steps, writer);
                    scratch.clear();
                    write_json(DynRef::new(&writer.bytes), scratch);
                    self.columns.json(slot, scratch)
                }
                _ => self.columns.json(slot, raw),
            };
            if !ok && !lenient && fault.is_none() {
                fault = Some((slot, raw));
            }
        }
        fault
    }
}
