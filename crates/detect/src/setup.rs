//! From what a test says to a session that its query runs in.

use crate::fixture::{Form, Rows};
use crate::suite::{Case, Setup};
use kql_content::{Item, NamedQuery, Rule, Values};
use kql_diag::Source;
use kql_engine::{
    Collected, CollectedResult, Session, SessionOptions, StoredFunction, Workspace, timespan,
};
use kql_sources::{DataSpec, ExternalMap, SourceOptions, Tables, WATCHLIST};
use kql_types::text::parse_datetime;
use kql_types::{ColumnSchema, Type};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// Reads stored functions out of files and folders.
pub type Functions = fn(&[PathBuf]) -> Result<Vec<StoredFunction>, String>;

/// The session and the text with which an item of a file runs; whether a time range is given counts before its own.
pub type Prepare = fn(&Item, &Session, bool) -> (Session, Source);

/// Reads the watchlists of a folder: files of rows, and functions where a template holds them.
pub type Watchlists = fn(&Path) -> Result<(Vec<DataSpec>, Vec<StoredFunction>), String>;

/// What all tests of a run share.
#[derive(Debug, Clone)]
pub struct Shared {
    /// How stored functions are read.
    pub read_functions: Functions,
    /// How the watchlists of a folder are read.
    pub read_watchlists: Watchlists,
    /// How an item of a content file runs.
    pub prepare: Prepare,
    /// Stored functions that every test sees.
    pub functions: Vec<StoredFunction>,
    /// Folders with watchlists that every test sees.
    pub watchlists: Vec<PathBuf>,
    /// `URL=PATH` that every test sees.
    pub external: Vec<String>,
    /// Query parameters of every test.
    pub parameters: Vec<(String, String)>,
    /// The longest that a query may run.
    pub timeout: Option<Duration>,
    /// Bytes that its operators may hold.
    pub memory_limit: Option<usize>,
}

/// `now()` where neither the test nor its rows have a time: no answer may depend on the clock.
const NOW: &str = "2024-01-01";

/// A test that can run.
pub(crate) struct Ready {
    pub(crate) session: Session,
    /// The text that runs.
    pub(crate) source: Source,
    /// What the query's file says of alerts.
    pub(crate) rule: Option<Rule>,
    /// The fixtures that are files.
    _folder: TempDir,
    /// Its path, which no message shows.
    pub(crate) folder: String,
}

/// Why a test cannot run.
pub(crate) enum Not {
    /// What it needs is not here.
    Skipped(String),
    Broken(String),
}

impl From<String> for Not {
    fn from(e: String) -> Not {
        Not::Broken(e)
    }
}

