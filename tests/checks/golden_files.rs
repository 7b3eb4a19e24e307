//! `tests/golden/**/*.kqlt`: each file as one test, and once more in every way of running.

use kql_testkit::kqlt::{self, Case, SOURCES};
use kql_testkit::layout::{bless, files, root};
use kql_testkit::run::{Outcome, PLAIN, Setting, other_ways, run};
use libtest_mimic::{Failed, Trial};
use std::fmt::Write;
use std::path::{Path, PathBuf};

pub fn folder() -> PathBuf {
    root().join("tests/golden")
}

/// A test's name for a golden file: `op/join`.
fn name(path: &Path) -> String {
    let short = path
        .strip_prefix(folder())
        .unwrap_or(path)
        .with_extension("");
    short.to_string_lossy().replace('\\', "/")
}

pub fn trials() -> Vec<Trial> {
    let mut out = Vec::new();
    for path in files(&folder(), "kqlt") {
        let n = name(&path);
        let p = path.clone();
        out.push(Trial::test(n.clone(), move || expectations(&p)));
        out.push(Trial::test(format!("ways/{n}"), move || ways(&path)));
    }
    out
}

/// What a case gives, in the way of golden files.
fn give(case: &Case) -> Outcome {
    run(&Setting::of(case).session(PLAIN), &case.query)
}

fn expectations(path: &Path) -> Result<(), Failed> {
    let text = std::fs::read_to_string(path)?;
    let mut file = kqlt::parse(&text);
    let mut failed = String::new();
    for case in &mut file.cases {
        let place = format!("{}:{}: {}", name(path), case.line, case.title);
        for s in case.all("source") {
            if !SOURCES.contains(&s) {
                let _ = writeln!(failed, "{place}\n  unknown source={s}");
            }
        }
        if case.setting("source").is_none() {
            let _ = writeln!(failed, "{place}\n  says no source=");
        }
        let outcome = give(case);
        let got = outcome.lines(case.any_order());
        let mut want = case.expected.clone();
        if case.any_order() && want.len() > 1 && !want.iter().any(|l| l.starts_with("== ")) {
            want[1..].sort();
        }
        if got != want {
            let _ = writeln!(
                failed,
                "{place}\n{}\n  expected:\n    {}\n  got:\n    {}\n{}",
                case.query,
                want.join("\n    "),
                got.join("\n    "),
                outcome.messages()
            );
            case.expected = got;
        }
    }
    if !bless().is_empty() {
        let new = kqlt::write(&file);
        if new != text {
            std::fs::write(path, new)?;
        }
        return Ok(());
    }
    if failed.is_empty() {
        Ok(())
    } else {
        Err(failed.into())
    }
}

/// Every way of running gives the rows of the plain way.
fn ways(path: &Path) -> Result<(), Failed> {
    let file = kqlt::parse(&std::fs::read_to_string(path)?);
    let mut failed = String::new();
    for case in &file.cases {
        if case.setting("ways") == Some("one") {
            continue;
        }
        let setting = Setting::of(case);
        let session = setting.session(PLAIN);
        let prepared = session.prepare(&case.query, "query");
        if prepared.error().is_some() {
            continue;
        }
        let want = kql_testkit::run::run_prepared(&session, prepared).lines(case.any_order());
        for way in other_ways() {
            let session = setting.session(way);
            let outcome = run(&session, &case.query);
            let got = outcome.lines(case.any_order());
            if got != want {
                let _ = writeln!(
                    failed,
                    "{}:{}: {}\n{}\n  {way:?} gives\n    {}\n  not\n    {}\n{}",
                    name(path),
                    case.line,
                    case.title,
                    case.query,
                    got.join("\n    "),
                    want.join("\n    "),
                    outcome.messages()
                );
            }
        }
    }
    if failed.is_empty() {
        Ok(())
    } else {
        Err(failed.into())
    }
}
