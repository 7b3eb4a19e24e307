//! Where rows go: the format that a file's name says, pictures, pipes and disks that take no more.
#![allow(clippy::unwrap_used, clippy::expect_used)]

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

fn said(out: &Output) -> String {
    String::from_utf8_lossy(&out.stderr).into_owned()
}

const DRAWN: &str = "datatable(k:string, n:long)['a',1,'b',2] | render barchart";

/// How a file of each name begins.
const BEGIN: [(&str, &[u8]); 12] = [
    ("o.csv", b"k,n\n"),
    ("o.tsv", b"k\tn\n"),
    ("o.json", b"{\"tables\":"),
    ("o.jsonl", b"{\"k\":\"a\",\"n\":1}\n"),
    ("o.NDJSON", b"{\"k\":\"a\",\"n\":1}\n"),
    ("o.md", b"| k | n |\n"),
    ("o.txt", b"k  n\n-"),
    ("o.html", b"<!DOCTYPE html>"),
    ("o.svg", b"<svg "),
    ("o.png", b"\x89PNG\r\n\x1a\n"),
    ("o.parquet", b"PAR1"),
    ("o.arrow", b"ARROW1"),
];

#[test]
fn the_name_of_a_file_says_its_format() {
    let dir = tempfile::tempdir().unwrap();
    let d = dir.path();
    for (name, begin) in BEGIN {
        let out = kql(d, &["run", "-q", DRAWN, "-o", name]);
        assert!(out.status.success(), "{name}: {}", said(&out));
        let bytes = std::fs::read(d.join(name)).unwrap();
        assert!(bytes.starts_with(begin), "{name}");
    }
    // What says nothing gets what a pipe gets, and --format counts more than a name.
    for args in [
        &["run", "-q", DRAWN, "-o", "plain"][..],
        &["run", "-q", DRAWN, "-o", "x.csv", "--format", "jsonl"],
    ] {
        assert!(kql(d, args).status.success());
        let bytes = std::fs::read(d.join(args[4])).unwrap();
        assert!(bytes.starts_with(b"{\"k\":"), "{args:?}");
    }
    let out = kql(d, &["run", "-q", DRAWN, "-o", "x.xlsx"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(said(&out).contains("`.xlsx` is no known format (.csv "));
    assert!(!d.join("x.xlsx").exists());
}

#[test]
fn the_prompt_saves_by_the_same_names() {
    let dir = tempfile::tempdir().unwrap();
    let d = dir.path();
    let mut script = format!("{DRAWN}\n\n");
    for (name, _) in BEGIN {
        script.push_str(&format!(".save {name}\n"));
    }
    std::fs::write(d.join("script"), script + ".save x.xlsx\n").unwrap();
    let out = Command::new(env!("CARGO_BIN_EXE_kql"))
        .current_dir(d)
        .stdin(std::fs::File::open(d.join("script")).unwrap())
        .output()
        .unwrap();
    for (name, begin) in BEGIN {
        let bytes = std::fs::read(d.join(name)).unwrap_or_default();
        assert!(bytes.starts_with(begin), "{name}: {}", said(&out));
    }
    assert!(said(&out).contains("`.xlsx` is no known format"));
}

#[test]
fn pictures_are_bounded() {
    let dir = tempfile::tempdir().unwrap();
    let d = dir.path();
    let many = "range x from 1 to 5000 step 1 | project k = tostring(x), x | render barchart";
    let out = kql(d, &["run", "-q", many, "-o", "p.png"]);
    assert!(out.status.success(), "{}", said(&out));
    let png = std::fs::read(d.join("p.png")).unwrap();
    let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    let dots = u64::from(side(16)) * u64::from(side(20));
    assert!((100_000..=12_100_000).contains(&dots), "{dots} dots");
    let wide = "range x from 1 to 200 step 1 | extend k = strcat('c', tostring(x)) | evaluate pivot(k, any(x)) | render card";
    let out = kql(d, &["run", "-q", wide, "-o", "p.svg"]);
    assert!(said(&out).contains("more cards are not drawn"));
    let out = kql(d, &["run", "-q", "print 1", "-o", "none.png"]);
    assert_eq!(out.status.code(), Some(1));
    assert!(said(&out).contains("requires `render`"), "{}", said(&out));
    assert!(!d.join("none.png").exists());
}

/// Runs a line of the shell: its exit codes (`PIPESTATUS`), standard output and standard error.
#[cfg(unix)]
fn shell(folder: &Path, line: &str) -> (String, String, String) {
    let script = format!("{line}\necho \"${{PIPESTATUS[*]}}\" > codes");
    let out = Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder)
        .env("KQL", env!("CARGO_BIN_EXE_kql"))
        .output()
        .unwrap();
    let codes = std::fs::read_to_string(folder.join("codes")).unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    (codes.trim().to_owned(), text, said(&out))
}

const MANY: &str = "range x from 1 to 3000000 step 1 | extend s = strcat('row ', x)";

#[cfg(unix)]
#[test]
fn a_reader_that_has_had_enough_is_no_fault() {
    let dir = tempfile::tempdir().unwrap();
    for format in [
        "jsonl", "json", "csv", "markdown", "html", "parquet", "arrow", "kusto",
    ] {
        let line = format!("\"$KQL\" run --format {format} -q \"{MANY}\" | head -c 100 > taken");
        let (codes, _, err) = shell(dir.path(), &line);
        assert_eq!(codes, "0 0", "{format}: {err}");
        assert_eq!(err, "", "{format}");
        assert_eq!(std::fs::read(dir.path().join("taken")).unwrap().len(), 100);
    }
    let (codes, out, err) = shell(dir.path(), &format!("\"$KQL\" run -q \"{MANY}\" | head -1"));
    assert_eq!(
        (codes.as_str(), out.as_str(), err.as_str()),
        ("0 0", "{\"x\":1,\"s\":\"row 1\"}\n", "")
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said() {
    let dir = tempfile::tempdir().unwrap();
    for format in [
        "jsonl", "csv", "table", "html", "parquet", "arrow", "kusto", "png",
    ] {
        let query = if format == "png" {
            DRAWN.to_owned()
        } else {
            format!("{MANY} | take 100000")
        };
        for to in ["-o /dev/full", "> /dev/full"] {
            let line = format!("\"$KQL\" run --format {format} -q \"{query}\" {to}");
            let (codes, out, err) = shell(dir.path(), &line);
            assert_eq!((codes.as_str(), out.as_str()), ("1", ""), "{line}: {err}");
            assert!(err.contains("No space left"), "{line}: {err}");
            assert!(!err.contains("panicked"), "{line}: {err}");
        }
    }
    for line in [
        "\"$KQL\" functions > /dev/full",
        "\"$KQL\" schema SigninLogs > /dev/full",
    ] {
        let (codes, _, err) = shell(dir.path(), line);
        assert_eq!(codes, "1", "{line}: {err}");
        assert!(err.contains("No space left"), "{line}: {err}");
    }
}

#[test]
fn csv_survives_a_round_trip() {
    let dir = tempfile::tempdir().unwrap();
    let d = dir.path();
    let odd = r#"datatable(a:string, b:string)["=1+1", "@x", "q\"uo\"te", "a,b", "new\nline", "cr\r\nlf", "日本語 é 🎉", " blanks ", "-5", "+5", "tab\t", "'", "", "x"]"#;
    for (file, format) in [("o.csv", "csv"), ("o.tsv", "tsv")] {
        let out = kql(d, &["run", "-q", odd, "-o", file]);
        assert!(out.status.success(), "{}", said(&out));
        let back = "T | extend a = tostring(a), b = tostring(b)";
        let data = format!("T={file}");
        let again = kql(d, &["run", "--format", "json", "--data", &data, "-q", back]);
        let first = kql(d, &["run", "--format", "json", "-q", odd]);
        assert!(again.status.success(), "{format}: {}", said(&again));
        assert_eq!(
            String::from_utf8_lossy(&again.stdout),
            String::from_utf8_lossy(&first.stdout),
            "{format}"
        );
    }
}

/// Other programs open what is written, where they are there: types and values, datetime and dynamic included.
#[test]
fn parquet_opens_in_pyarrow_and_duckdb() {
    let dir = tempfile::tempdir().unwrap();
    let d = dir.path();
    let query = "print d=datetime(2024-01-02 03:04:05.1234567), t=1h, g=guid(74be27de-1e4e-49d9-b579-fe0b331d3642), \
                 y=dynamic({'a':[1,null]}), i=int(null), s='é', b=true, c=decimal(1.5), r=1.5, l=9";
    assert!(
        kql(d, &["run", "-q", query, "-o", "o.parquet"])
            .status
            .success()
    );
    for (module, script, expected) in [
        (
            "pyarrow",
            "import pyarrow.parquet as q\nt = q.read_table('o.parquet')\nprint(t.schema.field('d').type, t.schema.field('t').type, t.schema.field('i').type, t.column('d').cast('int64')[0], t.column('y').cast('string')[0], t.column('s')[0])",
            "timestamp[ns, tz=UTC] duration[ns] int32 1704164645123456700 {\"a\":[1,null]} é\n",
        ),
        (
            "duckdb",
            "import duckdb\nprint(duckdb.sql(\"select y->>'a' as y, epoch_ns(d) as d, cast(c as varchar) as c, i, l from 'o.parquet'\").fetchall())",
            "[('[1,null]', 1704164645123456700, '1.500000000000000000', None, 9)]\n",
        ),
    ] {
        let python = |script: &str| {
            Command::new("python3")
                .current_dir(d)
                .args(["-c", script])
                .output()
        };
        if !python(&format!("import {module}")).is_ok_and(|o| o.status.success()) {
            eprintln!("skipped: python3 has no {module}");
            continue;
        }
        let out = python(script).unwrap();
        assert_eq!(
            String::from_utf8_lossy(&out.stdout),
            expected,
            "{module}: {}",
            said(&out)
        );
    }
}
