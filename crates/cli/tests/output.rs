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