/// Makes a test ready.
pub(crate) fn ready(path: &Path, case: &Case, shared: &Shared) -> Result<Ready, Not> {
    if let Some(why) = &case.skip {
        return Err(Not::Skipped(why.clone()));
    }
    let beside = path.parent().unwrap_or(Path::new(""));
    let setup = &case.setup;
    for need in &setup.needs {
        if !beside.join(need).exists() {
            return Err(Not::Skipped(format!("there is no {need}")));
        }
    }
    let item = query(path, setup)?;
    let folder = tempfile::tempdir().map_err(|e| format!("no folder for the rows: {e}"))?;
    let now = match setup.now.as_deref() {
        None | Some("data") => None,
        Some(text) => {
            Some(parse_datetime(text).ok_or_else(|| format!("`now` is no time: {text}"))?)
        }
    };
    let mut options = SessionOptions {
        threads: 1,
        empty_tables: setup.empty_tables.unwrap_or(true),
        timeout: shared.timeout,
        memory_limit: shared.memory_limit,
        now: now.or_else(|| parse_datetime(NOW)).unwrap_or_default(),
        ..SessionOptions::default()
    };
    for (name, value) in shared.parameters.iter().chain(&setup.parameters) {
        options.parameters.insert(name.clone(), value.clone());
    }
    let source = SourceOptions {
        full_schema: setup.full_schema.unwrap_or(false),
        threads: 1,
        ..SourceOptions::default()
    };
    let mut specs: Vec<DataSpec> = Vec::new();
    let mut results: Vec<(&str, CollectedResult)> = Vec::new();
    for d in &setup.data {
        let spec = DataSpec::parse(d);
        specs.push(DataSpec {
            path: beside.join(&spec.path).display().to_string(),
            ..spec
        });
    }
    let mut functions = Vec::new();
    let own = setup.watchlist_folders.iter().map(|d| beside.join(d));
    for dir in own.chain(shared.watchlists.iter().cloned()) {
        let (files, lists) = (shared.read_watchlists)(&dir)?;
        specs.extend(files);
        functions.extend(lists);
    }
    let listed = setup.watchlists.iter().map(|(n, r)| {
        let table = format!("{WATCHLIST}{}", n.to_lowercase());
        (n.as_str(), table, r)
    });
    let tables = setup.tables.iter().map(|(n, r)| (n.as_str(), n.clone(), r));
    for (i, (name, table, rows)) in tables.chain(listed).enumerate() {
        if let Form::Kql(text) = &rows.form {
            let result = given(text, &options, Some(name), path, rows.line)?;
            if table.starts_with(WATCHLIST) {
                return Err(Not::Broken(format!(
                    "{}:{}: the rows of a watchlist are texts: a query cannot give them",
                    path.display(),
                    rows.line
                )));
            }
            results.push((name, result));
            continue;
        }
        let path = rows.store(&table, &folder.path().join(i.to_string()), beside)?;
        specs.push(DataSpec {
            name: Some(table),
            path,
        });
    }
    let tables = Tables::open(&specs, source).map_err(|e| e.to_string())?;
    let mut external = ExternalMap::default();
    shared.external.iter().for_each(|e| external.add(e));
    for (url, to) in &setup.external {
        external.add(&format!("{url}={}", beside.join(to).display()));
    }
    external.roots.push(beside.to_owned());
    let mut workspace = Workspace::new(tables, external);
    for (name, result) in results {
        workspace = workspace
            .with_rows(name, result)
            .map_err(|e| e.to_string())?;
    }
    functions.extend(shared.functions.iter().cloned());
    if !setup.functions.is_empty() {
        let paths: Vec<PathBuf> = setup.functions.iter().map(|f| beside.join(f)).collect();
        functions.splice(0..0, (shared.read_functions)(&paths)?);
    }
    let mut session = Session::new(options)
        .with_workspace(workspace)
        .with_functions(functions);
    if now.is_none()
        && let Some(newest) = session.newest().map_err(|d| d.message)?
    {
        session = session.with_now(newest);
    }
    if let Some(text) = &setup.timespan {
        let range = timespan::range(text, session.now())
            .ok_or_else(|| format!("`timespan` is no range of time: {text}"))?;
        session = session.with_timespan(range);
    }
    let (session, source) = (shared.prepare)(&item, &session, setup.timespan.is_some());
    Ok(Ready {
        session,
        source,
        rule: item.rule,
        folder: folder.path().display().to_string(),
        _folder: folder,
    })
}

/// The rows that a query of a fixture gives.
pub(crate) fn given(
    text: &str,
    options: &SessionOptions,
    table: Option<&str>,
    path: &Path,
    line: usize,
) -> Result<CollectedResult, String> {
    let session = Session::new(options.clone());
    let prepare = |text: &str| {
        session.prepare_source(Source {
            name: path.display().to_string(),
            text: text.to_owned(),
            first_line: line,
            ..Source::default()
        })
    };
    let mut prepared = prepare(text);
    if let Some(more) = table.and_then(|t| as_known(t, &prepared.columns()?)) {
        prepared = prepare(&format!(
            "{}\n{more}",
            text.trim_end().trim_end_matches(';')
        ));
    }
    if let Some(d) = prepared.error() {
        return Err(d.show(&prepared.sources));
    }
    let mut rows = Collected::default();
    session
        .run(&prepared, &mut rows)
        .map_err(|d| d.show(&prepared.sources))?;
    let first = rows.results.into_iter().next();
    first.ok_or_else(|| format!("{}:{line}: the query gives no rows", path.display()))
}

/// The step that gives numbers the types that a known table has: a number that is written is a long.
fn as_known(table: &str, columns: &[ColumnSchema]) -> Option<String> {
    let known = kql_sources::builtin::schema(table)?;
    let mut steps = Vec::new();
    for c in columns {
        let ty = known.iter().find(|k| k.name == c.name).map(|k| k.ty);
        let function = match (c.ty, ty) {
            (Type::Long, Some(Type::Int)) => "toint",
            (Type::Int, Some(Type::Long)) => "tolong",
            (Type::Int | Type::Long, Some(Type::Real)) => "toreal",
            _ => continue,
        };
        steps.push(format!("['{0}'] = {function}(['{0}'])", c.name));
    }
    (!steps.is_empty()).then(|| format!("| extend {}", steps.join(", ")))
}

/// Endings of files that hold queries.
const ENDINGS: [&str; 8] = ["kql", "csl", "yaml", "yml", "md", "txt", "json", "jsonl"];

