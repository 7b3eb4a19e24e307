//! The suites of printed and of recorded answers beside the repository. What passes stands in
//! `tests/conformance/SUITE.pass`, which may only grow: `BLESS=1` adds, `BLESS=force` also takes out. Wrong answers that
//! stay have their reason in `tests/conformance/reasons.txt`.

use kql_testkit::compare::{Actual, Verdict, compare};
use kql_testkit::json::Json;
use kql_testkit::layout::{bless, root, shared};
use kql_testkit::run::{Outcome, Setting, Way, other_ways, run};
use libtest_mimic::{Failed, Trial};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

pub fn trials() -> Vec<Trial> {
    let there = shared().is_some();
    let name = |what: &str| {
        if there {
            format!("conformance/{what}")
        } else {
            format!("conformance/{what} (no folder ../shared with the suites)")
        }
    };
    let mut trials = Vec::new();
    for suite in ["docs", "peers"] {
        trials.push(Trial::test(name(suite), move || check(suite)).with_ignored_flag(!there));
        for way in other_ways() {
            let name = name(&format!("ways/{suite}/{way}"));
            // Minutes each: `cargo test --test golden -- --ignored conformance/ways`.
            trials.push(Trial::test(name, move || same(suite, way)).with_ignored_flag(true));
        }
    }
    trials
}

/// The lines of a list under `tests/conformance`, without comments.
pub fn list(file: &str) -> Vec<String> {
    let text = std::fs::read_to_string(path(file)).unwrap_or_default();
    text.lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

pub fn path(file: &str) -> PathBuf {
    root().join("tests/conformance").join(file)
}

/// Works on all items with every processor; results come in order.
pub fn parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let out = Mutex::new(BTreeMap::new());
    std::thread::scope(|s| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            s.spawn(|| {
                while let Some((i, item)) = {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    items.get(i).map(|item| (i, item))
                } {
                    let r = work(item);
                    out.lock().unwrap().insert(i, r);
                }
            });
        }
    });
    out.into_inner().unwrap().into_values().collect()
}

fn text<'c>(case: &'c Json, name: &str) -> &'c str {
    case.get(name).and_then(Json::str).unwrap_or_default()
}

/// The way of the suites.
const USUAL: Way = Way {
    threads: 2,
    batch_size: 8192,
    optimise: true,
};

fn verdict(case: &Json, setting: &Setting, way: Way) -> Verdict {
    let session = setting.session(way);
    let outcome = run(&session, text(case, "query"));
    match (case.flag("expect_error"), outcome) {
        (true, Outcome::Errors(..)) => Verdict::Pass,
        (true, Outcome::Tables(_)) => Verdict::Wrong(format!(
            "the query has to fail: {}",
            text(case, "expect_error")
        )),
        (false, o @ Outcome::Errors(..)) => Verdict::Error(o.messages()),
        (false, Outcome::Tables(tables)) => {
            let tables = tables
                .iter()
                .map(|t| Actual {
                    columns: t.columns.iter().map(|c| (c.name.clone(), c.ty)).collect(),
                    rows: t.json_rows(),
                })
                .collect();
            compare(case, tables)
        }
    }
}

/// The cases of a suite that count, as far as `KQL_CASE` does not choose among them.
fn cases(suite: &str) -> Result<Vec<Json>, Failed> {
    let Some(shared) = shared() else {
        return Ok(Vec::new());
    };
    let chosen = std::env::var("KQL_CASE").ok();
    Ok(
        std::fs::read_to_string(shared.join(format!("conformance/{suite}.jsonl")))?
            .lines()
            .filter(|l| !l.trim().is_empty())
            .map(|l| Json::parse(l).expect("a line of JSON"))
            .filter(|c| !c.flag("doubtful") && !c.flag("official_rejects"))
            .filter(|c| {
                chosen
                    .as_ref()
                    .is_none_or(|part| text(c, "id").contains(part))
            })
            .collect(),
    )
}

