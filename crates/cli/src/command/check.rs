//! `kql check`

use crate::args::{CheckArgs, CheckFormat, QueryArgs};
use crate::input::{self, Loaded, Res};
use crate::{diagnostics, item};
use kql_content::{Item, Kind};
use kql_diag::{Diagnostic, Source, codes};
use kql_engine::{Prepared, Session};
use serde::Serialize;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What is known of an item after its check.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Checked {
    query: String,
    kind: &'static str,
    title: Option<String>,
    ok: bool,
    columns: Option<Vec<ColumnJson>>,
    tables: Vec<String>,
    /// Those of the tables for which there are no rows.
    absent_tables: Vec<String>,
    functions: Vec<String>,
    watchlists: Vec<String>,
    /// Locations that externaldata reads.
    urls: Vec<String>,
    /// Constructs of the language that this program has not.
    unsupported: Vec<String>,
    pub diagnostics: Vec<diagnostics::DiagnosticJson>,
    /// The diagnostics for people.
    #[serde(skip)]
    shown: String,
}

#[derive(Serialize)]
struct ColumnJson {
    name: String,
    #[serde(rename = "type")]
    ty: &'static str,
}

/// Parses and binds; known tables without data count as they are known.
pub fn check(args: &CheckArgs) -> u8 {
    let (files, session, folder) = match prepare(&args.queries, &args.session) {
        Ok(l) => l,
        Err(e) => {
            diagnostics::fault(&e);
            return 2;
        }
    };
    let format = args.format.unwrap_or(if args.json {
        CheckFormat::Json
    } else {
        CheckFormat::Text
    });
    let checked = check_all(&files, &session);
    let failed = checked.iter().any(|c| !c.ok);
    let written = match format {
        CheckFormat::Json => json(&checked),
        CheckFormat::Sarif => crate::command::sarif::write(&checked),
        CheckFormat::Text => text(args, &checked, folder),
    };
    match written {
        Ok(()) => u8::from(failed),
        // Whoever read the findings has had enough.
        Err(_) => u8::from(failed),
    }
}

/// The content, the session that binds it, and whether folders were named.
fn prepare(
    queries: &QueryArgs,
    session: &crate::args::SessionArgs,
) -> Res<(Vec<Loaded>, Session, bool)> {
    let session_args = crate::args::SessionArgs {
        empty_tables: true,
        ..session.clone()
    };
    let (named, folders) = files(queries)?;
    let values = input::values(&session_args, true)?;
    let mut all = if named.files.is_empty() && named.query.is_empty() && !folders.is_empty() {
        Vec::new()
    } else {
        input::load(&named, &values)?
    };
    all.extend(crate::folder::load(&folders, &values));
    let mut session = input::session(&session_args, &queries.files)?.only_binding();
    if !folders.is_empty() {
        // The functions of a folder see each other.
        let items = all.iter().flat_map(|f| &f.items);
        let functions = items.flat_map(|i| {
            let origin = &i.query.name;
            i.functions.iter().map(|f| item::stored(f, origin))
        });
        session = session.with_functions(functions.collect());
    }
    Ok((all, session, !folders.is_empty()))
}

/// The locations that `externaldata` of the content reads, sorted.
pub fn locations(queries: &QueryArgs, session: &crate::args::SessionArgs) -> Res<BTreeSet<String>> {
    let (files, session, _) = prepare(queries, session)?;
    let checked = check_all(&files, &session);
    let urls = checked.into_iter().flat_map(|c| c.urls);
    Ok(urls.filter(|u| !u.is_empty()).collect())
}

/// The files that are named, and the folders.
fn files(args: &QueryArgs) -> Res<(QueryArgs, Vec<PathBuf>)> {
    let (folders, files): (Vec<_>, Vec<_>) = args
        .files
        .iter()
        .cloned()
        .partition(|f| Path::new(f).is_dir());
    let named = QueryArgs {
        files,
        query: args.query.clone(),
    };
    Ok((named, folders.into_iter().map(PathBuf::from).collect()))
}

/// Checks all items, several at a time, and keeps their order.
fn check_all(files: &[Loaded], session: &Session) -> Vec<Checked> {
    let work: Vec<(&Loaded, Option<&Item>)> = files
        .iter()
        .flat_map(|f| {
            let none = f.items.is_empty().then_some((f, None));
            f.items.iter().map(move |i| (f, Some(i))).chain(none)
        })
        .collect();
    crate::folder::several(&work, session.options().threads, |(file, item)| {
        one(file, *item, session)
    })
}

