//! Stored functions and watchlists out of folders.

use crate::{Document, FunctionText, Kind, Values, Watchlist, document, functions, newer};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Folders below folders are followed this far.
const MOST_DEPTH: usize = 32;

/// A file of text, UTF-8 or UTF-16 with its mark.
///
/// # Errors
/// It cannot be read, or is no text.
pub fn read_text(path: &Path) -> Result<String, String> {
    let bytes = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let text = match bytes.as_slice() {
        // Some editors still write UTF-16.
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ => String::from_utf8(bytes).ok(),
    };
    let text = text.ok_or_else(|| format!("{} is not UTF-8 text", path.display()))?;
    Ok(text
        .strip_prefix('\u{feff}')
        .map_or(text.clone(), str::to_owned))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let units: Option<Vec<u16>> = bytes
        .chunks(2)
        .map(|c| c.try_into().ok().map(unit))
        .collect();
    String::from_utf16(&units?).ok()
}

/// The stored functions of files and folders, each with its file. Of several of one name the one of the highest version is
/// taken, else the first.
///
/// # Errors
/// A file or folder cannot be read.
pub fn stored_functions(paths: &[PathBuf]) -> Result<Vec<(PathBuf, FunctionText)>, String> {
    let mut files = Vec::new();
    for p in paths {
        collect(p, &mut files, 0)?;
    }
    let mut out: Vec<(PathBuf, FunctionText)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for file in files {
        let text = read_text(&file)?;
        for f in of_file(&file, &text) {
            match places.get(&f.name).and_then(|i| out.get_mut(*i)) {
                Some(taken) if newer(&f.version, &taken.1.version) => {
                    *taken = (file.clone(), f);
                }
                Some(_) => {}
                None => {
                    places.insert(f.name.clone(), out.len());
                    out.push((file.clone(), f));
                }
            }
        }
    }
    Ok(out)
}

/// The functions of a file; none of one that is something else.
fn of_file(file: &Path, text: &str) -> Vec<FunctionText> {
    let ending = file
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or_default();
    if matches!(ending, "yaml" | "yml") {
        // A checkout has thousands of other files: they are not read to the end.
        if !text.contains("ParserQuery:") && !text.contains("FunctionQuery:") {
            return Vec::new();
        }
        let found = document(&file.display().to_string(), text, &Values::default());
        let items = found.items.into_iter().filter(|i| i.kind == Kind::Function);
        return items.flat_map(|i| i.functions).collect();
    }
    let stem = file
        .file_stem()
        .and_then(|s| s.to_str())
        .unwrap_or_default();
    functions(stem, text)
}

fn collect(path: &Path, out: &mut Vec<PathBuf>, depth: usize) -> Result<(), String> {
    if path.is_file() {
        out.push(path.to_owned());
        return Ok(());
    }
    let entries = std::fs::read_dir(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    paths.sort();
    for p in paths {
        if p.is_dir() && depth < MOST_DEPTH {
            collect(&p, out, depth + 1)?;
        } else if p
            .extension()
            .is_some_and(|e| e == "kql" || e == "csl" || e == "yaml" || e == "yml")
        {
            out.push(p);
        }
    }
    Ok(())
}

/// The watchlists of a template; none where the file is one of rows.
///
/// # Errors
/// The template cannot be read.
pub fn watchlist_template(path: &Path) -> Result<Option<Vec<Watchlist>>, String> {
    let template = path.extension().is_some_and(|e| e == "json")
        && read_text(path).is_ok_and(|t| t.to_ascii_lowercase().contains("\"watchlistalias\""));
    if !template {
        return Ok(None);
    }
    let name = path.display().to_string();
    let found: Document = document(&name, &read_text(path)?, &Values::default());
    if let Some(d) = found.findings.iter().find(|d| d.is_error()) {
        let shown = d.show(std::slice::from_ref(&found.source));
        return Err(shown.trim_end().to_owned());
    }
    let lists = found.items.into_iter().filter_map(|i| i.watchlist);
    Ok(Some(lists.collect()))
}
