//! Which files belong to which table.

use crate::entry::{DataFile, folders, is_partition};
use crate::error::SourceError;
use crate::format::{Format, format_of, sniff, stem_of};
use crate::tables::{DataSpec, WATCHLIST};
use crate::{builtin, logs, schema_file, text};
use kql_diag::codes;
use kql_types::ColumnSchema;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Folders below folders are followed this far.
const MOST_DEPTH: usize = 32;

/// The files of a table.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) format: Format,
    pub(crate) files: Vec<DataFile>,
    /// From a `schema.json` beside the files.
    pub(crate) declared: Option<Vec<ColumnSchema>>,
    /// Whether the user gave the name: then files that only happen to have it are no part.
    named: bool,
    /// Whether all of its columns are strings.
    pub(crate) watchlist: bool,
}

/// Tables as they are found.
#[derive(Debug, Default)]
pub(crate) struct Discovery {
    pub(crate) found: BTreeMap<String, Found>,
    pub(crate) notes: Vec<String>,
    /// Folders that the user named.
    pub(crate) roots: Vec<PathBuf>,
}

impl Discovery {
    /// Adds the tables of a spec.
    pub(crate) fn add(&mut self, spec: &DataSpec) -> Result<(), SourceError> {
        let path = Path::new(&spec.path);
        let name = spec.name.as_deref();
        if path.is_dir() {
            self.roots.push(path.to_owned());
            let table = path.file_name().and_then(|n| n.to_str());
            return match (name, table) {
                (Some(name), _) => self.whole_folder(path, name, true),
                // A folder of partitions is a table itself.
                (None, Some(table)) if has_partitions(path)? => {
                    self.whole_folder(path, table_name(table), false)
                }
                (None, _) => self.folder(path),
            };
        }
        if path.is_file() {
            self.roots.extend(path.parent().map(PathBuf::from));
            let files = data_files(path, true)?;
            return match name {
                Some(name) => {
                    let files = files.into_iter().map(|(_, f)| f).collect();
                    let declared = beside(path, name)?;
                    self.table(name, files, declared, true)
                }
                None => self.each(files),
            };
        }
        if spec.path.contains(['*', '?', '[']) {
            return self.pattern(&spec.path, name);
        }
        Err(SourceError::new(codes::INPUT, "there is no such file or folder").at(path))
    }

    fn pattern(&mut self, pattern: &str, name: Option<&str>) -> Result<(), SourceError> {
        let paths = glob::glob(pattern).map_err(|e| {
            SourceError::new(
                codes::INPUT,
                format!("the pattern `{pattern}` cannot be read: {e}"),
            )
        })?;
        let mut paths: Vec<PathBuf> = paths
            .filter_map(Result::ok)
            .filter(|p| !is_schema(p))
            .collect();
        paths.sort();
        let mut files = Vec::new();
        for p in &paths {
            if p.is_file() {
                files.extend(data_files(p, false)?);
            } else if p.is_dir() {
                below(p, p, &mut files, 0)?;
            }
            self.roots.extend(p.parent().map(PathBuf::from));
        }
        if files.is_empty() {
            return Err(SourceError::new(
                codes::INPUT,
                format!("no data file matches `{pattern}`"),
            ));
        }
        match name {
            Some(name) => {
                let first = files
                    .first()
                    .map(|(_, f)| f.path.clone())
                    .unwrap_or_default();
                let declared = beside(&first, name)?;
                let mut files: Vec<DataFile> = files.into_iter().map(|(_, f)| f).collect();
                for f in &mut files {
                    f.folders = folders(&f.path);
                }
                self.table(name, files, declared, true)
            }
            None => self.each(files),
        }
    }

    /// Each file is a table, or a part of the table of its name.
    fn each(&mut self, files: Vec<(String, DataFile)>) -> Result<(), SourceError> {
        let mut tables: BTreeMap<String, Vec<DataFile>> = BTreeMap::new();
        for (stem, file) in files {
            for name in logs::names(stem, &file)? {
                tables.entry(name).or_default().push(file.clone());
            }
        }
        for (name, files) in tables {
            let declared = match files.first() {
                Some(f) => beside(&f.path, &name)?,
                None => None,
            };
            self.table(&name, files, declared, false)?;
        }
        Ok(())
    }

