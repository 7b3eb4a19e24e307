//! What is wrong with a file, with its place.

use kql_diag::{Code, codes};
use std::path::{Path, PathBuf};

/// A file, a row or a value that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceError {
    /// From the registry.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// Which file.
    pub file: Option<PathBuf>,
    /// Which line of it, from 1.
    pub line: Option<u64>,
    /// What would help.
    pub help: Option<String>,
}

impl SourceError {
    /// An error without a file.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        SourceError {
            code,
            message: message.into(),
            file: None,
            line: None,
            help: None,
        }
    }

    /// A file that cannot be opened or read.
    pub fn io(file: &Path, e: &std::io::Error) -> Self {
        let code = match e.kind() {
            std::io::ErrorKind::UnexpectedEof
            | std::io::ErrorKind::InvalidData
            | std::io::ErrorKind::InvalidInput => codes::BAD_FILE,
            _ => codes::INPUT,
        };
        SourceError::new(code, format!("the file cannot be read: {e}")).at(file)
    }

    /// A file that is not what it should be.
    pub fn bad_file(file: &Path, message: impl Into<String>) -> Self {
        SourceError::new(codes::BAD_FILE, message).at(file)
    }

    /// A row that is broken.
    pub fn bad_row(file: &Path, line: u64, message: impl Into<String>) -> Self {
        SourceError {
            line: Some(line),
            ..SourceError::new(codes::BAD_ROW, message).at(file)
        }
    }

    /// The same with a file.
    #[must_use]
    pub fn at(mut self, file: &Path) -> Self {
        self.file = Some(file.to_owned());
        self
    }

    /// The same with a hint.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl std::fmt::Display for SourceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{}", file.display())?;
            if let Some(line) = self.line {
                write!(f, ":{line}")?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for SourceError {}
