//! One file of a table: a path, or an entry of a zip, with what the path's folders say.

use crate::convert::Convert;
use std::path::{Path, PathBuf};

/// Where the bytes of one data file are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DataFile {
    /// The file on the disk.
    pub(crate) path: PathBuf,
    /// The entry inside a zip, by its place in the archive and its name.
    pub(crate) entry: Option<(usize, String)>,
    /// Values of partition folders (`region=west`) that are columns.
    pub(crate) folders: Vec<(String, String)>,
    /// How it is read where its rows are not those of its table.
    pub(crate) convert: Option<Convert>,
}

impl DataFile {
    /// A plain file.
    pub(crate) fn new(path: impl Into<PathBuf>) -> Self {
        DataFile {
            path: path.into(),
            entry: None,
            folders: Vec::new(),
            convert: None,
        }
    }

    /// What messages call it: the path, and behind it the entry.
    pub(crate) fn shown(&self) -> PathBuf {
        match &self.entry {
            Some((_, name)) => self.path.join(name),
            None => self.path.clone(),
        }
    }

    /// The name that says what kind of data it is.
    pub(crate) fn name(&self) -> &Path {
        match &self.entry {
            Some((_, name)) => Path::new(name),
            None => &self.path,
        }
    }
}

/// Partition folders of a path below a table's folder: `(key, value)` in order.
///
/// A key that stands twice in one path (`y=/m=/d=/h=/m=` of Log Analytics exports) and the plain parts of a date and time
/// (`y`, `m`, `d`, `h`, `year`, ...) are places, not columns: the rows have their time themselves.
pub(crate) fn folders(below: &Path) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    let mut twice = false;
    let Some(parent) = below.parent() else {
        return out;
    };
    for part in parent.iter().filter_map(|p| p.to_str()) {
        let Some((key, value)) = part.split_once('=') else {
            continue;
        };
        if key.is_empty() {
            continue;
        }
        twice = twice || out.iter().any(|(k, _)| k == key);
        out.push((key.to_owned(), unescape(value)));
    }
    if twice {
        return Vec::new();
    }
    out.retain(|(k, _)| !is_place(k));
    out
}

/// Whether a folder of this name is a partition.
pub(crate) fn is_partition(name: &str) -> bool {
    name.split_once('=').is_some_and(|(k, _)| !k.is_empty())
}

fn is_place(key: &str) -> bool {
    matches!(
        key.to_ascii_lowercase().as_str(),
        "y" | "m"
            | "d"
            | "h"
            | "mi"
            | "min"
            | "year"
            | "month"
            | "day"
            | "hour"
            | "minute"
            | "workspaceresourceid"
            | "resourceid"
            | "tenantid"
    )
}

/// `%3A` and the like; the folder name that Hive has for null is empty.
fn unescape(value: &str) -> String {
    if value == "__HIVE_DEFAULT_PARTITION__" {
        return String::new();
    }
    let bytes = value.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&b) = bytes.get(at) {
        let code = (b == b'%')
            .then(|| value.get(at + 1..at + 3))
            .flatten()
            .and_then(|h| u8::from_str_radix(h, 16).ok());
        match code {
            Some(c) => {
                out.push(c);
                at += 3;
            }
            None => {
                out.push(b);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_that_are_columns() {
        let of = |p: &str| folders(Path::new(p));
        assert_eq!(of("y=2024/m=07/d=01/h=00/m=05/PT05M.json"), vec![]);
        assert_eq!(of("year=2024/month=7/x.parquet"), vec![]);
        assert_eq!(
            of("region=west%2F1/plain/day=3/x.csv"),
            vec![("region".to_owned(), "west/1".to_owned())]
        );
        assert_eq!(
            of("k=__HIVE_DEFAULT_PARTITION__/x.csv"),
            vec![("k".to_owned(), String::new())]
        );
    }
}
