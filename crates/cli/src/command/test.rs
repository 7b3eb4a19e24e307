//! `kql test`

use crate::args::{SessionArgs, TestArgs};
use crate::{diagnostics, input};
use kql_detect::{Coverage, Report, ReportForm, Shared, Suite, Totals, Verdict, Wanted};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Runs the tests of files and folders.
pub fn test(args: &TestArgs) -> u8 {
    let forms: Result<Vec<_>, String> = args.report.iter().map(|r| report_of(r)).collect();
    let reports = match forms {
        Ok(r) => r,
        Err(e) => {
            diagnostics::fault(&e);
            return 2;
        }
    };
    let mut code = once(args, &reports);
    if !args.watch {
        return code;
    }
    let mut seen = stamps(args);
    loop {
        std::thread::sleep(Duration::from_millis(500));
        let now = stamps(args);
        if now != seen {
            eprintln!("\na file has changed: all tests run again");
            code = once(args, &reports);
            // What --update wrote is no change.
            seen = stamps(args);
            if code == 2 {
                eprintln!("waiting for the fault to be repaired");
            }
        }
    }
}

/// `KIND[=FILE]`
fn report_of(text: &str) -> Result<(ReportForm, Option<PathBuf>), String> {
    let (kind, file) = match text.split_once('=') {
        Some((k, f)) => (k, Some(PathBuf::from(f))),
        None => (text, None),
    };
    let form = match kind {
        "junit" => ReportForm::Junit,
        "sarif" => ReportForm::Sarif,
        "json" => ReportForm::Json,
        _ => {
            return Err(format!(
                "--report does not know `{kind}` (junit, sarif, json)"
            ));
        }
    };
    Ok((form, file))
}

fn once(args: &TestArgs, forms: &[(ReportForm, Option<PathBuf>)]) -> u8 {
    let loaded = suites(args).and_then(|s| Ok((s, shared(args)?)));
    let (suites, shared) = match loaded {
        Ok(l) => l,
        Err(e) => {
            diagnostics::fault(&e);
            return 2;
        }
    };
    let wanted = Wanted {
        update: args.update,
        coverage: args.coverage,
        jobs: args
            .jobs
            .unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)),
    };
    // A report on standard output has it for itself.
    let quiet = forms.iter().any(|(_, file)| file.is_none());
    let show = |text: &str| {
        // A reader that has had enough is no fault.
        let _ = if quiet {
            writeln!(std::io::stderr().lock(), "{text}")
        } else {
            writeln!(std::io::stdout().lock(), "{text}")
        };
    };
    let mut each = |r: &Report| {
        if !(args.update && r.can_be_written()) {
            show(&line(r));
        }
    };
    let mut reports = kql_detect::run(&suites, &shared, wanted, &mut each);
    if args.update {
        if let Err(e) = kql_detect::write(&mut reports) {
            diagnostics::fault(&e);
            return 2;
        }
        let written = reports.iter().filter(|r| r.can_be_written());
        written.for_each(|r| show(&line(r)));
    }
    if args.coverage {
        let covered = reports.iter().filter_map(|r| r.covered.as_ref());
        for c in kql_detect::together(covered) {
            show(&coverage(&c));
        }
    }
    let totals = Totals::of(&reports);
    show(&summary(totals));
    for (form, file) in forms {
        let text = kql_detect::report(*form, &reports);
        let written = match file {
            Some(f) => std::fs::write(f, &text).map_err(|e| format!("{}: {e}", f.display())),
            None => std::io::stdout()
                .lock()
                .write_all(text.as_bytes())
                .map_err(|e| format!("the report cannot be written: {e}")),
        };
        if let Err(e) = written {
            diagnostics::fault(&e);
            return 2;
        }
    }
    u8::from(totals.failed + totals.broken > 0)
}

fn shared(args: &TestArgs) -> Result<Shared, String> {
    let given = crate::workspace::with_workspace(&SessionArgs {
        functions: args.functions.clone(),
        watchlists: args.watchlists.clone(),
        external: args.external.clone(),
        param: args.param.clone(),
        workspace: args.workspace.clone(),
        timeout: args.timeout.clone(),
        memory_limit: args.memory_limit.clone(),
        ..SessionArgs::default()
    })?;
    input::look_ups(&given)?;
    Ok(Shared {
        read_functions: kql_detect::stored_functions,
        read_watchlists: kql_detect::stored_watchlists,
        prepare: crate::item::prepare,
        functions: kql_detect::stored_functions(&given.functions)?,
        watchlists: given.watchlists,
        external: given.external,
        parameters: input::parameters(&given.param)?,
        timeout: input::timeout(given.timeout.as_deref())?,
        memory_limit: input::memory_limit(given.memory_limit.as_deref())?,
    })
}

