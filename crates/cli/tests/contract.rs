//! What the command line promises: faults, their places and exit codes, stages, statistics, pipes.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output, Stdio};

fn kql(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kql"))
        .current_dir(folder)
        .args(args)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The file exists, is read, and the run fails with the exit code and these words, and gives no row.
#[track_caller]
fn fails(folder: &Path, args: &[&str], code: i32, words: &[&str]) {
    let out = kql(folder, args);
    let said = text(&out.stderr);
    assert_eq!(out.status.code(), Some(code), "{args:?}: {said}");
    assert!(!said.contains("panicked"), "{said}");
    assert!(out.stdout.is_empty(), "{args:?} gave rows");
    for w in words {
        assert!(said.contains(w), "{args:?}: `{w}` is not in: {said}");
    }
}

#[test]
fn faults_of_a_query_have_a_place_and_a_hint() {
    let dir = tempfile::tempdir().unwrap();
    let d = dir.path();
    let run = |q: &str, words: &[&str]| fails(d, &["run", "-q", q], 1, words);
    run("print 1 |", &["KQL0101", "1:9"]);
    run(
        "datatable(abc:long)[1] | project abd",
        &["KQL0201", "1:34", "`abc`"],
    );
    run("print strlne('a')", &["KQL0203", "1:7", "`strlen`"]);
    run("print strlen(1, 2)", &["KQL0301", "1:7"]);
    run("print startofday('x')", &["KQL0302", "1:18"]);
    run(
        "datatable(a:long)[1] | evaluate python(typeof(*), 'x')",
        &["KQL0401", "python"],
    );
    run(
        "SecurityEvent | count",
        &["KQL0208", "1:1", "--empty-tables"],
    );
    run("let x = 1;", &["KQL0105"]);
    run("", &["KQL0105"]);
}

#[test]
fn texts_that_are_too_much_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let d = dir.path();
    let write = |name: &str, text: &str| std::fs::write(d.join(name), text).unwrap();
    write(
        "deep.kql",
        &format!("print {}1{}", "(".repeat(10_000), ")".repeat(10_000)),
    );
    write("open.kql", &format!("print {}", "(".repeat(10_000)));
    write("large.kql", &format!("print '{}'", "a".repeat(5 << 20)));
    write("empty.kql", "");
    fails(d, &["run", "deep.kql"], 1, &["KQL0102", "deep.kql:1:"]);
    fails(d, &["run", "open.kql"], 1, &["KQL0102", "open.kql:1:"]);
    fails(d, &["run", "large.kql"], 1, &["KQL0103", "large.kql:1:1"]);
    fails(d, &["run", "empty.kql"], 1, &["KQL0105", "empty.kql:1:1"]);
    write(
        "long.kql",
        &format!("print x=1\n{}", "| where x == 1\n".repeat(10_000)),
    );
    let out = kql(d, &["run", "long.kql"]);
    assert_eq!(text(&out.stdout), "{\"x\":1}\n", "{}", text(&out.stderr));
}

#[test]
fn faults_of_files_have_a_name_and_a_line() {
    let dir = tempfile::tempdir().unwrap();
    let d = dir.path();
    let write = |name: &str, bytes: &[u8]| std::fs::write(d.join(name), bytes).unwrap();
    write("quote.csv", b"a,b\n1,2\n3,\"4\n5,6\n");
    write("ragged.csv", b"a,b\n1,2\n3,4,5\n");
    write("short.parquet", b"PAR1 and no more");
    write("none.csv", b"");
    write("none.parquet", b"");
    write("none.jsonl", b"");
    write("torn.jsonl", b"{\"a\":1}\n{\"a\":");
    let run = |file: &str, words: &[&str]| {
        let name = file.split('.').next().unwrap_or_default();
        fails(d, &["run", "-q", name, "--data", file], 2, words);
    };
    run("absent.csv", &["absent.csv"]);
    run("quote.csv", &["KQL0502", "quote.csv:5"]);
    run("ragged.csv", &["KQL0502", "ragged.csv:3", "--bad-rows"]);
    run("short.parquet", &["KQL0503", "short.parquet"]);
    run("none.csv", &["KQL0503", "none.csv"]);
    run("none.parquet", &["KQL0503", "none.parquet"]);
    run("none.jsonl", &["KQL0503", "none.jsonl"]);
    run("torn.jsonl", &["torn.jsonl"]);
    let missing = "externaldata(a:string)['https://h/a.zip/x.csv']";
    fails(d, &["run", "-q", missing], 2, &["https://h/a.zip"]);
}

