//! Files as a row of chunks of whole records.
//!
//! One thread at a time reads and cuts (which is little work), and the chunks are taken apart by as many threads as there
//! are. So packed files, arrays and texts with quoted line ends are read by several threads as well as plain ones.

use super::Layout;
use super::bytes;
use super::cut::{Cutter, Records};
use super::separated;
use crate::entry::DataFile;
use crate::error::SourceError;
use std::io::Read;
use std::sync::Arc;

/// Bytes that are read at once.
const CHUNK: usize = 1 << 20;
/// The longest record.
const MOST_RECORD: usize = 256 << 20;
/// The longest text that is one cell.
const MOST_WHOLE: usize = 1 << 30;

/// What the beginning of a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    /// Which of the files.
    pub(crate) file: usize,
    /// The names of its cells; none when it has no header.
    pub(crate) names: Option<Vec<String>>,
    /// The types that a Zeek header gives.
    pub(crate) types: Vec<String>,
    /// The separator (a `sep=` line or a Zeek header may change it).
    pub(crate) separator: u8,
    /// Whether every line is a JSON object.
    pub(crate) lines: bool,
}

/// Some whole records of one file.
#[derive(Debug)]
pub(crate) struct Chunk {
    pub(crate) head: Arc<Head>,
    pub(crate) text: Vec<u8>,
    /// The line of its first byte.
    pub(crate) line: u64,
    /// Whether it begins the file's records.
    pub(crate) first: bool,
}

/// Reads files one after the other.
pub(crate) struct Chunks {
    files: Arc<Vec<DataFile>>,
    layout: Layout,
    most_growth: u64,
    /// Bytes of a chunk.
    size: usize,
    next: usize,
    open: Option<Open>,
}

struct Open {
    reader: Box<dyn Read + Send>,
    head: Arc<Head>,
    cutter: Cutter,
    /// What was read behind the last whole record.
    rest: Vec<u8>,
    line: u64,
    first: bool,
    done: bool,
}

impl Chunks {
    pub(crate) fn new(files: Arc<Vec<DataFile>>, layout: Layout, most_growth: u64) -> Self {
        Chunks {
            files,
            layout,
            most_growth,
            size: CHUNK,
            next: 0,
            open: None,
        }
    }

    /// Reads in pieces of another size.
    pub(crate) fn size(mut self, size: usize) -> Self {
        self.size = size;
        self
    }

    /// Begins with another file.
    pub(crate) fn at(mut self, file: usize) -> Self {
        self.next = file;
        self
    }

    /// The next chunk; none when all files are read.
    pub(crate) fn next(&mut self) -> Result<Option<Chunk>, SourceError> {
        loop {
            if let Some(open) = &mut self.open {
                let file = open.head.file;
                let shown = || {
                    self.files
                        .get(file)
                        .map(DataFile::shown)
                        .unwrap_or_default()
                };
                match open.next(self.layout, self.size) {
                    Ok(Some(chunk)) => return Ok(Some(chunk)),
                    Ok(None) => self.open = None,
                    Err(e) => return Err(e.into_error(&shown(), open.line)),
                }
            }
            let Some(file) = self.files.get(self.next) else {
                return Ok(None);
            };
            self.open = Some(open(
                file,
                self.next,
                self.layout,
                self.most_growth,
                self.size,
            )?);
            self.next += 1;
        }
    }

    /// The head of the file that is open.
    pub(crate) fn head(&self) -> Option<&Arc<Head>> {
        self.open.as_ref().map(|o| &o.head)
    }

    /// Whether all of the file that is open (or was last) has been given.
    pub(crate) fn at_end(&self) -> bool {
        self.open
            .as_ref()
            .is_none_or(|o| o.done && o.rest.is_empty())
    }

    /// Opens the next file without reading its records.
    pub(crate) fn peek(&mut self) -> Result<(), SourceError> {
        if let (None, Some(file)) = (&self.open, self.files.get(self.next)) {
            self.open = Some(open(
                file,
                self.next,
                self.layout,
                self.most_growth,
                self.size,
            )?);
            self.next += 1;
        }
        Ok(())
    }
}

