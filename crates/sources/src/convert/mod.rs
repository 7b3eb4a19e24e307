//! Logs and exports whose rows are not the rows of a table: each is read as the JSON lines that its table would have.

mod cef;
mod evtx;
mod records;
mod syslog;

use crate::builtin;
use std::io::{BufRead, BufReader, Read, Result};
use std::sync::Arc;

/// How a file becomes JSON lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Convert {
    pub(crate) kind: Kind,
    /// The table that the rows are for.
    pub(crate) table: Arc<str>,
    /// The year of lines that have none.
    pub(crate) year: i64,
}

/// What the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `records` of diagnostic settings, or objects with `time`, `category` and `properties`.
    Records,
    /// Lines of syslog.
    Syslog,
    /// Lines in the Common Event Format.
    Cef,
    /// A Windows event log.
    Evtx,
}

impl Convert {
    /// A reader of the JSON lines.
    pub(crate) fn reader(&self, bytes: Box<dyn Read + Send>) -> Result<Box<dyn Read + Send>> {
        let columns: Vec<String> = builtin::schema(&self.table)
            .unwrap_or_default()
            .into_iter()
            .map(|c| c.name)
            .collect();
        Ok(match self.kind {
            Kind::Records => lines(records::Records::new(bytes, &self.table, columns)),
            Kind::Syslog => {
                let year = self.year;
                lines(texts(bytes, move |line, out| syslog::row(line, year, out)))
            }
            Kind::Cef => {
                let year = self.year;
                lines(texts(bytes, move |line, out| cef::row(line, year, out)))
            }
            Kind::Evtx => lines(evtx::Events::open(bytes, &self.table)?),
        })
    }
}

/// Whether the first line of a text is one of these logs.
pub(crate) fn sniff_line(line: &str) -> Option<Kind> {
    if cef::begin(line).is_some() {
        Some(Kind::Cef)
    } else if syslog::is_line(line) {
        Some(Kind::Syslog)
    } else {
        None
    }
}

pub(crate) use records::is_enveloped;
pub(crate) use syslog::has_year;

/// Writes rows one after the other; false when there are no more.
trait Next: Send {
    fn next(&mut self, out: &mut String) -> Result<bool>;
}

fn lines(rows: impl Next + 'static) -> Box<dyn Read + Send> {
    Box::new(Lines {
        rows,
        text: String::new(),
        at: 0,
    })
}

/// Rows as bytes.
struct Lines<N> {
    rows: N,
    text: String,
    at: usize,
}

impl<N: Next> Read for Lines<N> {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
        while self.at >= self.text.len() {
            self.text.clear();
            self.at = 0;
            if !self.rows.next(&mut self.text)? {
                return Ok(0);
            }
        }
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let n = rest.len().min(buf.len());
        if let (Some(to), Some(from)) = (buf.get_mut(..n), rest.get(..n)) {
            to.copy_from_slice(from);
        }
        self.at += n;
        Ok(n)
    }
}

/// The longest line of a log.
const MOST_LINE: u64 = 64 << 20;

/// Lines of text, each a row: an error says what is wrong with a line.
fn texts<F>(bytes: Box<dyn Read + Send>, row: F) -> Texts<F>
where
    F: Fn(&str, &mut Object) -> std::result::Result<(), String> + Send,
{
    Texts {
        reader: BufReader::with_capacity(1 << 16, bytes),
        row,
        line: 0,
        raw: Vec::new(),
    }
}

struct Texts<F> {
    reader: BufReader<Box<dyn Read + Send>>,
    row: F,
    line: u64,
    raw: Vec<u8>,
}

impl<F> Next for Texts<F>
where
    F: Fn(&str, &mut Object) -> std::result::Result<(), String> + Send,
{
    fn next(&mut self, out: &mut String) -> Result<bool> {
        loop {
            self.raw.clear();
            let n = (&mut self.reader)
                .take(MOST_LINE)
                .read_until(b'\n', &mut self.raw)?;
            if n == 0 {
                return Ok(false);
            }
            self.line += 1;
            let text = String::from_utf8_lossy(&self.raw);
            let text = text.trim_end_matches(['\n', '\r']);
            if text.trim().is_empty() {
                continue;
            }
            let mut object = Object::new(out);
            (self.row)(text, &mut object)
                .map_err(|e| broken(format!("line {}: {e}", self.line)))?;
            object.end();
            return Ok(true);
        }
    }
}

/// An error of the content of a file.
fn broken(message: impl Into<String>) -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::InvalidData, message.into())
}

/// Writes one JSON object.
pub(crate) struct Object<'o> {
    out: &'o mut String,
    any: bool,
}

impl<'o> Object<'o> {
    fn new(out: &'o mut String) -> Self {
        out.push('{');
        Object { out, any: false }
    }

    fn name(&mut self, name: &str) {
        if std::mem::replace(&mut self.any, true) {
            self.out.push(',');
        }
        quote(name, self.out);
        self.out.push(':');
    }

    /// A property that is a text.
    fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        quote(value, self.out);
    }

    /// A property whose value is JSON already.
    fn raw(&mut self, name: &str, value: &str) {
        self.name(name);
        self.out.push_str(value);
    }

    fn end(self) {
        self.out.push_str("}\n");
    }
}

fn quote(text: &str, out: &mut String) {
    kql_types::dynamic::json::write_quoted(text, out);
}
