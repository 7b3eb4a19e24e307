//! Commands of the prompt: `.help`, `.tables`, `.load`, ...

use super::state::Repl;
use super::{explain, help, management, operators, settings, show};
use crate::screen;
use kql_diag::did_you_mean;
use kql_functions::{catalog, reference};
use kql_types::ColumnSchema;
use std::path::Path;

/// Name, arguments, what it does.
pub const COMMANDS: [(&str, &str, &str); 24] = [
    (
        ".help",
        "[TOPIC]",
        "this list, a command, a function, keys, settings",
    ),
    (".tables", "[WORD]", "the tables, also `.show tables`"),
    (
        ".schema",
        "[TABLE]",
        "the columns of a table, also `.show table T schema`",
    ),
    (
        ".functions",
        "[NAME]",
        "the functions, or one with its examples",
    ),
    (
        ".load",
        "PATH [as NAME]",
        "a file, folder or glob as a table",
    ),
    (".open", "DIR", "another workspace"),
    (".read", "FILE", "run the queries and commands of a file"),
    (
        ".save",
        "FILE",
        "write the last result; the name's end says how",
    ),
    (
        ".mode",
        "[MODE]",
        "table, record, json, jsonl, csv, tsv, markdown",
    ),
    (".page", "", "the last result whole, in a pager"),
    (
        ".render",
        "FILE.html",
        "the last result as a page with its chart",
    ),
    (".timing", "on|off", "the time after each result"),
    (
        ".explain",
        "[STAGE] [QUERY]",
        "ast, bound, plan, optimised or physical",
    ),
    (
        ".trace",
        "[on|off|QUERY]",
        "the rows after each step; runs once a step",
    ),
    (".now", "[TIME|data|clock]", "what now() means"),
    (
        ".param",
        "[NAME=VALUE]",
        "a value of `declare query_parameters`",
    ),
    (
        ".let",
        "[NAME]",
        "what `let NAME = ...;` defined for the session",
    ),
    (
        ".history",
        "[N|WORD]",
        "what was typed before; Ctrl-R searches",
    ),
    (".set", "[NAME VALUE]", "settings, which last"),
    (".clear", "", "clear the screen"),
    (
        ".show",
        "tables | table T schema",
        "management commands that are answered",
    ),
    (".version", "", "the version"),
    (".quit", "", "leave, as Ctrl-D does"),
    (".exit", "", "the same"),
];

/// What the prompt does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Go on.
    On,
    /// Leave.
    Quit,
}

/// How the command of a line is used, once its name is whole.
pub fn usage_of(line: &str) -> Option<String> {
    let rest = line.trim_start();
    let (name, argument) = rest
        .split_once(' ')
        .map_or((rest, None), |(n, a)| (n, Some(a)));
    let (_, arguments, about) = COMMANDS.iter().find(|(n, _, _)| *n == name)?;
    match argument {
        None => Some(format!(" {arguments}   {about}")),
        Some(a) if a.trim().is_empty() => Some(format!("{arguments}   {about}")),
        Some(_) => None,
    }
}