enum Fault {
    Io(std::io::Error),
    Row(&'static str),
}

impl Fault {
    fn into_error(self, file: &std::path::Path, line: u64) -> SourceError {
        match self {
            Fault::Io(e) => SourceError::io(file, &e),
            Fault::Row(what) => SourceError::bad_row(file, line, what),
        }
    }
}

fn open(
    file: &DataFile,
    index: usize,
    layout: Layout,
    most_growth: u64,
    size: usize,
) -> Result<Open, SourceError> {
    let mut reader = bytes::open(file, most_growth)?;
    let mut rest = Vec::new();
    let io = |e: std::io::Error| SourceError::io(&file.shown(), &e);
    more(&mut *reader, &mut rest, size).map_err(io)?;
    let mut line = 1;
    if rest.starts_with(&[0xEF, 0xBB, 0xBF]) {
        rest.drain(..3);
    }
    let mut head = Head {
        file: index,
        names: None,
        types: Vec::new(),
        separator: b',',
        lines: false,
    };
    let mut records = layout.records();
    if layout == Layout::JsonLines {
        head.lines = loop {
            match first_line_is_object(&rest) {
                Some(is) => break is,
                None if rest.len() < MOST_RECORD => {
                    if more(&mut *reader, &mut rest, size).map_err(io)? == 0 {
                        break true;
                    }
                }
                None => break true,
            }
        };
        if !head.lines {
            records = Records::Values;
        }
    }
    if let Layout::Separated(dialect) = layout {
        head.separator = dialect.separator;
        let used = loop {
            match separated::head(&rest, dialect, &mut head) {
                separated::Begin::Needs if rest.len() < MOST_RECORD => {
                    if more(&mut *reader, &mut rest, size).map_err(io)? == 0 {
                        break separated::head_at_end(&rest, dialect, &mut head);
                    }
                }
                separated::Begin::Needs => {
                    return Err(SourceError::bad_row(
                        &file.shown(),
                        1,
                        "the header has no end",
                    ));
                }
                separated::Begin::At(used) => break used,
            }
        };
        line += newlines(rest.get(..used).unwrap_or_default());
        rest.drain(..used);
        records = Records::Separated {
            separator: head.separator,
        };
    }
    Ok(Open {
        reader,
        head: Arc::new(head),
        cutter: Cutter::new(records),
        rest,
        line,
        first: true,
        done: false,
    })
}

/// Whether the first line is a whole object; none when its end is not there yet. An array, or an object over several lines,
/// is no matter of lines whatever the file's name says.
fn first_line_is_object(text: &[u8]) -> Option<bool> {
    let start = text.iter().position(|b| !b.is_ascii_whitespace())?;
    let line = text.get(start..).unwrap_or_default();
    if line.first() == Some(&b'[') {
        return Some(false);
    }
    let end = memchr::memchr(b'\n', line)?;
    let line = line.get(..end).unwrap_or_default();
    let mut cutter = Cutter::new(Records::Values);
    Some(cutter.look(line) > 0 || line.first() != Some(&b'{'))
}

/// Reads about `most` more bytes; how many came.
fn more(reader: &mut dyn Read, text: &mut Vec<u8>, most: usize) -> std::io::Result<usize> {
    let before = text.len();
    let limit = u64::try_from(most).unwrap_or(u64::MAX);
    reader.take(limit).read_to_end(text)?;
    Ok(text.len() - before)
}

fn newlines(text: &[u8]) -> u64 {
    u64::try_from(memchr::memchr_iter(b'\n', text).count()).unwrap_or(0)
}

impl Open {
    fn next(&mut self, layout: Layout, most: usize) -> Result<Option<Chunk>, Fault> {
        let mut text = std::mem::take(&mut self.rest);
        text.reserve(most);
        let longest = match layout {
            Layout::Whole => MOST_WHOLE,
            _ => MOST_RECORD,
        };
        while !self.done {
            if text.len() < most || self.cutter.look(&text) == 0 {
                if text.len() > longest {
                    return Err(Fault::Row("the record is too long (is a quote missing?)"));
                }
                let want = most.saturating_sub(text.len()).max(most / 4);
                if more(&mut *self.reader, &mut text, want).map_err(Fault::Io)? == 0 {
                    self.done = true;
                    self.cutter.look(&text);
                    if let Some(what) = self.cutter.fault() {
                        self.line += newlines(&text);
                        return Err(Fault::Row(what));
                    }
                }
                continue;
            }
            let end = self.cutter.look(&text);
            self.rest = text.split_off(end);
            self.cutter.cut(end);
            break;
        }
        if text.is_empty() {
            return Ok(None);
        }
        let line = self.line;
        self.line += newlines(&text);
        Ok(Some(Chunk {
            head: Arc::clone(&self.head),
            text,
            line,
            first: std::mem::take(&mut self.first),
        }))
    }
}
