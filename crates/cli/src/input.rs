//! Query texts and sessions from the command line.

use crate::args::{BadRowsArg, QueryArgs, SessionArgs};
use kql_content::NamedQuery;
use kql_engine::{Session, SessionOptions, StoredFunction, Workspace};
use kql_sources::{BadRows, DataSpec, ExternalMap, SourceOptions, Tables};
use kql_types::text::{parse_datetime, parse_timespan};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A fault of the command line or of an input, as text.
pub type Res<T> = Result<T, String>;

/// The queries that the arguments name, in order.
pub fn queries(args: &QueryArgs) -> Res<Vec<NamedQuery>> {
    let mut out = Vec::new();
    for q in &args.query {
        out.push(NamedQuery {
            name: "query".to_owned(),
            text: q.clone(),
            first_line: 1,
            heading: None,
        });
    }
    for f in &args.files {
        if f == "-" {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .map_err(|e| format!("standard input cannot be read: {e}"))?;
            out.push(NamedQuery {
                name: "stdin".to_owned(),
                text,
                first_line: 1,
                heading: None,
            });
            continue;
        }
        let (path, selector) = match f.split_once('#') {
            Some((p, s)) if !Path::new(f).exists() => (p, Some(s)),
            _ => (f.as_str(), None),
        };
        let bytes = std::fs::read(path).map_err(|e| format!("{path}: {e}"))?;
        let text = String::from_utf8(bytes).map_err(|_| format!("{path} is not UTF-8 text"))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        out.extend(kql_content::queries(path, text, selector).map_err(|e| e.to_string())?);
    }
    if out.is_empty() {
        return Err("no query is given: name a file, `-`, or -q TEXT".to_owned());
    }
    Ok(out)
}

/// The session that the arguments describe.
pub fn session(args: &SessionArgs, query_files: &[String]) -> Res<Session> {
    resolved_session(&crate::workspace::with_workspace(args)?, query_files)
}

/// The session of arguments to which the workspace has added what it has.
pub fn resolved_session(args: &SessionArgs, query_files: &[String]) -> Res<Session> {
    let mut options = SessionOptions {
        optimise: !args.no_optimise,
        empty_tables: args.empty_tables,
        ..SessionOptions::default()
    };
    if let Some(n) = args.threads {
        if n == 0 {
            return Err("--threads requires at least 1".to_owned());
        }
        options.threads = n;
    }
    if let Some(n) = args.batch_size {
        options.batch_size = n.max(1);
    }
    options.temp_dir.clone_from(&args.temp_dir);
    options.memory_limit = memory_limit(args.memory_limit.as_deref())?;
    options.timeout = timeout(args.timeout.as_deref())?;
    options.parameters.extend(parameters(&args.param)?);
    let source_options = SourceOptions {
        bad_rows: if args.bad_rows == BadRowsArg::Skip {
            BadRows::Skip
        } else {
            BadRows::Fail
        },
        full_schema: args.full_schema,
        threads: options.threads,
        batch_size: options.batch_size,
        ..SourceOptions::default()
    };
    let mut specs: Vec<DataSpec> = args.data.iter().map(|d| DataSpec::parse(d)).collect();
    for dir in &args.watchlists {
        specs.extend(DataSpec::watchlists(dir).map_err(|e| e.to_string())?);
    }
    let tables = Tables::open(&specs, source_options).map_err(|e| e.to_string())?;
    let mut external = ExternalMap::default();
    args.external.iter().for_each(|e| external.add(e));
    external.roots.extend(
        args.data
            .iter()
            .map(|d| PathBuf::from(DataSpec::parse(d).path)),
    );
    external.roots.extend(
        query_files
            .iter()
            .filter_map(|f| Path::new(f).parent().map(PathBuf::from)),
    );
    let functions = functions(&args.functions)?;
    let now = match args.now.as_deref() {
        None => None,
        Some("data") => Some(None),
        Some(text) => {
            Some(Some(parse_datetime(text).ok_or_else(|| {
                format!("--now does not know the time `{text}`")
            })?))
        }
    };
    if let Some(Some(ticks)) = now {
        options.now = ticks;
    }
    let mut session = Session::new(options.clone())
        .with_workspace(Workspace::new(tables, external))
        .with_functions(functions);
    if now == Some(None) {
        // The newest time of all the data, whatever range is looked at.
        let newest = session
            .newest()
            .map_err(|d| d.message)?
            .ok_or("--now data finds no TimeGenerated or Timestamp in the data")?;
        session = session.with_now(newest);
    }
    if let Some(text) = &args.timespan {
        let range = kql_engine::timespan::range(text, session.now()).ok_or_else(|| {
            format!(
                "--timespan does not know `{text}` (such as P1D, PT4H, 2024-07-01/2024-07-02, 2024-07-01/PT12H)"
            )
        })?;
        session = session.with_timespan(range);
    }
    for note in session.workspace().notes() {
        eprintln!("note: {note}");
    }
    Ok(session)
}

