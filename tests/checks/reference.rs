//! `docs/functions.md`: what there is, from what functions say of themselves, and for every name of the language whether it
//! is supported. Names stand in `tests/reference/names.txt`; the binder itself is asked for the state of each.

use kql_diag::codes::{self, Code};
use kql_engine::Session;
use kql_functions::{catalog, reference};
use kql_testkit::layout::{bless, root};
use kql_testkit::run::{PLAIN, Setting};
use libtest_mimic::{Failed, Trial};
use std::collections::BTreeMap;
use std::fmt::Write;

pub fn trials() -> Vec<Trial> {
    vec![Trial::test("reference/page", page)]
}

/// Lines of `tests/reference/FILE`, in two parts.
fn table(file: &str) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(root().join("tests/reference").join(file)).unwrap();
    text.lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split_once('\t'))
        .map(|(a, b)| (a.to_owned(), b.to_owned()))
        .collect()
}

/// Whether the binder has the name, whatever it says of the missing arguments.
fn binds(session: &Session, kind: &str, name: &str, operators: &BTreeMap<String, String>) -> bool {
    let has = |query: &str, wrong: &[Code]| {
        let prepared = session.prepare(query, "name");
        let mut errors = prepared.diagnostics.iter().filter(|d| d.is_error());
        !errors.any(|d| wrong.contains(&d.code))
    };
    // A name of several kinds has its kind in front.
    let query = operators.get(&format!("{kind} {name}"));
    if let Some(query) = query.or_else(|| operators.get(name)) {
        return has(query, &[codes::SYNTAX]) && has(query, &MISSING);
    }
    let call = match kind {
        "function" => "datatable(a:long)[] | serialize | extend b = ",
        "aggregate" => "datatable(a:long)[] | summarize ",
        "plugin" => "datatable(a:long)[] | evaluate ",
        _ => return catalog::find(name).is_some() && reference::refused(name).is_none(),
    };
    // A special function is known by its number of arguments only.
    ["", "a", "a, a", "a, a, a"]
        .iter()
        .any(|arguments| has(&format!("{call}{name}({arguments})"), &MISSING))
}

/// What says that a name is not there.
const MISSING: [Code; 5] = [
    codes::UNKNOWN_FUNCTION,
    codes::UNKNOWN_OPERATOR,
    codes::UNKNOWN_TABLE,
    codes::NOT_SUPPORTED,
    codes::NEEDS_SERVICE,
];

fn page() -> Result<(), Failed> {
    let names = table("names.txt");
    let reasons: BTreeMap<String, String> = table("reasons.txt").into_iter().collect();
    let operators: BTreeMap<String, String> = table("operators.txt").into_iter().collect();
    let setting = Setting {
        data: vec![root().join("samples")],
        ..Setting::default()
    };
    let session = setting.session(PLAIN);
    let mut out = "# Functions and operators\n\n\
        Written from what each function says of itself (`BLESS=1 cargo test --test golden reference`); \
        every example runs as a test.\n`kql functions NAME` prints the same text.\n\n\
        ## What there is\n\n| kind | names | supported |\n|---|---|---|\n"
        .to_owned();
    let mut missing = String::new();
    let kinds = [
        "operator",
        "scalar operator",
        "function",
        "aggregate",
        "plugin",
    ];
    for kind in kinds {
        let of: Vec<&str> = names
            .iter()
            .filter(|(k, _)| k == kind)
            .map(|(_, n)| n.as_str())
            .collect();
        let (have, not): (Vec<&str>, Vec<&str>) = of.iter().partition(|n| {
            binds(&session, kind, n, &operators) && reference::unanswered(n).is_none()
        });
        let _ = writeln!(out, "| {kind} | {} | {} |", of.len(), have.len());
        if !not.is_empty() {
            let _ = writeln!(
                missing,
                "\n### {kind}: not supported\n\n| name | reason |\n|---|---|"
            );
        }
        for n in not {
            let why = reference::refused(n)
                .or_else(|| reference::unanswered(n))
                .map(str::to_owned)
                .or_else(|| reasons.get(n).cloned())
                .unwrap_or_else(|| "not made yet".to_owned());
            let _ = writeln!(missing, "| `{}` | {why} |", n.replace('|', "\\|"));
        }
        if kind == "operator" || kind == "plugin" {
            let _ = writeln!(missing, "\n### {kind}: supported\n");
            let have: Vec<String> = have.iter().map(|n| format!("`{n}`")).collect();
            let text = if have.is_empty() {
                "none".to_owned()
            } else {
                have.join(", ")
            };
            let _ = writeln!(missing, "{text}");
        }
        if kind == "plugin" {
            missing.push_str("\n### operator, plugin: what the pages leave open\n\n");
            for (name, note) in table("open.txt") {
                let _ = writeln!(missing, "- `{name}`: {note}");
            }
        }
    }
    out.push_str(&missing);
    let mut entries = |title: &str, names: Vec<&'static str>| {
        let _ = writeln!(out, "\n## {title}");
        for n in names {
            let text = reference::entry(n).unwrap_or_default();
            let _ = writeln!(out, "\n### `{n}`\n\n```text\n{text}```");
        }
    };
    for (family, specs) in catalog::families() {
        if !specs.is_empty() {
            entries(family, specs.iter().map(|s| s.name).collect());
        }
    }
    entries(
        "aggregates",
        catalog::aggregates().map(|a| a.name).collect(),
    );
    let _ = writeln!(
        out,
        "\n## helpers of ASIM\n\nStored functions that every workspace of Sentinel has."
    );
    for b in kql_engine::builtin::all() {
        let text = kql_engine::builtin::entry(b.name).unwrap_or_default();
        let _ = writeln!(out, "\n### `{}`\n\n```text\n{text}```", b.name);
    }

    let path = root().join("docs/functions.md");
    if std::fs::read_to_string(&path).unwrap_or_default() == out {
        return Ok(());
    }
    if bless().is_empty() {
        return Err(
            "docs/functions.md is stale: BLESS=1 cargo test --test golden reference".into(),
        );
    }
    std::fs::create_dir_all(root().join("docs"))?;
    std::fs::write(path, out)?;
    Ok(())
}
