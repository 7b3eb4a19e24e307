//! The `mod.rs` of each family is written from the files of its folder: `BLESS=1 cargo test -p kql-functions --test generated`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write;
use std::path::Path;

fn module(folder: &Path) -> String {
    let family = folder.file_name().unwrap().to_str().unwrap().to_owned();
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter_map(|f| f.strip_suffix(".rs").map(str::to_owned))
        .filter(|f| f != "mod")
        .collect();
    files.sort();
    let mut out = format!("//! The family `{family}`. Written by `tests/generated.rs`.\n\n");
    let mut all = Vec::new();
    let mut aggregates = Vec::new();
    for f in &files {
        let _ = writeln!(out, "pub mod {f};");
        let text = std::fs::read_to_string(folder.join(format!("{f}.rs"))).unwrap();
        for line in text.lines() {
            if let Some(rest) = line.strip_prefix("pub const ")
                && let Some((name, kind)) = rest.split_once(": ")
            {
                if kind.starts_with("FunctionSpec") {
                    all.push(format!("    &{f}::{name},\n"));
                } else if kind.starts_with("AggregateSpec") {
                    aggregates.push(format!("    &{f}::{name},\n"));
                }
            }
        }
    }
    let list = |name: &str, what: &str, kind: &str, items: &[String]| {
        let body = if items.is_empty() {
            "&[];\n".to_owned()
        } else {
            format!("&[\n{}];\n", items.concat())
        };
        format!(
            "\n/// {what} of this family.\n#[rustfmt::skip]\npub const {name}: &[&crate::spec::{kind}] = {body}"
        )
    };
    if family == "aggregates" {
        out += &list("AGGREGATES", "The aggregates", "AggregateSpec", &aggregates);
    } else {
        out += &list("ALL", "The functions", "FunctionSpec", &all);
    }
    out
}

#[test]
fn each_family_lists_its_files() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut stale = Vec::new();
    for entry in std::fs::read_dir(&src).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        let want = module(&folder);
        let path = folder.join("mod.rs");
        // rustfmt takes out the second of two empty lines, which a family without files has.
        let same = |a: &str, b: &str| a.replace("\n\n\n", "\n\n") == b.replace("\n\n\n", "\n\n");
        if !same(&std::fs::read_to_string(&path).unwrap_or_default(), &want) {
            if std::env::var_os("BLESS").is_some() {
                std::fs::write(&path, want).unwrap();
            } else {
                stale.push(path);
            }
        }
    }
    assert!(
        stale.is_empty(),
        "stale, write them with BLESS=1: {stale:?}"
    );
}
