//! Rows in the formats of the contract, streamed.

mod columnar;
pub mod drawing;
mod formats;
pub mod names;
mod progress;

pub use progress::Progress;

pub use formats::Writer;

use std::fs::File;
use std::io::{BufWriter, Stdout, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The unfinished file of this process, for whoever must end it at once.
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Removes what is written so far to a file that will never be whole.
pub fn discard_unfinished() {
    if let Ok(mut path) = UNFINISHED.lock()
        && let Some(path) = path.take()
    {
        // It is unfinished, and there is nobody left to tell.
        let _ = std::fs::remove_file(path);
    }
}

/// Where rows go.
pub enum Output {
    /// Standard output.
    Standard {
        out: BufWriter<Stdout>,
        closed: bool,
    },
    /// A file. It gets its name when it is whole; a device or a pipe is written as it stands.
    File {
        out: BufWriter<File>,
        /// Where the rows are until then, and the name.
        rename: Option<(PathBuf, PathBuf)>,
    },
}

impl Output {
    /// Opens the file, or standard output.
    pub fn open(path: Option<&Path>) -> Result<Output, String> {
        let Some(path) = path else {
            return Ok(Output::Standard {
                out: BufWriter::with_capacity(1 << 16, std::io::stdout()),
                closed: false,
            });
        };
        let fault = |e: std::io::Error| format!("{}: {e}", path.display());
        // What a link points to is replaced, not the link.
        let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let (file, rename) = match std::fs::metadata(&target) {
            Ok(m) if m.is_dir() => return Err(format!("{}: this is a folder", path.display())),
            Ok(m) if !m.is_file() => (File::options().write(true).open(&target), None),
            _ => {
                let name = target.file_name().unwrap_or_default().to_string_lossy();
                let part = target.with_file_name(format!(".{name}.{}.part", std::process::id()));
                (File::create(&part), Some((part, target)))
            }
        };
        let out = BufWriter::with_capacity(1 << 16, file.map_err(fault)?);
        if let (Some((part, _)), Ok(mut unfinished)) = (&rename, UNFINISHED.lock()) {
            *unfinished = Some(part.clone());
        }
        Ok(Output::File { out, rename })
    }

    /// Whether the reader of standard output has closed it.
    pub fn is_closed(&self) -> bool {
        matches!(self, Output::Standard { closed: true, .. })
    }

    /// Whether it is a file that keeps what it had until the new rows are whole.
    pub fn is_file(&self) -> bool {
        matches!(self, Output::File { .. })
    }

    /// All is written: the file gets its name.
    pub fn keep(mut self) -> std::io::Result<()> {
        self.flush()?;
        if let Output::File { out, rename } = &mut self
            && let Some((part, target)) = rename.take()
        {
            out.get_ref().sync_all()?;
            std::fs::rename(part, target)?;
            if let Ok(mut unfinished) = UNFINISHED.lock() {
                *unfinished = None;
            }
        }
        Ok(())
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if let Output::File {
            rename: Some(_), ..
        } = self
        {
            discard_unfinished();
        }
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
            Output::File { out, .. } => out.write(buf),
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
            Output::File { out, .. } => out.flush(),
        }
    }
}