    /// All files below a folder are one table.
    fn whole_folder(&mut self, path: &Path, name: &str, named: bool) -> Result<(), SourceError> {
        let mut files = Vec::new();
        below(path, path, &mut files, 0)?;
        if files.is_empty() {
            return Err(SourceError::new(codes::INPUT, "the folder has no data files").at(path));
        }
        let declared = schema_file::read(&path.join("schema.json"))?.remove(name);
        let declared = match declared {
            None => beside(path, name)?,
            some => some,
        };
        let files = files.into_iter().map(|(_, f)| f).collect();
        self.table(name, files, declared, named)
    }

    /// Each file, and each folder in the folder, is a table.
    fn folder(&mut self, path: &Path) -> Result<(), SourceError> {
        let schemas = schema_file::read(&path.join("schema.json"))?;
        let mut tables: BTreeMap<String, Vec<DataFile>> = BTreeMap::new();
        for p in list(path)? {
            let mut files = Vec::new();
            if p.is_dir() {
                // What cannot be read is no reason not to read the rest.
                if let Err(e) = below(&p, &p, &mut files, 0) {
                    self.notes.push(format!("passed over: {e}"));
                    continue;
                }
                let Some(name) = p.file_name().and_then(|n| n.to_str()) else {
                    continue;
                };
                if !files.is_empty() {
                    let files = files.into_iter().map(|(_, f)| f);
                    tables
                        .entry(table_name(name).to_owned())
                        .or_default()
                        .extend(files);
                }
                continue;
            }
            if is_schema(&p) {
                continue;
            }
            match data_files(&p, false) {
                Ok(files) => {
                    for (stem, file) in files {
                        for name in logs::names(stem, &file)? {
                            tables.entry(name).or_default().push(file.clone());
                        }
                    }
                }
                Err(e) => self.notes.push(format!("passed over: {e}")),
            }
        }
        for (name, files) in tables {
            let mut declared = schemas.get(&name).cloned();
            if declared.is_none() {
                // A folder's own schema.json.
                declared = schema_file::read(&path.join(&name).join("schema.json"))?.remove(&name);
            }
            self.table(&name, files, declared, false)?;
        }
        Ok(())
    }

    /// Adds files to a table; where their formats differ the first format of the list counts.
    fn table(
        &mut self,
        name: &str,
        files: Vec<DataFile>,
        declared: Option<Vec<ColumnSchema>>,
        named: bool,
    ) -> Result<(), SourceError> {
        let mut of_format: BTreeMap<Format, Vec<DataFile>> = BTreeMap::new();
        for f in files {
            let format = match format_of(f.name()) {
                Some(format) => Some(format),
                None => sniff(&f)?,
            };
            if let Some(format) = format {
                of_format.entry(format).or_default().push(f);
            }
        }
        if let Some(old) = self.found.remove(name) {
            if old.named && !named {
                self.found.insert(name.to_owned(), old);
                return Ok(());
            }
            if old.named == named {
                of_format
                    .entry(old.format)
                    .or_default()
                    .splice(0..0, old.files);
            }
        }
        let mut formats = of_format.into_iter();
        let Some((format, mut files)) = formats.next() else {
            return Err(SourceError::new(
                codes::INPUT,
                format!("table `{name}` has no file that can be read"),
            ));
        };
        let others: Vec<&str> = formats.map(|(f, _)| f.name()).collect();
        if !others.is_empty() {
            self.notes.push(format!(
                "table `{name}` has files of several formats: {} is read, {} is not",
                format.name(),
                others.join(" and ")
            ));
        }
        if let Some(note) = logs::prepare(name, format, &mut files)? {
            self.notes.push(note);
        }
        self.found.insert(
            name.to_owned(),
            Found {
                format,
                files,
                declared,
                named,
                watchlist: name.starts_with(WATCHLIST),
            },
        );
        Ok(())
    }
}

/// The name of a table that is a folder: Log Analytics exports to `am-<table>`.
fn table_name(folder: &str) -> &str {
    // And Defender streams to `insights-logs-advancedhunting-<table>`.
    let stripped = ["am-", "insights-logs-advancedhunting-"].iter();
    match stripped.filter_map(|p| folder.strip_prefix(p)).next() {
        Some(rest) => builtin::names()
            .find(|n| n.eq_ignore_ascii_case(rest))
            .unwrap_or(rest),
        None => folder,
    }
}

