//! What several tests of this folder need.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write;
use std::path::{Path, PathBuf};

/// A file of `../shared`; none, with a note, where that is absent.
pub fn shared(path: &str) -> Option<String> {
    let file = root().join("../shared").join(path);
    let text = std::fs::read_to_string(&file).ok();
    if text.is_none() {
        eprintln!("skipped: {} is not there", file.display());
    }
    text
}

/// The project's folder.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Queries of a file of JSON lines with their names; those that are said to be faulty are left out.
pub fn json_lines(path: &str) -> Vec<(String, String)> {
    let Some(text) = shared(path) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    for line in text.lines() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        if record["official"]["syntax_ok"] == false
            || record["expect_error"] == true
            || record["official_rejects"] == true
        {
            continue;
        }
        let text = |name: &str| record[name].as_str().unwrap().to_owned();
        out.push((text("id"), text("query")));
    }
    out
}

/// The project's own queries: `queries/`, and the query part of golden files.
pub fn own() -> Vec<(String, String)> {
    let mut out = Vec::new();
    walk(&root().join("queries"), &mut |path, text| {
        if path.extension().is_some_and(|e| e == "kql") {
            out.push((path.display().to_string(), text));
        }
    });
    walk(&root().join("tests/golden"), &mut |path, text| {
        if path.extension().is_some_and(|e| e == "kqlt") {
            for (n, case) in text.split("\n## ").skip(1).enumerate() {
                let query = case.split_once('\n').map_or("", |(_, q)| q);
                let query = query.split("\n---- ").next().unwrap();
                out.push((format!("{}#{}", path.display(), n + 1), query.to_owned()));
            }
        }
    });
    out
}

fn walk(dir: &Path, visit: &mut dyn FnMut(&Path, String)) {
    let mut paths: Vec<PathBuf> = match std::fs::read_dir(dir) {
        Ok(entries) => entries.filter_map(|e| e.ok().map(|e| e.path())).collect(),
        Err(_) => return,
    };
    paths.sort();
    for p in paths {
        if p.is_dir() {
            walk(&p, visit);
        } else if let Ok(text) = std::fs::read_to_string(&p) {
            visit(&p, text);
        }
    }
}

/// A tree as text without its places, and the places.
pub fn tree(query: &kql_syntax::ast::Query) -> (String, Vec<(usize, usize)>) {
    let text = format!("{query:?}");
    let mut out = String::with_capacity(text.len());
    let mut spans = Vec::new();
    let mut parts = text.split("Span { start: ");
    out.push_str(parts.next().unwrap());
    for part in parts {
        let (span, rest) = part.split_once(" }").unwrap();
        let mut numbers = span
            .split([',', ' '])
            .filter_map(|w| w.parse::<usize>().ok());
        spans.push((numbers.next().unwrap(), numbers.next().unwrap()));
        let _ = write!(out, "@{rest}");
    }
    (out, spans)
}

/// Every place lies within the text, on boundaries of characters.
pub fn check_spans(name: &str, text: &str) {
    let parsed = kql_syntax::parse(text);
    let (_, mut spans) = tree(&parsed.query);
    for d in &parsed.diagnostics {
        spans.push((d.primary.start as usize, d.primary.end as usize));
        spans.extend(
            d.labels
                .iter()
                .map(|(s, _)| (s.start as usize, s.end as usize)),
        );
    }
    for (start, end) in spans {
        assert!(
            start <= end && text.get(start..end).is_some(),
            "{name}: {start}..{end} of {text:?}"
        );
    }
}

/// A text without faults prints to a text with the same tree, and printing it again changes nothing.
pub fn check_format(text: &str) -> Result<(), String> {
    let faulty = |p: &kql_syntax::Parsed| p.diagnostics.iter().any(kql_diag::Diagnostic::is_error);
    let parsed = kql_syntax::parse(text);
    if faulty(&parsed) {
        return Ok(());
    }
    let (before, _) = tree(&parsed.query);
    let printed = kql_syntax::format(&parsed.query);
    let again = kql_syntax::parse(&printed);
    if faulty(&again) {
        return Err(format!("{:?}\n=>\n{printed}", again.diagnostics));
    }
    if before != tree(&again.query).0 {
        return Err(format!("another tree\n=>\n{printed}"));
    }
    let twice = kql_syntax::format(&again.query);
    if printed != twice {
        return Err(format!("printed {printed}\n and then {twice}"));
    }
    let laid_out = kql_syntax::format_text(text).map_err(|e| format!("{e:?}\n=>\n{printed}"))?;
    if before != tree(&kql_syntax::parse(&laid_out).query).0 {
        return Err(format!("another tree\n=>\n{laid_out}"));
    }
    let twice = kql_syntax::format_text(&laid_out).map_err(|e| format!("{e:?}\n{laid_out}"))?;
    if laid_out != twice {
        return Err(format!("laid out as\n{laid_out}\n and then\n{twice}"));
    }
    Ok(())
}
