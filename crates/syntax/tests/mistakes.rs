//! What people get to read for common mistakes: `mistakes.txt` has the texts and what is said of them.
//! `BLESS=1 cargo test -p kql-syntax --test mistakes` writes what is said now.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use kql_diag::Source;
use std::fmt::Write;
use std::path::PathBuf;

#[test]
fn mistakes_are_explained() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes.txt");
    let text = std::fs::read_to_string(&file).unwrap();
    let mut said = String::new();
    for query in text.lines().filter_map(|l| l.strip_prefix("## ")) {
        // A query stands on one line; `\n` in it ends a line.
        let source = Source::new("query", query.replace("\\n", "\n"));
        let parsed = kql_syntax::parse(&source.text);
        assert!(!parsed.diagnostics.is_empty(), "{query} has no fault");
        let _ = writeln!(said, "## {query}");
        for d in &parsed.diagnostics {
            said.push_str(&d.show(std::slice::from_ref(&source)));
        }
        said.push('\n');
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, said).unwrap();
    } else {
        assert!(text == said, "BLESS=1 writes what is said now:\n{said}");
    }
}