/// Runs a command.
pub fn run(repl: &mut Repl, line: &str) -> Next {
    let line = line.trim();
    let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    // A habit from queries.
    let rest = rest.trim();
    let plain = rest.trim_end_matches(';').trim();
    let name = name.trim_end_matches(';');
    match name {
        ".quit" | ".exit" => return Next::Quit,
        ".help" => match help::topic(&repl.session(), plain) {
            Some(text) => screen::print(&text),
            None => {
                let names = COMMANDS.iter().map(|(n, _, _)| *n);
                let names = names.chain(catalog::scalars().map(|s| s.name));
                let names = names.chain(operators::OPERATORS.iter().map(|(n, _, _)| *n));
                let near = near(plain, names.chain(catalog::aggregates().map(|a| a.name)));
                repl.fault(&format!("there is no help on `{plain}`{near}"));
            }
        },
        ".tables" => tables(repl, plain),
        ".schema" => schema(repl, plain),
        ".functions" => functions(repl, plain),
        ".load" => load(repl, rest),
        ".open" => open(repl, plain),
        ".read" => super::read(repl, unquoted(plain)),
        ".save" => save(repl, unquoted(plain)),
        ".page" => {
            let (screen, mode) = (repl.screen(), repl.settings().mode);
            match repl.last.last() {
                Some(r) => show::page(r, &screen, &mode),
                None => repl.fault("there is no result yet"),
            }
        }
        ".render" => save_page(repl, unquoted(plain)),
        ".mode" | ".timing" | ".set" => set(repl, name, plain),
        ".explain" => explain::explain(repl, rest),
        ".trace" => match plain {
            "on" | "off" => set(repl, ".trace", plain),
            _ => explain::trace(repl, plain),
        },
        ".now" => now(repl, plain),
        ".param" => param(repl, plain),
        ".let" => definitions(repl, plain),
        ".history" => history(repl, plain),
        ".clear" => screen::print("\x1b[2J\x1b[H"),
        ".version" => screen::print(concat!("kql ", env!("CARGO_PKG_VERSION"), "\n")),
        ".show" => management::show(repl, plain),
        _ => {
            let near = near(name, COMMANDS.iter().map(|(n, _, _)| *n));
            repl.fault(&format!(
                "there is no command `{name}`{near}; .help lists them"
            ));
        }
    }
    Next::On
}

pub(super) fn near<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> String {
    did_you_mean(name, names).map_or_else(String::new, |n| format!(" (`{n}` exists)"))
}

/// A path without its quotes and with the user's folder for `~`.
pub(super) fn unquoted(text: &str) -> String {
    let bare = ['"', '\'']
        .iter()
        .find_map(|q| text.strip_prefix(*q)?.strip_suffix(*q))
        .unwrap_or(text);
    match (bare.strip_prefix("~/"), std::env::var("HOME")) {
        (Some(rest), Ok(home)) => format!("{home}/{rest}"),
        _ => bare.to_owned(),
    }
}

fn tables(repl: &mut Repl, word: &str) {
    let mut names = repl.session().workspace().names();
    let lower = word.to_lowercase();
    names.retain(|n| n.to_lowercase().contains(&lower));
    if names.is_empty() {
        let hint = if word.is_empty() {
            "there are no tables: .load PATH adds some".to_owned()
        } else {
            format!("no table has `{word}` in its name")
        };
        eprintln!("{hint}");
        return;
    }
    screen::print(&help::in_columns(&names, repl.screen().width));
}

/// The columns of a table, of a definition, or of `_`.
pub(super) fn columns(repl: &Repl, name: &str) -> Option<(Vec<ColumnSchema>, Vec<ColumnSchema>)> {
    let session = repl.session();
    if let Some(t) = session.workspace().schema(name) {
        return Some((t.columns, t.absent));
    }
    let quoted = super::complete::quoted(name);
    let preamble = repl.shared.borrow().definitions.preamble(name);
    let columns = session.columns_of(&format!("{preamble}{quoted}"))?;
    Some((columns, Vec::new()))
}

fn schema(repl: &mut Repl, name: &str) {
    let names = if name.is_empty() {
        repl.session().workspace().names()
    } else {
        vec![name.to_owned()]
    };
    for name in names {
        let Some((columns, absent)) = columns(repl, &name) else {
            let session = repl.session();
            let mut known = session.workspace().names();
            known.extend(kql_sources::builtin::names().map(str::to_owned));
            let near = near(&name, known.iter().map(String::as_str));
            repl.fault(&format!("table `{name}` not found{near}"));
            continue;
        };
        let mut text = format!("{name}\n");
        for c in &columns {
            text.push_str(&format!("  {}: {}\n", c.name, c.ty));
        }
        if !absent.is_empty() {
            text.push_str(&format!(
                "  ({} known columns are not in the data)\n",
                absent.len()
            ));
        }
        screen::print(&text);
    }
}