#[test]
fn every_stage_is_shown_also_behind_what_is_computed_first() {
    let dir = tempfile::tempdir().unwrap();
    let query = "let most = toscalar(range x from 1 to 3 step 1 | summarize max(x)); range y from 1 to 5 step 1 | where y > most";
    for (stage, words) in [
        ("ast", "Pipe"),
        ("bound", "toscalar"),
        ("plan", "Filter: "),
        ("optimised", "-- computed first"),
        ("physical", "FilterExec: "),
        ("analyze", "output_rows=2"),
    ] {
        let out = kql(dir.path(), &["explain", "-q", query, "--emit", stage]);
        assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
        let shown = text(&out.stdout);
        assert!(
            stage == "bound" || shown.contains(words),
            "{stage}: {shown}"
        );
    }
}

#[test]
fn statistics_are_one_line_of_json() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("T.csv"), "a\n1\n2\n3\n").unwrap();
    let out = kql(
        dir.path(),
        &["run", "-q", "T | where a > 1", "--data", "T.csv", "--stats"],
    );
    assert_eq!(text(&out.stdout), "{\"a\":2}\n{\"a\":3}\n");
    let last: serde_json::Value =
        serde_json::from_str(text(&out.stderr).lines().last().unwrap()).unwrap();
    assert_eq!(last["rows"], 2);
    assert!(last["bytes_scanned"].as_u64().unwrap() >= 6);
    for key in [
        "seconds",
        "plan_seconds",
        "row_groups_scanned",
        "row_groups_total",
        "peak_memory",
    ] {
        assert!(last[key].is_number(), "{key}: {last}");
    }
}

#[test]
fn tables_of_any_database_are_those_at_hand() {
    let dir = tempfile::tempdir().unwrap();
    let d = dir.path();
    std::fs::write(d.join("People.csv"), "a,b\n1,x\n2,y\n").unwrap();
    std::fs::write(d.join("Places.csv"), "a,c\n1,z\n").unwrap();
    for (query, rows) in [
        (
            "union withsource=t database('d').*, cluster('c').database('d').Pe* | summarize n = count() by t | sort by t asc",
            "{\"t\":\"People\",\"n\":4}\n{\"t\":\"Places\",\"n\":1}\n",
        ),
        (
            "find in (database('*').Pl*) where a == 1",
            "{\"source_\":\"Places\",\"a\":1,\"c\":\"z\"}\n",
        ),
        (
            "search in (database('D*').P*) 'y' | project a",
            "{\"a\":2}\n",
        ),
    ] {
        let out = kql(d, &["run", "--data", ".", "-q", query]);
        assert_eq!(text(&out.stdout), rows, "{query}: {}", text(&out.stderr));
    }
    fails(
        d,
        &["run", "--data", ".", "-q", "union database('d').No*"],
        1,
        &["KQL0202"],
    );
}

#[test]
fn a_sort_beyond_the_memory_limit_spills_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let d = dir.path();
    std::fs::create_dir(d.join("spill")).unwrap();
    let rows = "range x from 1 to 150000 step 1 | extend k = hash_md5(tostring(x)), \
                w = strcat(hash_sha256(x), hash_sha256(x + 1), hash_sha256(x + 2)) | sort by k asc, x asc";
    let sorted = |name: &str, limits: &[&str]| {
        let mut args = vec!["run", "-q", rows, "-o", name];
        args.extend(limits);
        let out = kql(d, &args);
        assert!(out.status.success(), "{}", text(&out.stderr));
    };
    sorted("plain.csv", &[]);
    let little = ["--memory-limit", "48MB", "--temp-dir", "spill"];
    sorted("spilled.csv", &little);
    let read = |name: &str| std::fs::read(d.join(name)).unwrap();
    assert!(read("plain.csv") == read("spilled.csv"), "other rows");
    sorted("spilled.parquet", &little);
    let counted = kql(
        d,
        &[
            "run",
            "--data",
            "spilled=spilled.parquet",
            "-q",
            "spilled | serialize | where k <= prev(k) | count",
        ],
    );
    assert_eq!(text(&counted.stdout), "{\"Count\":0}\n");
    assert_eq!(std::fs::read_dir(d.join("spill")).unwrap().count(), 0);
}

#[test]
fn whoever_has_had_enough_may_close_the_pipe() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_kql"))
        .args([
            "run",
            "-q",
            "range x from 1 to 10000000 step 1",
            "--format",
            "csv",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdout.take().unwrap();
    let mut some = [0; 16];
    std::io::Read::read_exact(&mut pipe, &mut some).unwrap();
    drop(pipe);
    let out = child.wait_with_output().unwrap();
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    assert!(out.stderr.is_empty(), "{}", text(&out.stderr));
}
