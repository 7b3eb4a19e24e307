//! Stored functions and watchlists out of folders.

use crate::input::{Res, read_text};
use kql_content::{FunctionText, Kind, Values};
use kql_engine::StoredFunction;
use kql_sources::{DataSpec, WATCHLIST, WATCHLIST_ROWS};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// Folders below folders are followed this far.
const MOST_DEPTH: usize = 32;

/// The stored functions of files and folders. Of several of one name the one of the highest version is taken, else the
/// first.
pub fn functions(paths: &[PathBuf]) -> Res<Vec<StoredFunction>> {
    let mut files = Vec::new();
    for p in paths {
        collect(p, &mut files, 0)?;
    }
    let mut out: Vec<(StoredFunction, String)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for file in files {
        let text = read_text(&file)?;
        for f in of_file(&file, &text) {
            let stored = StoredFunction {
                name: f.name.clone(),
                parameters: f.parameters,
                body: f.body,
                origin: file.display().to_string(),
                anchors: f.anchors,
            };
            match places.get(&f.name).and_then(|i| out.get_mut(*i)) {
                Some(taken) if kql_content::newer(&f.version, &taken.1) => {
                    *taken = (stored, f.version);
                }
                Some(_) => {}
                None => {
                    places.insert(f.name, out.len());
                    out.push((stored, f.version));
                }
            }
        }
    }
    Ok(out.into_iter().map(|(f, _)| f).collect())
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
        let found = kql_content::document(&file.display().to_string(), text, &Values::default());
        let items = found.items.into_iter().filter(|i| i.kind == Kind::Function);
        return items.flat_map(|i| i.functions).collect();
    }
    let stem = file
        .file_stem()
        .and_then(|s| s.to_str())
        .unwrap_or_default();
    kql_content::functions(stem, text)
}

fn collect(path: &Path, out: &mut Vec<PathBuf>, depth: usize) -> Res<()> {
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

/// The columns that are the search keys of watchlists, by their names in lower case: lines of `search-keys.toml`.
fn search_keys(dir: &Path) -> Res<BTreeMap<String, String>> {
    let file = dir.join("search-keys.toml");
    if !file.is_file() {
        return Ok(BTreeMap::new());
    }
    let keys: BTreeMap<String, String> =
        toml::from_str(&read_text(&file)?).map_err(|e| format!("{}: {e}", file.display()))?;
    let keys = keys.into_iter();
    Ok(keys.map(|(name, key)| (name.to_lowercase(), key)).collect())
}

/// A name as KQL writes any name.
fn bracketed(name: &str) -> String {
    format!("['{}']", name.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// The watchlists of a folder: files of rows, and functions: templates, which have their rows in them, and lists whose
/// search key is named.
pub fn watchlists(dir: &Path) -> Res<(Vec<DataSpec>, Vec<StoredFunction>)> {
    let specs = DataSpec::watchlists(dir).map_err(|e| e.to_string())?;
    let mut keys = search_keys(dir)?;
    let mut files = Vec::new();
    let mut functions = Vec::new();
    for spec in specs {
        let path = PathBuf::from(&spec.path);
        let template = path.extension().is_some_and(|e| e == "json")
            && read_text(&path)
                .is_ok_and(|t| t.to_ascii_lowercase().contains("\"watchlistalias\""));
        if !template {
            let list = spec.name.as_deref().and_then(kql_sources::watchlist_of);
            let key = list.and_then(|l| Some((l.to_owned(), keys.remove(l)?)));
            let Some((list, key)) = key else {
                files.push(spec);
                continue;
            };
            let rows = format!("{WATCHLIST}{list}{WATCHLIST_ROWS}");
            functions.push(StoredFunction {
                name: format!("{WATCHLIST}{list}"),
                parameters: "()".to_owned(),
                body: format!(
                    "{} | extend SearchKey = {} | project-reorder SearchKey",
                    bracketed(&rows),
                    bracketed(&key)
                ),
                origin: dir.join("search-keys.toml").display().to_string(),
                anchors: Vec::new(),
            });
            files.push(DataSpec {
                name: Some(rows),
                ..spec
            });
            continue;
        }
        let text = read_text(&path)?;
        let found = kql_content::document(&spec.path, &text, &Values::default());
        if let Some(d) = found.findings.iter().find(|d| d.is_error()) {
            return Err(d
                .show(std::slice::from_ref(&found.source))
                .trim_end()
                .to_owned());
        }
        for list in found.items.into_iter().filter_map(|i| i.watchlist) {
            functions.push(StoredFunction {
                name: format!("{WATCHLIST}{}", list.alias.to_lowercase()),
                parameters: "()".to_owned(),
                body: list.datatable(),
                origin: spec.path.clone(),
                anchors: Vec::new(),
            });
        }
    }
    if let Some((list, _)) = keys.first_key_value() {
        return Err(format!(
            "{}: there is no watchlist `{list}` with rows of its own",
            dir.join("search-keys.toml").display()
        ));
    }
    Ok((files, functions))
}