fn functions(repl: &mut Repl, name: &str) {
    if name.is_empty() {
        let mut names: Vec<String> = catalog::scalars().map(|s| s.name.to_owned()).collect();
        names.extend(catalog::aggregates().map(|a| a.name.to_owned()));
        names.extend(repl.session().functions().iter().map(|f| f.name.clone()));
        names.retain(|n| n.starts_with(|c: char| c.is_alphabetic() || c == '_'));
        names.sort_unstable();
        names.dedup();
        screen::print(&help::in_columns(&names, repl.screen().width));
        return;
    }
    if let Some(text) = reference::entry(name).or_else(|| kql_engine::builtin::entry(name)) {
        return screen::print(&text);
    }
    let session = repl.session();
    if let Some(f) = session.functions().iter().find(|f| f.name == name) {
        return screen::print(&format!("{}{}\n{}\n", f.name, f.parameters, f.body));
    }
    // A part of a name lists what has it.
    let lower = name.to_lowercase();
    let mut found: Vec<(&str, &str)> = catalog::scalars()
        .map(|s| (s.name, s.summary))
        .chain(catalog::aggregates().map(|a| (a.name, a.summary)))
        .filter(|(n, _)| n.to_lowercase().contains(&lower))
        .collect();
    found.sort_unstable();
    if found.is_empty() {
        let names = catalog::scalars().map(|s| s.name);
        let near = near(name, names.chain(catalog::aggregates().map(|a| a.name)));
        return repl.fault(&format!("function `{name}` not found{near}"));
    }
    let mut text = String::new();
    for (n, summary) in found {
        text.push_str(&format!("{n:28} {summary}\n"));
    }
    screen::print(&text);
}

fn load(repl: &mut Repl, rest: &str) {
    let rest = rest.trim_end_matches(';').trim();
    if rest.is_empty() {
        return repl.fault("a path is missing: .load PATH [as NAME]");
    }
    let (path, name) = match rest.rsplit_once(" as ") {
        Some((p, n)) => (p.trim(), Some(n.trim())),
        None => (rest, None),
    };
    let path = unquoted(path);
    let spec = match name {
        Some(n) => format!("{n}={path}"),
        None => path,
    };
    let before = repl.session().workspace().names();
    let mut args = repl.args.clone();
    args.data.push(spec);
    if let Err(e) = repl.reopen(args) {
        return repl.fault(&e);
    }
    let session = repl.session();
    let mut new = session.workspace().names();
    new.retain(|n| !before.contains(n));
    if let [one] = new.as_slice() {
        match session.workspace().schema(one) {
            Some(t) => eprintln!("loaded {one} ({} columns)", t.columns.len()),
            None => {
                // A query says what is wrong with the file.
                let outcome = repl.run(&format!("{} | take 0", super::complete::quoted(one)));
                crate::diagnostics::print(
                    &outcome.diagnostics,
                    &outcome.sources,
                    repl.args.diagnostics,
                );
                repl.failed = true;
            }
        }
    } else if new.is_empty() {
        eprintln!("loaded; no table is new");
    } else {
        eprintln!("loaded {} tables: {}", new.len(), new.join(", "));
    }
}

fn open(repl: &mut Repl, dir: &str) {
    if dir.is_empty() {
        return repl.fault("a folder is missing: .open DIR");
    }
    let args = crate::args::SessionArgs {
        workspace: Some(unquoted(dir).into()),
        diagnostics: repl.args.diagnostics,
        now: repl.args.now.clone(),
        ..crate::args::SessionArgs::default()
    };
    let opened = crate::workspace::with_workspace(&args).and_then(|a| repl.reopen(a));
    match opened {
        Ok(()) => {
            let n = repl.session().workspace().names().len();
            eprintln!("opened {dir}: {n} tables");
        }
        Err(e) => repl.fault(&e),
    }
}

fn save(repl: &mut Repl, file: String) {
    if file.is_empty() {
        return repl.fault("a file is missing: .save FILE");
    }
    let saved = match repl.last.last() {
        None => Err("there is no result yet".to_owned()),
        Some(r) => show::save(r, Path::new(&file)).map(|()| r.total),
    };
    match saved {
        Ok(rows) => eprintln!("{rows} rows written to {file}"),
        Err(e) => repl.fault(&e),
    }
}