fn one(file: &Loaded, item: Option<&Item>, session: &Session) -> Checked {
    let mut out = Checked {
        query: file.source.name.clone(),
        kind: "file",
        title: None,
        ok: true,
        columns: None,
        tables: Vec::new(),
        absent_tables: Vec::new(),
        functions: Vec::new(),
        watchlists: Vec::new(),
        urls: Vec::new(),
        unsupported: Vec::new(),
        diagnostics: Vec::new(),
        shown: String::new(),
    };
    let source = std::slice::from_ref(&file.source);
    out.add(&file.findings, source);
    let Some(item) = item else {
        return out;
    };
    out.query.clone_from(&item.query.name);
    out.kind = item.kind.name();
    out.title.clone_from(&item.query.heading);
    out.add(&item.query.findings, source);
    if item.kind == Kind::Watchlist {
        return out;
    }
    let prepared = bound(item, session);
    out.add(&prepared.diagnostics, &prepared.sources);
    out.add(&super::faults::of_rule(item, &prepared), source);
    out.add(&super::faults::of_lookback(item), &[item.query.source()]);
    out.needs(&prepared, session);
    out
}

/// A function whose body is a value is no table.
fn bound(item: &Item, session: &Session) -> Prepared {
    let (session, text) = item::prepare_check(item, session);
    let prepared = session.prepare_source(text.clone());
    let scalar = |d: &Diagnostic| d.code == codes::NOT_SCALAR;
    if item.kind == Kind::Function && prepared.error().is_some_and(scalar) {
        let printed = Source::new(text.name, format!("print {}", text.text));
        let second = session.prepare_source(printed);
        if !second.error().is_some_and(scalar) {
            return second;
        }
    }
    prepared
}

impl Checked {
    fn add(&mut self, found: &[Diagnostic], sources: &[Source]) {
        for d in found {
            self.ok &= !d.is_error();
            if d.code == codes::NOT_SUPPORTED || d.code == codes::NEEDS_SERVICE {
                self.unsupported.push(d.message.clone());
            }
            self.diagnostics.push(diagnostics::to_json(d, sources));
            // What is to be known of another file stands in its own check.
            if d.is_error() || d.primary.source == 0 {
                self.shown.push_str(&d.show(sources));
            }
        }
    }

    fn needs(&mut self, prepared: &Prepared, session: &Session) {
        self.columns = prepared.columns().map(|columns| {
            let columns = columns.into_iter();
            columns
                .map(|c| ColumnJson {
                    name: c.name,
                    ty: c.ty.name(),
                })
                .collect()
        });
        let present: BTreeSet<String> = session.workspace().names().into_iter().collect();
        let mut watchlists = BTreeSet::new();
        for t in &prepared.tables {
            match kql_sources::watchlist_of(t) {
                Some(list) => {
                    watchlists.insert(list.to_owned());
                }
                None => {
                    if !present.contains(t) {
                        self.absent_tables.push(t.clone());
                    }
                    self.tables.push(t.clone());
                }
            }
        }
        for f in &prepared.functions {
            match kql_sources::watchlist_of(f) {
                Some(list) => {
                    watchlists.insert(list.to_owned());
                }
                None => self.functions.push(f.clone()),
            }
        }
        self.watchlists = watchlists.into_iter().collect();
        self.urls.clone_from(&prepared.externals);
        self.unsupported.sort();
        self.unsupported.dedup();
    }
}

fn json(checked: &[Checked]) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for c in checked {
        let line = serde_json::to_string(c).unwrap_or_default();
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn text(args: &CheckArgs, checked: &[Checked], folder: bool) -> std::io::Result<()> {
    for c in checked {
        match args.session.diagnostics {
            crate::args::DiagnosticsArg::Text => eprint!("{}", c.shown),
            crate::args::DiagnosticsArg::Json => {
                for d in &c.diagnostics {
                    if let Ok(line) = serde_json::to_string(d) {
                        eprintln!("{line}");
                    }
                }
            }
        }
    }
    if !(folder || args.report) {
        return Ok(());
    }
    let mut out = std::io::stdout().lock();
    let mut absent: BTreeSet<&str> = BTreeSet::new();
    let mut urls: BTreeSet<&str> = BTreeSet::new();
    for c in checked {
        let word = if c.ok { "ok   " } else { "error" };
        let title = c.title.as_deref().unwrap_or_default();
        writeln!(out, "{word}  {}: {} {title}", c.query, c.kind)?;
        let tables = c.tables.iter().map(|t| {
            if c.absent_tables.contains(t) {
                format!("{t} (absent)")
            } else {
                t.clone()
            }
        });
        for (what, all) in [
            ("tables", tables.collect::<Vec<_>>()),
            ("functions", c.functions.clone()),
            ("watchlists", c.watchlists.clone()),
            ("locations", c.urls.clone()),
            ("not supported", c.unsupported.clone()),
        ] {
            if !all.is_empty() {
                writeln!(out, "         {what}: {}", all.join(", "))?;
            }
        }
        absent.extend(c.absent_tables.iter().map(String::as_str));
        urls.extend(c.urls.iter().map(String::as_str));
    }
    let good = checked.iter().filter(|c| c.ok).count();
    writeln!(out, "{} items, {good} without errors", checked.len())?;
    if !absent.is_empty() {
        let all: Vec<&str> = absent.into_iter().collect();
        writeln!(out, "tables without rows here: {}", all.join(", "))?;
    }
    if !urls.is_empty() {
        writeln!(out, "locations that externaldata reads:")?;
        for u in urls {
            writeln!(out, "  {u}")?;
        }
    }
    Ok(())
}
