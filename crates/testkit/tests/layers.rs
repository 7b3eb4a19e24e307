//! Who may depend on whom: read from the manifests, so that a new arrow needs a change here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::Path;

/// Crate, and the crates of the workspace that it may name.
const MAY: &[(&str, &[&str])] = &[
    ("diag", &[]),
    ("types", &["diag"]),
    ("syntax", &["diag", "types"]),
    ("bind", &["diag", "syntax", "types"]),
    ("functions", &["types"]),
    ("plan", &["diag", "types", "bind", "functions"]),
    ("sources", &["diag", "types", "functions"]),
    ("content", &["diag", "types"]),
    ("render", &["types", "functions"]),
    (
        "engine",
        &[
            "diag",
            "syntax",
            "types",
            "bind",
            "functions",
            "plan",
            "sources",
        ],
    ),
    (
        "testkit",
        &["diag", "types", "functions", "sources", "render", "engine"],
    ),
    (
        "cli",
        &[
            "diag",
            "syntax",
            "types",
            "bind",
            "functions",
            "sources",
            "content",
            "engine",
            "detect",
            "render",
        ],
    ),
    (
        "detect",
        &[
            "diag", "syntax", "types", "sources", "content", "engine", "render",
        ],
    ),
];

/// Crates that must stay quick to build.
const WITHOUT_ENGINE: [&str; 4] = ["diag", "types", "syntax", "bind"];

fn dependencies(manifest: &str) -> Vec<String> {
    let mut inside = false;
    let mut out = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.trim() == "[dependencies]";
        } else if inside && let Some((name, _)) = line.split_once(['.', ' ', '=']) {
            out.push(name.trim().to_owned());
        }
    }
    out
}

#[test]
fn crates_depend_only_on_what_the_layers_allow() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned();
    let may: BTreeMap<&str, &[&str]> = MAY.iter().copied().collect();
    let mut seen = 0;
    for entry in std::fs::read_dir(&crates).unwrap() {
        let folder = entry.unwrap().path();
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let Ok(manifest) = std::fs::read_to_string(folder.join("Cargo.toml")) else {
            continue;
        };
        let allowed = may
            .get(name.as_str())
            .unwrap_or_else(|| panic!("crate `{name}` has no layer"));
        for d in dependencies(&manifest) {
            if let Some(own) = d.strip_prefix("kql-") {
                assert!(
                    allowed.contains(&own),
                    "`{name}` must not depend on `{own}`"
                );
            }
            let heavy =
                d.starts_with("arrow") || d.starts_with("datafusion") || d.starts_with("parquet");
            assert!(
                !(heavy && WITHOUT_ENGINE.contains(&name.as_str())),
                "`{name}` must not depend on `{d}`"
            );
        }
        seen += 1;
    }
    assert_eq!(seen, MAY.len());
}
