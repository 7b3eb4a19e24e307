//! Which files belong to which table.

use crate::error::SourceError;
use crate::schema_file;
use crate::tables::DataSpec;
use kql_diag::codes;
use kql_types::ColumnSchema;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// A file format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Format {
    Parquet,
    Arrow,
    JsonLines,
    Json,
    Csv,
    Tsv,
}

/// The files of a table.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) format: Format,
    pub(crate) files: Vec<PathBuf>,
    /// From a `schema.json` beside the files.
    pub(crate) declared: Option<Vec<ColumnSchema>>,
}

/// A file's table name and format, from its name without compression; none when it is no data.
pub(crate) fn format_of(path: &Path) -> Option<(String, Format)> {
    let name = path.file_name()?.to_str()?;
    let mut rest = name;
    for packed in [".gz", ".zst", ".zip"] {
        if let Some(r) = strip_ending(rest, packed) {
            rest = r;
        }
    }
    let (stem, ending) = rest.rsplit_once('.')?;
    let format = match ending.to_ascii_lowercase().as_str() {
        "parquet" => Format::Parquet,
        "arrow" | "feather" | "ipc" => Format::Arrow,
        "jsonl" | "ndjson" => Format::JsonLines,
        "json" => Format::Json,
        "csv" => Format::Csv,
        "tsv" => Format::Tsv,
        _ => return None,
    };
    Some((stem.to_owned(), format))
}

fn strip_ending<'a>(text: &'a str, ending: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(ending.len())?;
    let tail = text.get(at..)?;
    tail.eq_ignore_ascii_case(ending).then(|| &text[..at])
}

/// Adds the tables of a spec.
pub(crate) fn discover(
    spec: &DataSpec,
    out: &mut BTreeMap<String, Found>,
    notes: &mut Vec<String>,
) -> Result<(), SourceError> {
    let path = Path::new(&spec.path);
    if path.is_dir() {
        return match &spec.name {
            Some(name) => {
                let mut files = Vec::new();
                below(path, &mut files, 0)?;
                add(out, notes, name, files, None)
            }
            None => folder(path, out, notes),
        };
    }
    if path.is_file() {
        let (stem, _) = format_of(path).or_else(|| zipped(path)).ok_or_else(|| {
            SourceError::new(codes::INPUT, "the file's ending names no format that can be read")
                .at(path)
                .with_help("one of .csv .tsv .json .jsonl .ndjson .parquet .arrow, also with .gz, .zst or .zip behind")
        })?;
        let name = spec.name.clone().unwrap_or(stem);
        let declared = beside(path, &name)?;
        return add(out, notes, &name, vec![path.to_owned()], declared);
    }
    if spec.path.contains(['*', '?', '[']) {
        let mut files: Vec<PathBuf> = glob::glob(&spec.path)
            .map_err(|e| {
                SourceError::new(
                    codes::INPUT,
                    format!("the pattern `{}` cannot be read: {e}", spec.path),
                )
            })?
            .filter_map(Result::ok)
            .filter(|p| p.is_file() && format_of(p).is_some())
            .collect();
        files.sort();
        if files.is_empty() {
            return Err(SourceError::new(
                codes::INPUT,
                format!("no file matches `{}`", spec.path),
            ));
        }
        if let Some(name) = &spec.name {
            return add(out, notes, name, files, None);
        }
        for f in files {
            if let Some((name, _)) = format_of(&f) {
                let declared = beside(&f, &name)?;
                add(out, notes, &name, vec![f], declared)?;
            }
        }
        return Ok(());
    }
    Err(SourceError::new(codes::INPUT, "there is no such file or folder").at(path))
}

/// `Name.zip` with one data file inside.
fn zipped(path: &Path) -> Option<(String, Format)> {
    let name = path.file_name()?.to_str()?;
    let stem = strip_ending(name, ".zip")?;
    let file = std::fs::File::open(path).ok()?;
    let archive = zip::ZipArchive::new(file).ok()?;
    let format = archive
        .file_names()
        .filter_map(Result::ok)
        .filter_map(|n| format_of(Path::new(n.as_ref())))
        .map(|(_, f)| f)
        .min()?;
    Some((stem.to_owned(), format))
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

/// All data files below a folder.
fn below(path: &Path, out: &mut Vec<PathBuf>, depth: usize) -> Result<(), SourceError> {
    if depth > 32 {
        return Ok(());
    }
    for p in list(path)? {
        if p.is_dir() {
            below(&p, out, depth + 1)?;
        } else if format_of(&p).is_some() && p.file_name().is_some_and(|n| n != "schema.json") {
            out.push(p);
        }
    }
    Ok(())
}

fn folder(
    path: &Path,
    out: &mut BTreeMap<String, Found>,
    notes: &mut Vec<String>,
) -> Result<(), SourceError> {
    let schemas = schema_file::read(&path.join("schema.json"))?;
    let mut tables: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for p in list(path)? {
        if p.is_dir() {
            let mut files = Vec::new();
            below(&p, &mut files, 0)?;
            if let (false, Some(name)) = (files.is_empty(), p.file_name().and_then(|n| n.to_str()))
            {
                tables.entry(name.to_owned()).or_default().extend(files);
            }
        } else if p.file_name().is_some_and(|n| n != "schema.json")
            && let Some((name, _)) = format_of(&p).or_else(|| zipped(&p))
        {
            tables.entry(name).or_default().push(p);
        }
    }
    for (name, files) in tables {
        let declared = schemas.get(&name).cloned();
        add(out, notes, &name, files, declared)?;
    }
    Ok(())
}

fn beside(file: &Path, name: &str) -> Result<Option<Vec<ColumnSchema>>, SourceError> {
    let Some(parent) = file.parent() else {
        return Ok(None);
    };
    let all: HashMap<String, Vec<ColumnSchema>> = schema_file::read(&parent.join("schema.json"))?;
    Ok(all.get(name).cloned())
}

/// Adds files to a table; where their formats differ the first format of the list counts.
fn add(
    out: &mut BTreeMap<String, Found>,
    notes: &mut Vec<String>,
    name: &str,
    mut files: Vec<PathBuf>,
    declared: Option<Vec<ColumnSchema>>,
) -> Result<(), SourceError> {
    let of = |p: &PathBuf| format_of(p).or_else(|| zipped(p)).map(|(_, f)| f);
    let Some(format) = files.iter().filter_map(of).min() else {
        return Err(SourceError::new(
            codes::INPUT,
            format!("table `{name}` has no file that can be read"),
        ));
    };
    let before = files.len();
    files.retain(|p| of(p) == Some(format));
    if files.len() < before {
        notes.push(format!(
            "table `{name}`: files of several formats; only the {format:?} files are read"
        ));
    }
    match out.get_mut(name) {
        Some(found) if found.format == format => found.files.extend(files),
        Some(found) if found.format < format => {
            notes.push(format!(
                "table `{name}`: {} is passed over for {:?}",
                files[0].display(),
                found.format
            ));
        }
        _ => {
            out.insert(
                name.to_owned(),
                Found {
                    format,
                    files,
                    declared,
                },
            );
        }
    }
    Ok(())
}