fn is_schema(path: &Path) -> bool {
    path.file_name().is_some_and(|n| n == "schema.json")
}

/// The data files that a path is: itself, or the entries of a zip, each with the name of its table. `asked`: the user
/// named the file itself, so it must be data.
fn data_files(path: &Path, asked: bool) -> Result<Vec<(String, DataFile)>, SourceError> {
    let file = DataFile::new(path);
    let stem = stem_of(path);
    let ends_in_zip = path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("zip"));
    if ends_in_zip && (asked || text::is_zip(path)) {
        let mut out = Vec::new();
        for (index, name) in text::entries(path)? {
            let entry = DataFile {
                entry: Some((index, name.clone())),
                ..DataFile::new(path)
            };
            let short = Path::new(&name);
            let hidden = short.iter().any(|p| {
                let p = p.to_string_lossy();
                p.starts_with('.') || p == "__MACOSX"
            });
            if !hidden
                && !is_schema(short)
                && (format_of(short).is_some() || sniffs(short, &entry)?)
            {
                out.push((stem_of(short), entry));
            }
        }
        // One entry has the zip's name.
        if let ([only], false) = (out.as_mut_slice(), stem.is_empty()) {
            only.0 = stem;
        }
        if out.is_empty() && asked {
            return Err(SourceError::bad_file(
                path,
                "the zip has no entry that is data",
            ));
        }
        return Ok(out);
    }
    if format_of(path).is_some() || (asked && sniff(&file)?.is_some()) || sniffs(path, &file)? {
        return Ok(vec![(stem, file)]);
    }
    if asked {
        return Err(SourceError::new(
            codes::INPUT,
            "neither the file's ending nor its beginning tells a format that can be read",
        )
        .at(path)
        .with_help("one of .csv .tsv .json .jsonl .ndjson .parquet .arrow .log .evtx .cef .syslog, also with .gz or .zst behind or in a .zip"));
    }
    Ok(Vec::new())
}

/// `.log` files are data when they begin as Zeek's logs or as JSON.
fn sniffs(name: &Path, file: &DataFile) -> Result<bool, SourceError> {
    Ok(crate::format::is_log(name) && sniff(file)?.is_some())
}

fn list(path: &Path) -> Result<Vec<PathBuf>, SourceError> {
    let entries = std::fs::read_dir(path).map_err(|e| SourceError::io(path, &e))?;
    let mut out: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    out.retain(|p| {
        p.file_name()
            .and_then(|n| n.to_str())
            .is_some_and(|n| !n.starts_with('.'))
    });
    out.sort();
    Ok(out)
}

fn has_partitions(path: &Path) -> Result<bool, SourceError> {
    let is = |p: &PathBuf| {
        p.is_dir()
            && p.file_name()
                .and_then(|n| n.to_str())
                .is_some_and(is_partition)
    };
    Ok(list(path)?.iter().any(is))
}

/// All data files below a folder.
fn below(
    root: &Path,
    path: &Path,
    out: &mut Vec<(String, DataFile)>,
    depth: usize,
) -> Result<(), SourceError> {
    if depth > MOST_DEPTH {
        return Err(SourceError::new(
            codes::INPUT,
            format!("folders are nested more than {MOST_DEPTH} deep"),
        )
        .at(path));
    }
    for p in list(path)? {
        if p.is_dir() {
            let name = p.file_name().and_then(|n| n.to_str()).unwrap_or_default();
            if name == "_delta_log" {
                return Err(SourceError::new(
                    codes::NOT_SUPPORTED,
                    "a Delta Lake table is not supported: its log tells which files count",
                )
                .at(path));
            }
            if !name.starts_with('_') || is_partition(name) {
                below(root, &p, out, depth + 1)?;
            }
        } else if !is_schema(&p) {
            for (name, mut file) in data_files(&p, false)? {
                if let Ok(inside) = p.strip_prefix(root) {
                    file.folders = folders(inside);
                }
                out.push((name, file));
            }
        }
    }
    Ok(())
}

fn beside(file: &Path, name: &str) -> Result<Option<Vec<ColumnSchema>>, SourceError> {
    let Some(parent) = file.parent() else {
        return Ok(None);
    };
    Ok(schema_file::read(&parent.join("schema.json"))?.remove(name))
}
