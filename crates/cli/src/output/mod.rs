//! Rows in the formats of the contract, streamed.

mod formats;

pub use formats::Writer;

use std::fs::File;
use std::io::{BufWriter, Stdout, Write};
use std::path::Path;

/// Where rows go.
pub enum Output {
    /// Standard output.
    Standard {
        out: BufWriter<Stdout>,
        closed: bool,
    },
    /// A file.
    File(BufWriter<File>),
}

impl Output {
    /// Opens the file, or standard output.
    pub fn open(path: Option<&Path>) -> Result<Output, String> {
        match path {
            None => Ok(Output::Standard {
                out: BufWriter::with_capacity(1 << 16, std::io::stdout()),
                closed: false,
            }),
            Some(p) => {
                let file = File::create(p).map_err(|e| format!("{}: {e}", p.display()))?;
                Ok(Output::File(BufWriter::with_capacity(1 << 16, file)))
            }
        }
    }

    /// Whether the reader of standard output has closed it.
    pub fn is_closed(&self) -> bool {
        matches!(self, Output::Standard { closed: true, .. })
    }
}

impl Write for Output {
    fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
        match self {
            Output::Standard { out, closed } => {
                let r = out.write(buf);
                *closed |= r
                    .as_ref()
                    .is_err_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe);
                r
            }
            Output::File(f) => f.write(buf),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Output::Standard { out, closed } => {
                let r = out.flush();
                *closed |= r
                    .as_ref()
                    .is_err_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe);
                r
            }
            Output::File(f) => f.flush(),
        }
    }
}