fn save_page(repl: &mut Repl, file: String) {
    if file.is_empty() || !(file.ends_with(".html") || file.ends_with(".htm")) {
        return repl.fault("a file for the page is missing: .render FILE.html");
    }
    save(repl, file);
}

fn set(repl: &mut Repl, command: &str, rest: &str) {
    let (name, value) = match command.trim_start_matches('.') {
        "set" => {
            let (n, v) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            (
                n.to_owned(),
                v.trim().trim_start_matches('=').trim().to_owned(),
            )
        }
        name => (name.to_owned(), rest.to_owned()),
    };
    let current = repl.settings();
    if name.is_empty() {
        let mut text = String::new();
        for (name, values, about) in settings::ALL {
            let value = current.get(name).unwrap_or_default();
            text.push_str(&format!("{name:8} {value:9} {about} ({values})\n"));
        }
        return screen::print(&text);
    }
    if value.is_empty()
        && let Some(v) = current.get(&name)
    {
        return screen::print(&format!("{name} {v}\n"));
    }
    let changed = {
        let mut shared = repl.shared.borrow_mut();
        shared.settings.set(&name, &value)
    };
    if let Err(e) = changed {
        return repl.fault(&e);
    }
    // A script changes what it shows, not what the user has set.
    if repl.interactive
        && repl.depth == 0
        && let Err(e) = repl.settings().save()
    {
        repl.fault(&e);
    }
}

fn now(repl: &mut Repl, time: &str) {
    if time.is_empty() {
        let ticks = match repl.args.now {
            None => kql_engine::now(),
            Some(_) => repl.session().now(),
        };
        let by = if repl.args.now.is_none() {
            " (the clock)"
        } else {
            ""
        };
        let text = kql_types::text::format_datetime_iso(ticks);
        return screen::print(&format!("{text}{by}\n"));
    }
    let mut args = repl.args.clone();
    args.now = (time != "clock").then(|| time.to_owned());
    if let Err(e) = repl.reopen(args) {
        repl.fault(&e.replace("--now", ".now"));
    }
}

fn param(repl: &mut Repl, text: &str) {
    if text.is_empty() {
        let lines: Vec<String> = repl.args.param.iter().map(|p| format!("{p}\n")).collect();
        return screen::print(&lines.concat());
    }
    let Some((name, value)) = text.split_once('=') else {
        return repl.fault(".param requires NAME=VALUE; an empty value takes it away");
    };
    let (name, value) = (name.trim(), value.trim());
    repl.args
        .param
        .retain(|p| p.split_once('=').is_none_or(|(n, _)| n != name));
    let given = (!value.is_empty()).then(|| value.to_owned());
    if given.is_some() {
        repl.args.param.push(format!("{name}={value}"));
    }
    let mut shared = repl.shared.borrow_mut();
    std::sync::Arc::make_mut(&mut shared.session).set_parameter(name, given);
}

fn definitions(repl: &mut Repl, name: &str) {
    let shared = repl.shared.borrow();
    let text = if name.is_empty() {
        let names: Vec<String> = shared
            .definitions
            .names()
            .into_iter()
            .map(str::to_owned)
            .collect();
        Some(help::in_columns(&names, repl.screen().width))
    } else {
        shared.definitions.text(name).map(str::to_owned)
    };
    let near = near(name, shared.definitions.names().into_iter());
    drop(shared);
    match text {
        Some(t) => screen::print(&t),
        None => repl.fault(&format!("`{name}` is not defined{near}")),
    }
}

fn history(repl: &mut Repl, rest: &str) {
    let n = rest
        .parse::<usize>()
        .unwrap_or(if rest.is_empty() { 20 } else { usize::MAX });
    let word = if rest.parse::<usize>().is_ok() {
        ""
    } else {
        rest
    };
    let lower = word.to_lowercase();
    let found: Vec<&String> = repl
        .history
        .iter()
        .filter(|h| h.to_lowercase().contains(&lower))
        .collect();
    let mut text = String::new();
    for entry in found.iter().skip(found.len().saturating_sub(n)) {
        text.push_str(entry);
        text.push('\n');
    }
    screen::print(&text);
}
