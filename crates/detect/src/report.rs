//! Reports of a run for other programs.

use crate::run::{Report, Verdict};
use serde_json::{Value, json};
use std::fmt::Write;

/// A form of report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// JUnit XML: one suite a file.
    Junit,
    /// SARIF 2.1.0: a result for each test that did not pass.
    Sarif,
    /// One object with all tests.
    Json,
}

/// How many ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// As expected.
    pub passed: usize,
    /// Not as expected.
    pub failed: usize,
    /// Could not run.
    pub broken: usize,
    /// Did not run.
    pub skipped: usize,
    /// Written anew.
    pub updated: usize,
}

impl Totals {
    /// Of some reports.
    pub fn of(reports: &[Report]) -> Totals {
        let mut t = Totals::default();
        for r in reports {
            match r.verdict {
                Verdict::Passed => t.passed += 1,
                Verdict::Failed(_) => t.failed += 1,
                Verdict::Broken(_) => t.broken += 1,
                Verdict::Skipped(_) => t.skipped += 1,
                Verdict::Updated => t.updated += 1,
            }
        }
        t
    }
}

/// The report as text.
pub fn report(form: Form, reports: &[Report]) -> String {
    match form {
        Form::Junit => junit(reports),
        Form::Sarif => pretty(&sarif(reports)),
        Form::Json => pretty(&objects(reports)),
    }
}

fn pretty(v: &Value) -> String {
    serde_json::to_string_pretty(v).unwrap_or_default() + "\n"
}

fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

fn junit(reports: &[Report]) -> String {
    let mut files: Vec<&str> = reports.iter().map(|r| r.file.as_str()).collect();
    files.dedup();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for file in files {
        let own: Vec<&Report> = reports.iter().filter(|r| r.file == file).collect();
        let count = |f: fn(&Verdict) -> bool| own.iter().filter(|r| f(&r.verdict)).count();
        let seconds: f64 = own.iter().map(|r| r.time.as_secs_f64()).sum();
        let _ = writeln!(
            out,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{seconds:.3}\">",
            escape(file),
            own.len(),
            count(|v| matches!(v, Verdict::Failed(_))),
            count(|v| matches!(v, Verdict::Broken(_))),
            count(|v| matches!(v, Verdict::Skipped(_))),
        );
        for r in own {
            let _ = write!(
                out,
                "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{}\" time=\"{:.3}\"",
                escape(file),
                escape(&r.name),
                escape(file),
                r.line,
                r.time.as_secs_f64()
            );
            let inner = match &r.verdict {
                Verdict::Passed | Verdict::Updated => None,
                Verdict::Failed(found) => Some(element("failure", &found.join("\n"))),
                Verdict::Broken(why) => Some(element("error", why)),
                Verdict::Skipped(why) => Some(format!("<skipped message=\"{}\"/>", escape(why))),
            };
            let _ = match inner {
                None => writeln!(out, "/>"),
                Some(inner) => writeln!(out, ">\n      {inner}\n    </testcase>"),
            };
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn element(name: &str, text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    format!(
        "<{name} message=\"{}\">{}</{name}>",
        escape(first),
        escape(text)
    )
}

fn sarif(reports: &[Report]) -> Value {
    let mut results = Vec::new();
    for r in reports {
        let (rule, text) = match &r.verdict {
            Verdict::Failed(found) => ("test-failed", found.join("\n")),
            Verdict::Broken(why) => ("test-broken", why.clone()),
            _ => continue,
        };
        results.push(json!({
            "ruleId": rule,
            "level": "error",
            "message": {"text": format!("{}: {text}", r.name)},
            "locations": [{"physicalLocation": {
                "artifactLocation": {"uri": r.file},
                "region": {"startLine": r.line},
            }}],
        }));
    }
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "kql test", "rules": [
                {"id": "test-failed", "shortDescription": {"text": "A query test found something else than it expects."}},
                {"id": "test-broken", "shortDescription": {"text": "A query test cannot run."}},
            ]}},
            "results": results,
        }],
    })
}

fn objects(reports: &[Report]) -> Value {
    let t = Totals::of(reports);
    let tests: Vec<Value> = reports
        .iter()
        .map(|r| {
            let (verdict, messages) = match &r.verdict {
                Verdict::Passed => ("passed", Vec::new()),
                Verdict::Failed(found) => ("failed", found.clone()),
                Verdict::Broken(why) => ("broken", vec![why.clone()]),
                Verdict::Skipped(why) => ("skipped", vec![why.clone()]),
                Verdict::Updated => ("updated", Vec::new()),
            };
            json!({
                "file": r.file, "name": r.name, "line": r.line, "verdict": verdict,
                "seconds": r.time.as_secs_f64(), "messages": messages,
            })
        })
        .collect();
    json!({
        "passed": t.passed, "failed": t.failed, "broken": t.broken, "skipped": t.skipped, "updated": t.updated,
        "tests": tests,
    })
}