/// `--memory-limit`
pub fn memory_limit(text: Option<&str>) -> Res<Option<usize>> {
    let fault = |t: &str| format!("--memory-limit does not know `{t}` (such as 512MB, 2GB)");
    text.map(|t| size(t).ok_or_else(|| fault(t))).transpose()
}

/// `--timeout`
pub fn timeout(text: Option<&str>) -> Res<Option<Duration>> {
    let Some(text) = text else {
        return Ok(None);
    };
    let ticks =
        parse_timespan(text).filter(|t| *t > 0 && !text.bytes().all(|b| b.is_ascii_digit()));
    let seconds = text.parse::<u64>().ok().map(Duration::from_secs);
    let given = ticks
        .and_then(|t| u64::try_from(t).ok())
        .map(|t| Duration::from_nanos(t.saturating_mul(100)));
    given
        .or(seconds)
        .map(Some)
        .ok_or_else(|| format!("--timeout does not know `{text}` (such as 30s, 5m)"))
}

/// `--param`
pub fn parameters(given: &[String]) -> Res<Vec<(String, String)>> {
    let pair = |p: &String| {
        let (name, value) = p
            .split_once('=')
            .ok_or_else(|| format!("--param requires NAME=VALUE, not `{p}`"))?;
        Ok((name.to_owned(), value.to_owned()))
    };
    given.iter().map(pair).collect()
}

/// Bytes of `512MB`, `2GB`, `1024`.
fn size(text: &str) -> Option<usize> {
    let t = text.trim().to_ascii_uppercase();
    let at = t.find(|c: char| !c.is_ascii_digit()).unwrap_or(t.len());
    let (number, unit) = t.split_at(at);
    let factor = match unit.trim() {
        "" | "B" => 1,
        "K" | "KB" | "KIB" => 1 << 10,
        "M" | "MB" | "MIB" => 1 << 20,
        "G" | "GB" | "GIB" => 1 << 30,
        _ => return None,
    };
    number
        .parse::<usize>()
        .ok()?
        .checked_mul(factor)
        .filter(|n| *n > 0)
}

/// The stored functions of the files.
pub fn functions(paths: &[PathBuf]) -> Res<Vec<StoredFunction>> {
    let mut out = Vec::new();
    let mut files = Vec::new();
    for p in paths {
        collect(p, &mut files, 0)?;
    }
    for file in files {
        let text =
            std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let stem = file
            .file_stem()
            .and_then(|s| s.to_str())
            .unwrap_or_default();
        for f in kql_content::functions(stem, text) {
            out.push(StoredFunction {
                name: f.name,
                parameters: f.parameters,
                body: f.body,
                origin: file.display().to_string(),
            });
        }
    }
    Ok(out)
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
        if p.is_dir() && depth < 16 {
            collect(&p, out, depth + 1)?;
        } else if p.extension().is_some_and(|e| e == "kql" || e == "csl") {
            out.push(p);
        }
    }
    Ok(())
}
