//! Query texts and sessions from the command line.

use crate::args::{BadRowsArg, QueryArgs, SessionArgs};
pub use kql_content::read_text;
use kql_content::{Item, Values};
use kql_diag::{Diagnostic, Source};
use kql_engine::{Session, SessionOptions, Workspace};
use kql_sources::{BadRows, DataSpec, ExternalMap, SourceOptions, Tables};
use kql_types::text::{parse_datetime, parse_timespan};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A fault of the command line or of an input, as text.
pub type Res<T> = Result<T, String>;

/// A file of queries, or one text of the command line.
#[derive(Debug)]
pub struct Loaded {
    /// What it has; [`Item::query`] is what runs.
    pub items: Vec<Item>,
    /// What is wrong with the file; places are in `source`.
    pub findings: Vec<Diagnostic>,
    /// The file.
    pub source: Source,
}

/// What the arguments name, in order. `checking`: nothing is run.
pub fn load(args: &QueryArgs, values: &Values) -> Res<Vec<Loaded>> {
    let mut out = Vec::new();
    for q in &args.query {
        out.push(plain("query", q, values));
    }
    for f in &args.files {
        if f == "-" {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .map_err(|e| format!("standard input cannot be read: {e}"))?;
            out.push(plain("stdin", &text, values));
            continue;
        }
        let (path, selector) = match f.split_once('#') {
            Some((p, s)) if !Path::new(f).exists() => (p, Some(s)),
            _ => (f.as_str(), None),
        };
        let text = read_text(Path::new(path))?;
        let mut found = kql_content::load(path, &text, values).map_err(|e| e.to_string())?;
        if !found.findings.iter().any(Diagnostic::is_error) {
            found.items =
                kql_content::select(path, found.items, selector).map_err(|e| e.to_string())?;
        }
        out.push(Loaded {
            items: found.items,
            findings: found.findings,
            source: found.source,
        });
    }
    if out.is_empty() {
        return Err("no query is given: name a file, `-`, or -q TEXT".to_owned());
    }
    Ok(out)
}

fn plain(name: &str, text: &str, values: &Values) -> Loaded {
    // A text without a file's ending is a query as it stands.
    let mut item = Item::default();
    match kql_content::load(&format!("{name}.kql"), text, values) {
        Ok(mut d) if !d.items.is_empty() => item = d.items.swap_remove(0),
        _ => item.query.text = text.to_owned(),
    }
    item.query.name = name.to_owned();
    Loaded {
        items: vec![item],
        findings: Vec::new(),
        source: Source::new(name, text),
    }
}

/// In ticks.
const DAY: i64 = 864_000_000_000;

/// What placeholders of content files are filled with.
pub fn values(args: &SessionArgs, checking: bool) -> Res<Values> {
    let args = crate::workspace::with_workspace(args)?;
    let mut out = Values {
        checking,
        ..Values::default()
    };
    for p in &args.param {
        if let Some((name, value)) = p.split_once('=') {
            out.given.insert(name.to_owned(), value.to_owned());
        }
    }
    // A range that needs no clock; `--now data` is known only when the data are.
    let now = args
        .now
        .as_deref()
        .map_or_else(|| Some(SessionOptions::default().now), parse_datetime);
    let iso = |t: i64| kql_types::text::datetime::format_datetime_iso(t);
    match (&args.timespan, now) {
        (Some(text), Some(now)) => {
            let (from, to) = kql_engine::timespan::range(text, now)
                .ok_or_else(|| format!("--timespan does not know `{text}`"))?;
            out.range = Some((iso(from), iso(to)));
        }
        (None, Some(now)) => out.usual_range = Some((iso(now.saturating_sub(DAY)), iso(now))),
        (_, None) => {}
    }
    Ok(out)
}

/// The session that the arguments describe.
pub fn session(args: &SessionArgs, query_files: &[String]) -> Res<Session> {
    resolved_session(&crate::workspace::with_workspace(args)?, query_files)
}

/// The files in which functions look things up.
pub fn look_ups(args: &SessionArgs) -> Res<()> {
    if let Some(file) = &args.geoip {
        kql_sources::look_up_places(file).map_err(|e| e.to_string())?;
    }
    if let Some(file) = &args.user_agents {
        kql_sources::look_up_user_agents(file).map_err(|e| e.to_string())?;
    }
    Ok(())
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
    look_ups(args)?;
    options.skip_broken_legs = args.skip_broken_legs;
    options.null_functions.extend(args.null_functions.clone());
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
    let mut lists = Vec::new();
    for dir in &args.watchlists {
        let (files, mut functions) = kql_detect::stored_watchlists(dir)?;
        specs.extend(files);
        lists.append(&mut functions);
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
    let mut functions = kql_detect::stored_functions(&args.functions)?;
    functions.extend(lists);
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
