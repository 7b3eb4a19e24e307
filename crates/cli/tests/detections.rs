//! The tests of published rules: those of tests/detections, which say themselves what they need.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::Command;

#[test]
fn published_rules_find_what_is_planted() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let out = Command::new(env!("CARGO_BIN_EXE_kql"))
        .current_dir(root)
        .args(["test", "tests/detections"])
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&out.stdout);
    // What is skipped is said.
    eprintln!("{shown}");
    assert_eq!(out.status.code(), Some(0), "{shown}");
}