/// The query of a test: its text, the file that it names, or the file of the same name beside it.
fn query(path: &Path, setup: &Setup) -> Result<Item, String> {
    let beside = path.parent().unwrap_or(Path::new(""));
    let Some((text, line)) = &setup.query else {
        let name = path
            .file_name()
            .and_then(|n| n.to_str())
            .unwrap_or_default();
        let stem = name
            .strip_suffix(".test.yaml")
            .or_else(|| name.strip_suffix(".test.yml"))
            .unwrap_or(name);
        let mut files = ENDINGS.iter().map(|e| beside.join(format!("{stem}.{e}")));
        let Some(file) = files.find(|f| f.is_file()) else {
            return Err(format!(
                "the test names no `query`, and beside it is no {stem}.kql or {stem}.yaml"
            ));
        };
        return load(&file, None);
    };
    let one = text.trim();
    let (file, selector) = match one.rsplit_once('#') {
        Some((f, s)) if ends_as_file(f) => (f.trim_end(), Some(s)),
        _ => (one, None),
    };
    if !one.contains('\n') && ends_as_file(file) {
        return load(&beside.join(file), selector);
    }
    let query = NamedQuery {
        name: path.display().to_string(),
        text: text.clone(),
        first_line: *line,
        ..NamedQuery::default()
    };
    Ok(Item {
        query,
        ..Item::default()
    })
}

fn ends_as_file(text: &str) -> bool {
    !text.contains('|')
        && Path::new(text.trim_end())
            .extension()
            .and_then(|e| e.to_str())
            .is_some_and(|e| ENDINGS.contains(&e.to_ascii_lowercase().as_str()))
}

fn load(file: &Path, selector: Option<&str>) -> Result<Item, String> {
    let name = file.display().to_string();
    let bytes = std::fs::read(file).map_err(|e| format!("{name}: {e}"))?;
    let text = String::from_utf8(bytes).map_err(|_| format!("{name} is not UTF-8 text"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let found = kql_content::load(&name, text, &Values::default()).map_err(|e| e.to_string())?;
    if let Some(d) = found.findings.iter().find(|d| d.is_error()) {
        return Err(d.show(std::slice::from_ref(&found.source)));
    }
    let all = kql_content::select(&name, found.items, selector).map_err(|e| e.to_string())?;
    match <[Item; 1]>::try_from(all) {
        Ok([one]) => Ok(one),
        Err(all) => Err(format!(
            "{name} has {} queries: `{name}#2` picks the second",
            all.len()
        )),
    }
}

/// The expected rows as a table of the given types.
pub(crate) fn expected(
    rows: &Rows,
    types: &[kql_types::ColumnSchema],
    path: &Path,
    now: i64,
) -> Result<CollectedResult, String> {
    let options = SessionOptions {
        threads: 1,
        now,
        ..SessionOptions::default()
    };
    if let Form::Kql(text) = &rows.form {
        return given(text, &options, None, path, rows.line);
    }
    let folder = tempfile::tempdir().map_err(|e| format!("no folder for the rows: {e}"))?;
    let beside = path.parent().unwrap_or(Path::new(""));
    let mut rows = rows.clone();
    if let Form::File(file) = &rows.form {
        // Its types are those of the result, so it stands alone.
        let from = beside.join(file);
        let name = from.file_name().unwrap_or_default().to_owned();
        let to = folder.path().join(name);
        std::fs::copy(&from, &to).map_err(|e| format!("{}: {e}", from.display()))?;
        rows.form = Form::File(to.display().to_string());
    }
    let file = rows.store("expected", folder.path(), beside)?;
    let types: Vec<[&str; 2]> = types
        .iter()
        .map(|c| [c.name.as_str(), c.ty.name()])
        .collect();
    let schema = serde_json::json!({ "expected": types });
    let io = |e: std::io::Error| format!("{}: {e}", folder.path().display());
    std::fs::write(folder.path().join("schema.json"), schema.to_string()).map_err(io)?;
    let spec = DataSpec {
        name: Some("expected".to_owned()),
        path: file,
    };
    let source = SourceOptions {
        threads: 1,
        ..SourceOptions::default()
    };
    let tables = Tables::open(&[spec], source).map_err(|e| e.to_string())?;
    let session =
        Session::new(options).with_workspace(Workspace::new(tables, ExternalMap::default()));
    let prepared = session.prepare("expected", "expected");
    let mut out = Collected::default();
    let ran = match prepared.error() {
        Some(d) => Err(d.clone()),
        None => session.run(&prepared, &mut out).map(|_| ()),
    };
    let hidden = folder.path().display().to_string();
    ran.map_err(|d| {
        let message = d.message.replace(&format!("{hidden}/"), "");
        format!(
            "the expected rows (line {}) cannot be read: {message}",
            rows.line
        )
    })?;
    let first = out.results.into_iter().next();
    first.ok_or_else(|| "the expected rows cannot be read".to_owned())
}
