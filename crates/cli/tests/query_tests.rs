//! `kql test` as a program.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

fn kql(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kql"))
        .current_dir(folder)
        .args(args)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const QUERY: &str = "let Failed = SecurityEvent\n| where EventID == 4625 and isnotempty(Account);\nFailed\n| extend Kind = iff(LogonType == 3, 'network', 'other')\n| summarize Failures = count() by Account, Kind\n";

const TESTS: &str = r"# Kept.
tables:
  SecurityEvent: |
    TimeGenerated,        EventID, Account, LogonType
    2024-07-01T10:00:00Z, 4625,    bob,     3
    2024-07-01T10:00:05Z, 4625,    bob,     3
    2024-07-01T10:00:10Z, 4624,    eve,     3
tests:
  - name: right
    expect:
      rows: |
        Account, Failures
        bob,     2
  - name: wrong
    expect:
      rows: |
        Account, Failures
        bob,     3
        eve,     1
  # Kept too.
  - name: silent
    tables: {SecurityEvent: []}
    expect: silent
  - name: elsewhere
    needs: no/such/folder
    expect: silent
";

fn folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.kql"), QUERY).unwrap();
    std::fs::write(dir.path().join("a.test.yaml"), TESTS).unwrap();
    dir
}

#[test]
fn a_difference_is_shown_and_written() {
    let dir = folder();
    let out = kql(dir.path(), &["test", "a.test.yaml", "--jobs", "2"]);
    assert_eq!(out.status.code(), Some(1));
    let shown = text(&out.stdout);
    for part in [
        "ok       a.test.yaml:9: right",
        "FAILED   a.test.yaml:14: wrong",
        "~ bob      3 -> 2",
        "- eve      1",
        "skipped  a.test.yaml:24: elsewhere (there is no no/such/folder)",
        "2 passed, 1 failed, 1 skipped",
    ] {
        assert!(shown.contains(part), "{part} in\n{shown}");
    }
    let out = kql(dir.path(), &["test", ".", "--update"]);
    assert_eq!(out.status.code(), Some(0));
    let new = std::fs::read_to_string(dir.path().join("a.test.yaml")).unwrap();
    let wanted = TESTS.replace(
        "        Account, Failures\n        bob,     3\n        eve,     1\n",
        "        Account, Failures:long\n        bob,     2\n",
    );
    assert_eq!(new, wanted);
    assert_eq!(kql(dir.path(), &["test", "."]).status.code(), Some(0));
}

#[test]
fn what_no_test_tries_is_said() {
    let dir = folder();
    let out = kql(
        dir.path(),
        &["test", ".", "--coverage", "--filter", "right"],
    );
    assert_eq!(out.status.code(), Some(0));
    let shown = text(&out.stdout);
    for part in [
        "line 2: and: condition `isnotempty(Account)` is false for no row",
        "line 4: branch `'other'` is taken for no row",
    ] {
        assert!(shown.contains(part), "{part} in\n{shown}");
    }
    assert!(!shown.contains("EventID"), "{shown}");
}

#[test]
fn reports_for_other_programs() {
    let dir = folder();
    let args = [
        "test",
        ".",
        "--report",
        "junit",
        "--report",
        "sarif=s.json",
        "--report",
        "json=r.json",
    ];
    let out = kql(dir.path(), &args);
    assert_eq!(out.status.code(), Some(1));
    let junit = text(&out.stdout);
    assert!(junit.starts_with("<?xml"), "{junit}");
    assert!(
        junit.contains("tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"1\""),
        "{junit}"
    );
    let json = |f: &str| {
        let text = std::fs::read_to_string(dir.path().join(f)).unwrap();
        serde_json::from_str::<serde_json::Value>(&text).unwrap()
    };
    let sarif = json("s.json");
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 1);
    assert_eq!(json("r.json")["passed"], 2);
}

#[test]
fn faults_of_test_files_are_exit_code_2() {
    let dir = folder();
    let code = |args: &[&str]| kql(dir.path(), args).status.code();
    std::fs::write(dir.path().join("b.test.yaml"), "query: T\nexpct: silent\n").unwrap();
    assert_eq!(code(&["test", "b.test.yaml"]), Some(2));
    assert_eq!(code(&["test", "none"]), Some(2));
    assert_eq!(code(&["test", ".", "--report", "html"]), Some(2));
    // A test that cannot run is a test that fails.
    std::fs::write(
        dir.path().join("b.test.yaml"),
        "query: b.kql\nexpect: silent\n",
    )
    .unwrap();
    assert_eq!(code(&["test", "b.test.yaml"]), Some(1));
}

#[test]
fn a_trace_shows_where_the_rows_go() {
    let dir = folder();
    std::fs::write(
        dir.path().join("SecurityEvent.csv"),
        "TimeGenerated,EventID,Account,LogonType\n2024-07-01,4624,bob,3\n",
    )
    .unwrap();
    let out = kql(
        dir.path(),
        &["run", "a.kql", "--data", "SecurityEvent.csv", "--trace"],
    );
    let shown = text(&out.stderr);
    assert!(
        shown.contains("0  2:  <- no rows from here on  | where EventID == 4625"),
        "{shown}"
    );
}