/// The tests that are asked for.
fn suites(args: &TestArgs) -> Result<Vec<Suite>, String> {
    let mut out = Vec::new();
    for file in files(&args.paths)? {
        let text =
            std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
        let mut suite = kql_detect::read(&file, &text)?;
        if !args.filter.is_empty() {
            let path = file.display().to_string();
            suite.cases.retain(|c| {
                let has = |f: &String| path.contains(f.as_str()) || c.name.contains(f.as_str());
                args.filter.iter().any(has)
            });
        }
        out.push(suite);
    }
    if out.iter().all(|s| s.cases.is_empty()) {
        return Err("there is no such test".to_owned());
    }
    Ok(out)
}

/// The test files below paths, sorted; a file that is named itself may have any name.
fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    let mut out = Vec::new();
    for p in paths {
        if p.is_dir() {
            let before = out.len();
            below(p, &mut out, 0)?;
            if out.len() == before {
                return Err(format!("{}: the folder has no NAME.test.yaml", p.display()));
            }
        } else if p.is_file() {
            out.push(p.clone());
        } else {
            return Err(format!("{}: there is no such file or folder", p.display()));
        }
    }
    Ok(out)
}

fn below(dir: &Path, out: &mut Vec<PathBuf>, depth: usize) -> Result<(), String> {
    let entries = std::fs::read_dir(dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    paths.sort();
    for p in paths {
        let name = p.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        if p.is_dir() && depth < 16 && !name.starts_with('.') {
            below(&p, out, depth + 1)?;
        } else if name.ends_with(".test.yaml") || name.ends_with(".test.yml") {
            out.push(p);
        }
    }
    Ok(())
}

/// The times of change of all files beside the tests and below the folders that are named.
fn stamps(args: &TestArgs) -> BTreeMap<PathBuf, SystemTime> {
    let mut out = BTreeMap::new();
    for p in args
        .paths
        .iter()
        .chain(&args.functions)
        .chain(&args.watchlists)
    {
        let dir = if p.is_dir() {
            p.clone()
        } else {
            p.parent().map(Path::to_owned).unwrap_or_default()
        };
        let dir = if dir.as_os_str().is_empty() {
            PathBuf::from(".")
        } else {
            dir
        };
        changed(&dir, &mut out, 0);
    }
    out
}

fn changed(dir: &Path, out: &mut BTreeMap<PathBuf, SystemTime>, depth: usize) {
    // What cannot be looked at does not change.
    let Ok(entries) = std::fs::read_dir(dir) else {
        return;
    };
    for e in entries.filter_map(Result::ok) {
        let hidden = e.file_name().to_string_lossy().starts_with('.');
        let Ok(meta) = e.metadata() else {
            continue;
        };
        if meta.is_dir() && depth < 8 && !hidden && e.file_name() != "target" {
            changed(&e.path(), out, depth + 1);
        } else if let (true, Ok(time)) = (meta.is_file(), meta.modified()) {
            out.insert(e.path(), time);
        }
    }
}

fn indented(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|l| format!("    {l}")).collect();
    lines.join("\n")
}

/// A test as it is shown.
fn line(r: &Report) -> String {
    let at = format!("{}:{}: {}", r.file, r.line, r.name);
    match &r.verdict {
        Verdict::Passed => format!("ok       {at}"),
        Verdict::Updated => format!("written  {at}"),
        Verdict::Skipped(why) => format!("skipped  {at} ({why})"),
        Verdict::Broken(why) => format!("BROKEN   {at}\n{}", indented(why.trim_end())),
        Verdict::Failed(found) => {
            let shown: Vec<String> = found.iter().map(|f| indented(f)).collect();
            format!("FAILED   {at}\n{}", shown.join("\n"))
        }
    }
}

fn summary(t: Totals) -> String {
    let mut parts = vec![
        format!("{} passed", t.passed),
        format!("{} failed", t.failed),
    ];
    for (n, what) in [
        (t.broken, "broken"),
        (t.skipped, "skipped"),
        (t.updated, "written"),
    ] {
        if n > 0 {
            parts.push(format!("{n} {what}"));
        }
    }
    parts.join(", ")
}

fn coverage(c: &Coverage) -> String {
    let mut out = format!("coverage of {}: {} of {} tried", c.query, c.tried, c.all);
    for (line, gap) in &c.gaps {
        out.push_str(&format!("\n  line {line}: {gap}"));
    }
    for (line, text) in &c.unasked {
        out.push_str(&format!(
            "\n  line {line}: `{text}` cannot be looked at alone"
        ));
    }
    out
}
