//! Chunks of text into columns: which cell or property goes where.

use super::chunks::{Chunk, Head};
use super::columns::Columns;
use super::objects::Objects;
use super::separated::Span;
use super::{Layout, Step, TextTable};
use crate::error::SourceError;
use crate::tables::BadRows;
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use std::path::PathBuf;
use std::sync::Arc;

/// Where the batches go; false: nobody wants more.
pub(crate) type Send<'f> = &'f mut dyn FnMut(RecordBatch) -> bool;

/// Reads chunks into batches of the wanted columns.
pub(crate) struct Rows<'t> {
    pub(super) table: &'t TextTable,
    /// The wanted columns: their places in the table.
    wanted: Vec<usize>,
    pub(super) columns: Columns,
    most: usize,
    head: Option<Arc<Head>>,
    /// Where each wanted column's values are in the file at hand.
    pub(super) places: Vec<Place>,
    pub(super) spans: Vec<Span>,
    pub(super) scratch: String,
    pub(super) objects: Objects,
    /// Of each wanted column: the path inside its property.
    pub(super) deep: Vec<Vec<Step>>,
}

/// Where a column's values are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// A cell, with the type that a Zeek header gives.
    Cell(usize, Option<String>),
    /// A property of an object, by its place in [`Objects`].
    Property(usize),
    /// The name of a partition folder.
    Constant(String),
    Nowhere,
}

impl<'t> Rows<'t> {
    pub(crate) fn new(
        table: &'t TextTable,
        wanted: &[usize],
        schema: SchemaRef,
        most: usize,
    ) -> Self {
        let types = wanted
            .iter()
            .filter_map(|i| table.columns.get(*i).map(|c| c.ty));
        Rows {
            table,
            wanted: wanted.to_vec(),
            columns: Columns::new(types, schema),
            most: most.max(1),
            head: None,
            places: Vec::new(),
            spans: Vec::new(),
            scratch: String::new(),
            objects: Objects::new(table, wanted),
            deep: wanted
                .iter()
                .map(|i| {
                    table
                        .path(*i)
                        .unwrap_or_default()
                        .into_iter()
                        .skip(1)
                        .collect()
                })
                .collect(),
        }
    }

    /// Takes a chunk apart; false: nobody wants more.
    pub(crate) fn chunk(&mut self, chunk: &Chunk, send: Send<'_>) -> Result<bool, SourceError> {
        if self.head.as_ref() != Some(&chunk.head) {
            self.begin(&chunk.head);
        }
        match self.table.layout {
            Layout::Separated(_) => self.separated(chunk, send),
            Layout::JsonLines | Layout::Json => self.properties(chunk, send),
            Layout::Lines => self.lines(chunk, send),
            Layout::Whole => self.whole(chunk, send),
        }
    }

    /// What is left.
    pub(crate) fn finish(&mut self, send: Send<'_>) -> Result<(), SourceError> {
        if self.columns.rows() > 0 {
            self.flush(send)?;
        }
        Ok(())
    }

    /// Finds the columns in another file.
    fn begin(&mut self, head: &Arc<Head>) {
        let folders = self
            .table
            .files
            .get(head.file)
            .map(|f| f.folders.as_slice())
            .unwrap_or_default();
        let is_json = matches!(self.table.layout, Layout::Json | Layout::JsonLines);
        let place = |slot: usize, i: usize| {
            let column = self.table.columns.get(i)?;
            if column.folder {
                let value = folders.iter().find(|(k, _)| *k == column.name)?;
                return Some(Place::Constant(value.1.clone()));
            }
            if is_json {
                return self.objects.place(slot).map(Place::Property);
            }
            let cell = match (&head.names, &self.table.external) {
                (_, Some(e)) => e.cells.get(i).copied().unwrap_or(i),
                (Some(names), None) => names.iter().position(|n| *n == column.in_file())?,
                (None, None) => i,
            };
            Some(Place::Cell(cell, head.types.get(cell).cloned()))
        };
        self.places = self
            .wanted
            .iter()
            .enumerate()
            .map(|(slot, i)| place(slot, *i).unwrap_or(Place::Nowhere))
            .collect();
        self.head = Some(Arc::clone(head));
        self.objects.forget();
    }

