//! Cells with separators (RFC 4180), lines, whole texts.

use super::{Cell, OnRow};
use crate::error::SourceError;
use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use std::io::BufRead;
use std::path::Path;

/// The longest record that is read, in bytes.
const MOST_RECORD: usize = 256 << 20;

/// A header's name: without the zone that the portal writes behind it.
fn header_name(cell: &str) -> String {
    cell.trim_start_matches('\u{feff}')
        .trim_end()
        .trim_end_matches("[UTC]")
        .trim_end()
        .to_owned()
}

/// Reads records.
pub(crate) fn rows(
    file: &Path,
    reader: &mut dyn BufRead,
    separator: u8,
    header: bool,
    f: OnRow<'_>,
) -> Result<(), SourceError> {
    let mut csv: Reader = ReaderBuilder::new().delimiter(separator).build();
    let mut text = vec![0u8; 1 << 16];
    let mut ends = vec![0usize; 256];
    let (mut used, mut cells) = (0, 0);
    let mut want_header = header;
    let mut line = 1;
    loop {
        let input = reader.fill_buf().map_err(|e| SourceError::io(file, &e))?;
        let at_end = input.is_empty();
        let (result, read, wrote, ended) =
            csv.read_record(input, &mut text[used..], &mut ends[cells..]);
        reader.consume(read);
        used += wrote;
        cells += ended;
        match result {
            ReadRecordResult::InputEmpty => {
                if at_end {
                    continue;
                }
            }
            ReadRecordResult::OutputFull => {
                if text.len() > MOST_RECORD {
                    return Err(SourceError::bad_row(
                        file,
                        line,
                        "the record is longer than 256 MiB (is a quote missing?)",
                    ));
                }
                text.resize(text.len() * 2, 0);
            }
            ReadRecordResult::OutputEndsFull => ends.resize(ends.len() * 2, 0),
            ReadRecordResult::Record => {
                let whole = std::str::from_utf8(&text[..used]);
                let whole = match whole {
                    Ok(w) => w,
                    Err(_) => {
                        return Err(SourceError::bad_row(
                            file,
                            line,
                            "the row is not UTF-8 text",
                        ));
                    }
                };
                let mut row = Vec::with_capacity(cells);
                let mut start = 0;
                for end in &ends[..cells] {
                    row.push(Cell::Plain(whole.get(start..*end).unwrap_or_default()));
                    start = *end;
                }
                let go_on = if std::mem::take(&mut want_header) {
                    let names: Vec<String> = row
                        .iter()
                        .map(|c| match c {
                            Cell::Plain(t) | Cell::Named(_, t) => header_name(t),
                        })
                        .collect();
                    f(Some(&names), line, &[])?
                } else {
                    f(None, line, &row)?
                };
                if !go_on {
                    return Ok(());
                }
                (used, cells) = (0, 0);
                line = csv.line();
            }
            ReadRecordResult::End => return Ok(()),
        }
    }
}

/// A line is a cell.
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
        let n = reader
            .read_line(&mut text)
            .map_err(|e| SourceError::io(file, &e))?;
        if n == 0
            || !f(
                None,
                line,
                &[Cell::Plain(text.trim_end_matches(['\n', '\r']))],
            )?
        {
            return Ok(());
        }
    }
}

/// The whole text is a cell.
pub(crate) fn whole(
    file: &Path,
    reader: &mut dyn BufRead,
    f: OnRow<'_>,
) -> Result<(), SourceError> {
    let mut text = String::new();
    reader
        .read_to_string(&mut text)
        .map_err(|e| SourceError::io(file, &e))?;
    f(None, 1, &[Cell::Plain(&text)]).map(|_| ())
}
