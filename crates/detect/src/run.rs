//! Runs the tests of files, several at a time.

use crate::check::check;
use crate::coverage::{self, Covered};
use crate::outcome::{self, Outcome};
use crate::setup::{self, Not, Ready, Shared};
use crate::suite::{Case, Suite};
use crate::update;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// What is asked of a run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// Whether expectations that are not met are written anew.
    pub update: bool,
    /// Whether the steps of the queries are looked at.
    pub coverage: bool,
    /// Tests at a time.
    pub jobs: usize,
}

/// What came of one test.
#[derive(Debug, Clone)]
pub struct Report {
    /// The test file.
    pub file: String,
    /// The test's name.
    pub name: String,
    /// Where it begins.
    pub line: usize,
    /// Passed, failed, ...
    pub verdict: Verdict,
    /// How long it took.
    pub time: Duration,
    /// What its query's steps did, where that was asked for.
    pub covered: Option<Covered>,
    /// The expectation as it should be written; line and column of the place, and whether one is written there.
    pub(crate) rewrite: Option<update::Rewrite>,
}

impl Report {
    /// Whether there is a new expectation for it.
    pub fn can_be_written(&self) -> bool {
        self.rewrite.is_some()
    }
}

/// How a test ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// All is as expected.
    Passed,
    /// What is not as expected.
    Failed(Vec<String>),
    /// It cannot run: the test, its query file or its rows are at fault.
    Broken(String),
    /// It did not run, and why.
    Skipped(String),
    /// Its expectation was written anew.
    Updated,
}

/// Runs all tests; `each` hears of them in order.
pub fn run(
    suites: &[Suite],
    shared: &Shared,
    wanted: Wanted,
    each: &mut dyn FnMut(&Report),
) -> Vec<Report> {
    let all: Vec<(&Suite, &Case)> = suites
        .iter()
        .flat_map(|s| s.cases.iter().map(move |c| (s, c)))
        .collect();
    let next = AtomicUsize::new(0);
    let (tx, rx) = mpsc::channel();
    let mut out = Vec::with_capacity(all.len());
    std::thread::scope(|scope| {
        for _ in 0..wanted.jobs.clamp(1, all.len().max(1)) {
            let (tx, next, all) = (tx.clone(), &next, &all);
            scope.spawn(move || {
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    let Some((suite, case)) = all.get(i) else {
                        return;
                    };
                    // Nobody listens when the run is over.
                    if tx.send((i, one(suite, case, shared, wanted))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(tx);
        let mut waiting: BTreeMap<usize, Report> = BTreeMap::new();
        for (i, report) in rx {
            waiting.insert(i, report);
            while let Some(report) = waiting.remove(&out.len()) {
                each(&report);
                out.push(report);
            }
        }
    });
    out
}

fn one(suite: &Suite, case: &Case, shared: &Shared, wanted: Wanted) -> Report {
    let started = Instant::now();
    let mut report = Report {
        file: suite.path.display().to_string(),
        name: case.name.clone(),
        line: case.line,
        verdict: Verdict::Passed,
        time: Duration::ZERO,
        covered: None,
        rewrite: None,
    };
    match setup::ready(&suite.path, case, shared) {
        Err(Not::Skipped(why)) => report.verdict = Verdict::Skipped(why),
        Err(Not::Broken(why)) => report.verdict = Verdict::Broken(why),
        Ok(ready) => judge(suite, case, &ready, wanted, &mut report),
    }
    report.time = started.elapsed();
    report
}

fn judge(suite: &Suite, case: &Case, ready: &Ready, wanted: Wanted, report: &mut Report) {
    let source = ready.source.clone();
    let prepared = ready.session.prepare_source(source.clone());
    let mut notes: Vec<String> = Vec::new();
    for (name, _) in &case.setup.tables {
        if !prepared.tables.contains(name) {
            let names = prepared.tables.iter().map(String::as_str);
            if let Some(near) = kql_diag::did_you_mean(name, names) {
                notes.push(format!(
                    "note: no query reads table `{name}` (`{near}` is read)"
                ));
            }
        }
    }
    let outcome = outcome::run(&ready.session, prepared);
    let hide = |text: String| text.replace(&format!("{}/", ready.folder), "");
    let rule = ready.rule.as_ref();
    match check(
        &case.expect,
        &outcome,
        rule,
        &suite.path,
        ready.session.now(),
    ) {
        Err(e) if case.expect.is_empty() && wanted.update => drop(e),
        Err(e) => report.verdict = Verdict::Broken(hide(e)),
        Ok(found) if found.is_empty() => {}
        Ok(mut found) => {
            found.extend(notes);
            report.verdict = Verdict::Failed(found.into_iter().map(hide).collect());
        }
    }
    let open = case.expect.is_empty() || matches!(report.verdict, Verdict::Failed(_));
    if wanted.update && open {
        report.rewrite = update::rewrite(case, &outcome, rule);
    }
    if wanted.coverage && matches!(outcome, Outcome::Rows(_)) {
        report.covered = Some(coverage::look(&ready.session, &source));
    }
}
