//! File formats, by the name's ending or by the first bytes.

use crate::convert;
use crate::entry::DataFile;
use crate::error::SourceError;
use crate::text::{self, Dialect, Header, Layout};
use std::path::Path;

/// A file format; the first one counts where several give one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Format {
    Parquet,
    Arrow,
    JsonLines,
    Json,
    Csv,
    Tsv,
    Psv,
    Zeek,
    Evtx,
    Cef,
    Syslog,
}

impl Format {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Format::Parquet => "Parquet",
            Format::Arrow => "Arrow",
            Format::JsonLines => "JSON lines",
            Format::Json => "JSON",
            Format::Csv => "CSV",
            Format::Tsv => "TSV",
            Format::Psv => "PSV",
            Format::Zeek => "Zeek",
            Format::Evtx => "Windows event log",
            Format::Cef => "CEF",
            Format::Syslog => "syslog",
        }
    }

    /// How the text of the format is laid out; none for binary formats.
    pub(crate) fn layout(self) -> Option<Layout> {
        let separated = |separator, header| Some(Layout::Separated(Dialect { separator, header }));
        match self {
            Format::Parquet | Format::Arrow => None,
            Format::JsonLines | Format::Evtx | Format::Cef | Format::Syslog => {
                Some(Layout::JsonLines)
            }
            Format::Json => Some(Layout::Json),
            Format::Csv => separated(b',', Header::Names),
            Format::Tsv => separated(b'\t', Header::Names),
            Format::Psv => separated(b'|', Header::Names),
            Format::Zeek => separated(b'\t', Header::Zeek),
        }
    }
}

/// The name without the endings of packed files.
fn unpacked(name: &str) -> &str {
    let mut rest = name;
    while let Some((stem, ending)) = rest.rsplit_once('.') {
        if !["gz", "gzip", "zst", "zstd", "zip"]
            .iter()
            .any(|p| ending.eq_ignore_ascii_case(p))
        {
            break;
        }
        rest = stem;
    }
    rest
}

/// The format that a file's name tells; none when it is no data or only its bytes tell.
pub(crate) fn format_of(path: &Path) -> Option<Format> {
    let (_, ending) = unpacked(path.file_name()?.to_str()?).rsplit_once('.')?;
    Some(match ending.to_ascii_lowercase().as_str() {
        "parquet" => Format::Parquet,
        "arrow" | "arrows" | "feather" | "ipc" => Format::Arrow,
        "jsonl" | "ndjson" => Format::JsonLines,
        "json" => Format::Json,
        "csv" => Format::Csv,
        "tsv" => Format::Tsv,
        "psv" => Format::Psv,
        "evtx" => Format::Evtx,
        "cef" => Format::Cef,
        "syslog" => Format::Syslog,
        _ => return None,
    })
}

/// Whether the name is that of a log.
pub(crate) fn is_log(path: &Path) -> bool {
    let name = path
        .file_name()
        .and_then(|n| n.to_str())
        .unwrap_or_default();
    unpacked(name)
        .rsplit_once('.')
        .is_some_and(|(_, e)| e.eq_ignore_ascii_case("log"))
}

/// A file's name without the endings that tell its format.
pub(crate) fn stem_of(path: &Path) -> String {
    let name = path
        .file_name()
        .and_then(|n| n.to_str())
        .unwrap_or_default();
    let rest = unpacked(name);
    if format_of(path).is_some() || is_log(path) {
        return rest.rsplit_once('.').map_or(rest, |(s, _)| s).to_owned();
    }
    rest.to_owned()
}

/// The format that a file's first bytes tell.
pub(crate) fn sniff(file: &DataFile) -> Result<Option<Format>, SourceError> {
    let head = text::head(file, 4096)?;
    let text = head.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(&head);
    let first = text.iter().position(|b| !b.is_ascii_whitespace());
    let text = text.get(first.unwrap_or(0)..).unwrap_or_default();
    Ok(if text.starts_with(b"PAR1") {
        Some(Format::Parquet)
    } else if text.starts_with(b"ARROW1") {
        Some(Format::Arrow)
    } else if text.starts_with(b"#separator ") {
        Some(Format::Zeek)
    } else if text.starts_with(b"{") {
        Some(Format::JsonLines)
    } else if text.starts_with(b"[{") || text.starts_with(b"[\n") || text.starts_with(b"[\r") {
        Some(Format::Json)
    } else if text.starts_with(b"ElfFile\0") {
        Some(Format::Evtx)
    } else {
        let line = text.split(|b| *b == b'\n').next().unwrap_or_default();
        match convert::sniff_line(String::from_utf8_lossy(line).trim_end()) {
            Some(convert::Kind::Cef) => Some(Format::Cef),
            Some(convert::Kind::Syslog) => Some(Format::Syslog),
            _ => None,
        }
    })
}
