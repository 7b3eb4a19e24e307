//! Stored functions and watchlists as the engine takes them.

use kql_engine::StoredFunction;
use kql_sources::{DataSpec, WATCHLIST, WATCHLIST_ROWS};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The stored functions of files and folders.
///
/// # Errors
/// A file or folder cannot be read.
pub fn stored_functions(paths: &[PathBuf]) -> Result<Vec<StoredFunction>, String> {
    let found = kql_content::stored_functions(paths)?.into_iter();
    let stored = found.map(|(file, f)| StoredFunction {
        name: f.name,
        parameters: f.parameters,
        body: f.body,
        origin: file.display().to_string(),
        anchors: f.anchors,
    });
    Ok(stored.collect())
}

/// The columns that are the search keys of watchlists, by their names in lower case: lines of `search-keys.toml`.
fn search_keys(dir: &Path) -> Result<BTreeMap<String, String>, String> {
    let file = dir.join("search-keys.toml");
    if !file.is_file() {
        return Ok(BTreeMap::new());
    }
    let keys: BTreeMap<String, String> = toml::from_str(&kql_content::read_text(&file)?)
        .map_err(|e| format!("{}: {e}", file.display()))?;
    let keys = keys.into_iter();
    Ok(keys.map(|(name, key)| (name.to_lowercase(), key)).collect())
}

/// A name as KQL writes any name.
fn bracketed(name: &str) -> String {
    format!("['{}']", name.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// The watchlists of a folder: files of rows, and functions: templates, which have their rows in them, and lists whose
/// search key is named.
///
/// # Errors
/// A file cannot be read, or a search key is that of no list.
pub fn stored_watchlists(dir: &Path) -> Result<(Vec<DataSpec>, Vec<StoredFunction>), String> {
    let specs = DataSpec::watchlists(dir).map_err(|e| e.to_string())?;
    let mut keys = search_keys(dir)?;
    let mut files = Vec::new();
    let mut functions = Vec::new();
    for spec in specs {
        let Some(lists) = kql_content::watchlist_template(Path::new(&spec.path))? else {
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
        };
        functions.extend(lists.into_iter().map(|list| StoredFunction {
            name: format!("{WATCHLIST}{}", list.alias.to_lowercase()),
            parameters: "()".to_owned(),
            body: list.datatable(),
            origin: spec.path.clone(),
            anchors: Vec::new(),
        }));
    }
    if let Some((list, _)) = keys.first_key_value() {
        return Err(format!(
            "{}: there is no watchlist `{list}` with rows of its own",
            dir.join("search-keys.toml").display()
        ));
    }
    Ok((files, functions))
}
