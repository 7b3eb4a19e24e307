//! Real published queries: how many parse, bind, and have the columns that the official binder gives them. Floors that
//! may only grow stand in `tests/conformance/hunting.floors`.

use crate::conformance::{list, parallel, path};
use kql_testkit::compare::check_columns;
use kql_testkit::json::Json;
use kql_testkit::layout::{bless, shared};
use kql_testkit::run::{PLAIN, Setting};
use libtest_mimic::{Failed, Trial};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

pub fn trials() -> Vec<Trial> {
    let there = shared().is_some_and(|s| s.join("corpus/hunting.jsonl").exists());
    let name = if there {
        "conformance/hunting"
    } else {
        "conformance/hunting (no folder ../shared with the corpus)"
    };
    vec![Trial::test(name, check).with_ignored_flag(!there)]
}

/// What holds for one query.
#[derive(Default)]
struct Holds {
    parses: bool,
    binds: bool,
    columns: bool,
    /// Whether the official binder binds it, so that there are columns to compare.
    official: bool,
    detail: String,
}

fn look(record: &Json) -> Holds {
    let query = record.get("query").and_then(Json::str).unwrap_or_default();
    let setting = Setting {
        empty_tables: true,
        ..Setting::default()
    };
    let session = setting.session(PLAIN);
    let prepared = session.prepare(query, "query");
    let errors: Vec<_> = prepared
        .diagnostics
        .iter()
        .filter(|d| d.is_error())
        .collect();
    let official = record.get("official");
    let clean = official.and_then(|o| o.get("binds")?.str()) == Some("clean");
    let mut out = Holds {
        parses: !errors.iter().any(|d| d.code.0 < 200),
        binds: errors.is_empty(),
        official: clean,
        ..Holds::default()
    };
    if let Some(d) = errors.first() {
        out.detail = format!("{}: {}", d.code, d.message);
    } else if let Some(want) = official.and_then(|o| o.field("columns"))
        && clean
    {
        let ours: Vec<_> = prepared
            .columns()
            .unwrap_or_default()
            .into_iter()
            .map(|c| (c.name, c.ty))
            .collect();
        let (names, types) = check_columns(&ours, want);
        out.columns = names.is_none() && types.is_none();
        out.detail = names.or(types).unwrap_or_default();
    } else {
        out.columns = clean;
    }
    out
}

fn check() -> Result<(), Failed> {
    let Some(shared) = shared() else {
        return Ok(());
    };
    let records: Vec<Json> = std::fs::read_to_string(shared.join("corpus/hunting.jsonl"))?
        .lines()
        .map(|l| Json::parse(l).expect("a line of JSON"))
        .collect();
    let all = parallel(&records, |r| {
        std::panic::catch_unwind(|| look(r)).unwrap_or_default()
    });
    let count = |f: &dyn Fn(&Holds) -> bool| all.iter().filter(|h| f(h)).count();
    let got = BTreeMap::from([
        ("parses".to_owned(), count(&|h| h.parses)),
        ("binds".to_owned(), count(&|h| h.binds)),
        ("binds_clean".to_owned(), count(&|h| h.official && h.binds)),
        ("columns".to_owned(), count(&|h| h.columns)),
    ]);
    let clean = count(&|h| h.official);
    println!(
        "hunting: {} queries; the official binder binds {clean}; ours: {got:?}",
        all.len()
    );
    let mut report = String::new();
    for (r, h) in records.iter().zip(&all) {
        if !h.binds || (h.official && !h.columns) {
            let id = r.get("id").and_then(Json::str).unwrap_or_default();
            let _ = writeln!(report, "{id} official={} {}", h.official, h.detail);
        }
    }
    std::fs::write(
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("hunting.txt"),
        report,
    )?;
    let floors: BTreeMap<String, usize> = list("hunting.floors")
        .iter()
        .filter_map(|l| l.split_once(' '))
        .filter_map(|(n, v)| Some((n.to_owned(), v.parse().ok()?)))
        .collect();
    if !bless().is_empty() {
        let mut text = format!(
            "# Of {} published queries ({clean} of which the official binder binds) at least so many hold. May only grow (BLESS=1).\n",
            all.len()
        );
        for (n, v) in &got {
            let least = floors.get(n).copied().filter(|_| bless() != "force");
            let _ = writeln!(text, "{n} {}", least.unwrap_or(0).max(*v));
        }
        std::fs::write(path("hunting.floors"), text)?;
        return Ok(());
    }
    let below: Vec<String> = floors
        .iter()
        .filter(|(n, v)| got.get(*n).is_some_and(|g| g < v))
        .map(|(n, v)| format!("{n}: {} is below {v}", got[n]))
        .collect();
    if below.is_empty() {
        Ok(())
    } else {
        Err(below.join("\n").into())
    }
}