fn verdicts(cases: &[Json], way: Way) -> Vec<Verdict> {
    let setting = Setting {
        data: shared().map(|s| s.join("fixtures")).into_iter().collect(),
        ..Setting::default()
    };
    parallel(cases, |case| {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            verdict(case, &setting, way)
        }))
        .unwrap_or_else(|_| Verdict::Error("panicked".to_owned()))
    })
}

/// What passes in the usual way passes in this one.
fn same(suite: &str, way: Way) -> Result<(), Failed> {
    let known: BTreeSet<String> = list(&format!("{suite}.pass")).into_iter().collect();
    let mut cases = cases(suite)?;
    cases.retain(|c| known.contains(text(c, "id")));
    let mut failed = String::new();
    for (case, v) in cases.iter().zip(verdicts(&cases, way)) {
        if let Verdict::Wrong(d) | Verdict::Error(d) = v {
            let _ = writeln!(
                failed,
                "{}: {}",
                text(case, "id"),
                d.trim().replace('\n', " | ")
            );
        }
    }
    if failed.is_empty() {
        println!("{suite}, {way}: {} cases", cases.len());
        Ok(())
    } else {
        Err(failed.into())
    }
}

fn check(suite: &str) -> Result<(), Failed> {
    let cases = cases(suite)?;
    let verdicts = verdicts(&cases, USUAL);

    let known: BTreeSet<String> = list(&format!("{suite}.pass")).into_iter().collect();
    let reasons = list("reasons.txt");
    let mut passing = BTreeSet::new();
    let mut report = String::new();
    let (mut lost, mut without) = (String::new(), String::new());
    let mut counts = [0usize; 3];
    for (case, v) in cases.iter().zip(&verdicts) {
        let id = text(case, "id");
        let line =
            |what: &str, d: &str| format!("{what} {id}: {}\n", d.trim().replace('\n', " | "));
        let (what, detail) = match v {
            Verdict::Pass => {
                counts[0] += 1;
                passing.insert(id.to_owned());
                continue;
            }
            Verdict::Wrong(d) => {
                counts[1] += 1;
                if !reasons
                    .iter()
                    .any(|r| r.split_once(": ").is_some_and(|(i, _)| i == id))
                {
                    without.push_str(&line("wrong", d));
                }
                ("wrong", d)
            }
            Verdict::Error(d) => {
                counts[2] += 1;
                ("error", d)
            }
        };
        report.push_str(&line(what, detail));
        if known.contains(id) {
            lost.push_str(&line(what, detail));
        }
    }
    let summary = format!(
        "{suite}: pass {} of {} (wrong {}, error {})",
        counts[0],
        cases.len(),
        counts[1],
        counts[2]
    );
    println!("{summary}");
    let out = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("conformance-{suite}.txt"));
    std::fs::write(&out, format!("{report}{summary}\n"))?;

    match bless().as_str() {
        "" => {}
        how => {
            let mut all = if how == "force" {
                BTreeSet::new()
            } else {
                known.clone()
            };
            all.extend(passing.iter().cloned());
            let mut text = format!(
                "# Cases of the suite `{suite}` that pass. The list may only grow (BLESS=1).\n"
            );
            for id in all {
                let _ = writeln!(text, "{id}");
            }
            std::fs::write(path(&format!("{suite}.pass")), text)?;
        }
    }
    let new = passing.difference(&known).count();
    if new > 0 {
        println!("{suite}: {new} more pass than the list says; BLESS=1 adds them");
    }
    if bless() == "force" {
        return Ok(());
    }
    let mut failed = String::new();
    if !lost.is_empty() {
        let _ = writeln!(failed, "{summary}\nno longer pass:\n{lost}");
    }
    if !without.is_empty() {
        let _ = writeln!(
            failed,
            "{summary}\nwrong without a reason in reasons.txt:\n{without}"
        );
    }
    if failed.is_empty() {
        Ok(())
    } else {
        Err(failed.into())
    }
}
