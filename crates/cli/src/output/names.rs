//! The formats by name: one table for `-o FILE`, `.save FILE` and `.mode`.

use crate::args::Format;
use std::path::Path;

/// A format, its name, and how names of its files end; formats without an ending are for the screen.
const NAMES: [(Format, &str, &[&str]); 12] = [
    (Format::Csv, "csv", &["csv"]),
    (Format::Tsv, "tsv", &["tsv"]),
    (Format::Json, "json", &["json"]),
    (Format::Jsonl, "jsonl", &["jsonl", "ndjson"]),
    (Format::Markdown, "markdown", &["md", "markdown"]),
    (Format::Table, "table", &["txt"]),
    (Format::Html, "html", &["html", "htm"]),
    (Format::Svg, "svg", &["svg"]),
    (Format::Png, "png", &["png"]),
    (Format::Parquet, "parquet", &["parquet"]),
    (Format::Arrow, "arrow", &["arrow", "feather", "ipc"]),
    (Format::Kusto, "kusto", &[]),
];

/// The format of this name.
pub fn of_name(name: &str) -> Option<Format> {
    let found = NAMES.iter().find(|(_, n, _)| *n == name);
    found.map(|(format, ..)| *format)
}

/// The format of a file, by how its name ends; none where the name says nothing.
///
/// # Errors
/// The name ends like that of another program's files.
pub fn of_file(path: &Path) -> Result<Option<Format>, String> {
    let Some(end) = path.extension() else {
        return Ok(None);
    };
    let end = end.to_string_lossy().to_ascii_lowercase();
    let found = NAMES
        .iter()
        .find(|(_, _, ends)| ends.contains(&end.as_str()));
    match found {
        Some((format, ..)) => Ok(Some(*format)),
        None => Err(format!(
            "{}: `.{end}` is no known format ({})",
            path.display(),
            endings()
        )),
    }
}

/// How names of files end, for messages.
pub fn endings() -> String {
    let first = NAMES.iter().filter_map(|(_, _, ends)| ends.first());
    first.map(|e| format!(".{e}")).collect::<Vec<_>>().join(" ")
}