    fn file(&self) -> PathBuf {
        let file = self
            .head
            .as_ref()
            .and_then(|h| self.table.files.get(h.file));
        file.map(|f| f.shown()).unwrap_or_default()
    }

    fn flush(&mut self, send: Send<'_>) -> Result<bool, SourceError> {
        let file = self.file();
        let batch = self.columns.take(&file)?;
        Ok(batch.num_rows() == 0 || send(batch))
    }

    /// The row is complete, but for what could not be read: `fault` has a wanted column and its text. False: nobody wants
    /// more.
    pub(super) fn end_row(
        &mut self,
        chunk: &Chunk,
        at: usize,
        fault: Option<(usize, &str)>,
        send: Send<'_>,
    ) -> Result<bool, SourceError> {
        if let Some((slot, raw)) = fault {
            let message = self.no_value(slot, raw);
            self.bad(chunk, at, message)?;
        }
        self.columns.end_row(fault.is_none());
        if self.columns.rows() >= self.most {
            return self.flush(send);
        }
        Ok(true)
    }

    /// What to do about a row that cannot be read: an error, or nothing when such rows are left out.
    pub(super) fn bad(
        &self,
        chunk: &Chunk,
        at: usize,
        message: impl Into<String>,
    ) -> Result<(), SourceError> {
        if self.table.options.bad_rows == BadRows::Skip {
            self.table.skipped.add();
            return Ok(());
        }
        let e = self.error(chunk, at, message);
        Err(match e.help {
            Some(_) => e,
            None => e.with_help("--bad-rows skip leaves such rows out and counts them"),
        })
    }

    /// An error at a place of the chunk.
    pub(super) fn error(
        &self,
        chunk: &Chunk,
        at: usize,
        message: impl Into<String>,
    ) -> SourceError {
        let before = chunk.text.get(..at).unwrap_or_default();
        let lines = u64::try_from(memchr::memchr_iter(b'\n', before).count()).unwrap_or(0);
        SourceError::bad_row(&self.file(), chunk.line + lines, message)
    }

    fn no_value(&self, slot: usize, raw: &str) -> String {
        let mut shown: String = raw.chars().take(60).collect();
        if shown.len() < raw.len() {
            shown.push('…');
        }
        match self
            .wanted
            .get(slot)
            .and_then(|i| self.table.columns.get(*i))
        {
            Some(c) => format!(
                "`{shown}` in column `{}` is no {} ({})",
                c.name,
                c.ty,
                c.origin.says()
            ),
            None => format!("`{shown}` cannot be read"),
        }
    }

    fn lines(&mut self, chunk: &Chunk, send: Send<'_>) -> Result<bool, SourceError> {
        let mut skip = chunk.first && self.table.skips_first();
        let mut start = 0;
        while start < chunk.text.len() {
            let rest = chunk.text.get(start..).unwrap_or_default();
            let n = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = rest.get(..n).unwrap_or_default();
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            let at = start;
            start += n + 1;
            // Empty lines are no records.
            if line.is_empty() || std::mem::take(&mut skip) {
                continue;
            }
            if !self.only(chunk, at, line, send)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn whole(&mut self, chunk: &Chunk, send: Send<'_>) -> Result<bool, SourceError> {
        if chunk.first && self.table.skips_first() {
            return Ok(true);
        }
        self.only(chunk, 0, &chunk.text, send)
    }

    /// A record of one cell.
    fn only(
        &mut self,
        chunk: &Chunk,
        at: usize,
        cell: &[u8],
        send: Send<'_>,
    ) -> Result<bool, SourceError> {
        let Ok(text) = std::str::from_utf8(cell) else {
            self.bad(chunk, at, "the text is not UTF-8")?;
            return Ok(true);
        };
        for (slot, place) in self.places.iter().enumerate() {
            match place {
                Place::Cell(0, _) => {
                    self.columns.text(slot, text);
                }
                _ => self.columns.null(slot),
            }
        }
        self.end_row(chunk, at, None, send)
    }
}
