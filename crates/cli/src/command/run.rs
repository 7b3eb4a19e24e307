//! `kql run`

use crate::args::{Format, RunArgs};
use crate::output::{Output, Writer, discard_unfinished, names};
use crate::{diagnostics, input};
use kql_content::{Item, Kind};
use kql_diag::{Diagnostic, codes};
use kql_engine::Session;
use std::io::IsTerminal;
use std::time::Duration;

/// Runs queries.
pub fn run(args: &RunArgs) -> u8 {
    let loaded = input::values(&args.session, false).and_then(|v| input::load(&args.queries, &v));
    let files = match loaded {
        Ok(q) => q,
        Err(e) => {
            diagnostics::fault(&e);
            return 2;
        }
    };
    let session = match input::session(&args.session, &args.queries.files) {
        Ok(s) => s,
        Err(e) => {
            diagnostics::fault(&e);
            return 2;
        }
    };
    let format = match format(args) {
        Ok(f) => f,
        Err(e) => {
            diagnostics::fault(&e);
            return 2;
        }
    };
    let several = files.iter().map(|f| f.items.len()).sum::<usize>() > 1;
    if matches!(format, Format::Parquet | Format::Arrow | Format::Png) {
        let fault = if args.output.is_none() && std::io::stdout().is_terminal() {
            Some("this format is not for a terminal: -o FILE takes it")
        } else if several {
            Some("a file of this format holds the result of one query, and several are given")
        } else {
            None
        };
        if let Some(fault) = fault {
            diagnostics::fault(fault);
            return 2;
        }
    }
    end_when_interrupted();
    let mut out = match Output::open(args.output.as_deref()) {
        Ok(o) => o,
        Err(e) => {
            diagnostics::fault(&e);
            return 2;
        }
    };
    let mut code = 0;
    let how = args.session.diagnostics;
    for file in &files {
        if !diagnostics::of_file(file, how) {
            code = 1;
            continue;
        }
        for item in &file.items {
            if item.kind == Kind::Watchlist {
                eprintln!(
                    "note: {} is a watchlist: --watchlists gives its folder to queries",
                    item.query.name
                );
                continue;
            }
            if !diagnostics::of_query(&item.query, &file.source, how) {
                code = 1;
                continue;
            }
            match one(args, item, &session, format, &mut out, several) {
                Ok(()) => {}
                Err(ended @ (0 | 130)) => return ended,
                Err(failed) => code = code.max(failed),
            }
        }
    }
    for note in session.workspace().late_notes() {
        eprintln!("note: {note}");
    }
    let skipped = session.workspace().skipped_rows();
    if skipped > 0 {
        eprintln!("note: {skipped} rows could not be read and were left out");
    }
    if out.is_file() && code != 0 {
        eprintln!("note: the output file is not written, because a query failed");
    } else if let Err(e) = out.keep() {
        diagnostics::fault(&format!("the result cannot be written: {e}"));
        code = 1;
    }
    code
}

/// Runs one query: 0 when nobody reads on, 130 when it was interrupted, else what the run ends with at least.
fn one(
    args: &RunArgs,
    item: &Item,
    session: &Session,
    format: Format,
    out: &mut Output,
    several: bool,
) -> Result<(), u8> {
    let how = args.session.diagnostics;
    let q = &item.query;
    if args.alerts || args.replay.is_some() {
        let writer = Writer::new(format, out, several.then_some(q.name.as_str()));
        return super::alerts::run(args, item, session, writer);
    }
    let (session, source) = crate::item::prepare(item, session, args.session.timespan.is_some());
    let prepared = session.prepare_source(source);
    // A text without a result is a warning to a check; the run itself says it as an error.
    let told: Vec<_> = prepared
        .diagnostics
        .iter()
        .filter(|d| d.code != codes::EMPTY || d.is_error())
        .cloned()
        .collect();
    diagnostics::print_brief(&told, &prepared.sources, how);
    if prepared.error().is_some() {
        return Err(if several {
            1
        } else {
            exit_code(prepared.error())
        });
    }
    if args.trace {
        super::trace::print(&session, &prepared.sources);
    }
    let mut writer = Writer::new(format, out, several.then_some(q.name.as_str()));
    let result = session.run(&prepared, &mut writer).and_then(|s| {
        writer.finish().map(|()| s).map_err(|e| {
            Diagnostic::error(
                codes::OUTPUT,
                kql_diag::Span::default(),
                format!("the result cannot be written: {e}"),
            )
        })
    });
    match result {
        Ok(stats) => {
            if args.output.is_none() && format == Format::Table && std::io::stdout().is_terminal() {
                let rows = writer.rows();
                let s = if rows == 1 { "" } else { "s" };
                eprintln!("({rows} row{s}, {:.3} s)", stats.seconds);
            }
            if args.stats {
                eprintln!(
                    "{{\"seconds\":{:.6},\"plan_seconds\":{:.6},\"rows\":{},\"bytes_scanned\":{},\"row_groups_scanned\":{},\"row_groups_total\":{},\"peak_memory\":{}}}",
                    stats.seconds,
                    stats.plan_seconds,
                    stats.rows,
                    stats.bytes_scanned,
                    stats.row_groups_scanned,
                    stats.row_groups_total,
                    peak_memory()
                );
            }
            Ok(())
        }
        Err(d) => {
            if d.code == codes::OUTPUT && out.is_closed() {
                // Whoever read the rows has had enough.
                return Err(0);
            }
            diagnostics::print(std::slice::from_ref(&d), &prepared.sources, how);
            if d.code == codes::CANCELLED {
                return Err(130);
            }
            Err(exit_code(Some(&d)))
        }
    }
}

/// How the result is written. A name that says nothing, and a device or a pipe, get what a pipe gets.
fn format(args: &RunArgs) -> Result<Format, String> {
    if let Some(f) = args.format {
        return Ok(f);
    }
    let Some(path) = &args.output else {
        let terminal = std::io::stdout().is_terminal();
        return Ok(if terminal {
            Format::Table
        } else {
            Format::Jsonl
        });
    };
    let named = names::of_file(path).map_err(|e| format!("{e}; --format says it"))?;
    Ok(named.unwrap_or(Format::Jsonl))
}

/// Ctrl-C: a run ends by itself within a moment; a stage that does not listen is ended here.
fn end_when_interrupted() {
    let wait = || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        if let Ok(runtime) = runtime
            && runtime.block_on(tokio::signal::ctrl_c()).is_ok()
        {
            std::thread::sleep(Duration::from_millis(500));
            discard_unfinished();
            std::process::exit(130);
        }
    };
    // Without the thread, Ctrl-C still ends a run that listens.
    let _ = std::thread::Builder::new()
        .name("interrupt".to_owned())
        .spawn(wait);
}

/// 2 where an input is at fault, else 1.
fn exit_code(d: Option<&Diagnostic>) -> u8 {
    match d.map(|d| d.code) {
        Some(codes::INPUT | codes::BAD_ROW | codes::BAD_FILE | codes::EXTERNAL) => 2,
        _ => 1,
    }
}

/// The most memory that the process had, in bytes; 0 where the system does not say.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.trim().trim_end_matches("kB").trim().parse::<u64>().ok())
        .unwrap_or(0)
        * 1024
}
