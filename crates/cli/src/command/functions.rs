//! `kql functions`

use crate::args::FunctionsArgs;
use crate::diagnostics;
use kql_functions::catalog;
use kql_types::{Class, Signature};
use std::fmt::Write as _;
use std::io::Write;

/// Prints the reference of one function, or the list.
pub fn functions(args: &FunctionsArgs) -> u8 {
    let text = match &args.name {
        None => list(),
        Some(name) => match one(name) {
            Some(t) => t,
            None => {
                let names: Vec<&str> = catalog::scalars()
                    .map(|s| s.name)
                    .chain(catalog::aggregates().map(|a| a.name))
                    .collect();
                let hint = kql_diag::did_you_mean(name, names)
                    .map_or_else(String::new, |n| format!(" (`{n}` exists)"));
                diagnostics::fault(&format!("function `{name}` not found{hint}"));
                return 2;
            }
        },
    };
    // A reader that has had enough is no fault.
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
    0
}

fn list() -> String {
    let mut rows: Vec<(&str, &str, &str)> = catalog::scalars()
        .map(|s| (s.name, "scalar", s.summary))
        .collect();
    rows.extend(catalog::aggregates().map(|a| (a.name, "aggregate", a.summary)));
    rows.sort_unstable();
    let mut out = String::new();
    for (name, kind, summary) in rows {
        let _ = writeln!(out, "{name:32} {kind:10} {summary}");
    }
    out
}

fn signature(name: &str, s: &Signature) -> String {
    let params: Vec<String> = s
        .params
        .iter()
        .map(|p| {
            let ty = match p.class {
                Class::Of(t) => t.name().to_owned(),
                other => format!("{other:?}").to_lowercase(),
            };
            let text = format!("{}:{ty}", p.name);
            match (p.min, p.max) {
                (0, _) => format!("[{text}]"),
                (_, m) if m > 1 => format!("{text}, ..."),
                _ => text,
            }
        })
        .collect();
    format!("{name}({})", params.join(", "))
}

fn one(name: &str) -> Option<String> {
    let mut out = String::new();
    let (summary, signatures, examples, differs) = if let Some(s) = catalog::find(name) {
        (s.summary, s.signatures, s.examples, s.differs)
    } else {
        let a = catalog::find_aggregate(name)?;
        (a.summary, a.signatures, a.examples, a.differs)
    };
    for s in signatures {
        let _ = writeln!(out, "{}", signature(name, s));
    }
    let _ = writeln!(out, "\n{summary}");
    for s in signatures.iter().take(1) {
        for p in s.params {
            let _ = writeln!(out, "  {:20} {}", p.name, p.doc);
        }
    }
    if !examples.is_empty() {
        let _ = writeln!(out, "\nExamples");
        for e in examples {
            let _ = writeln!(out, "  {}  ->  {}", e.query, e.result);
        }
    }
    if !differs.is_empty() {
        let _ = writeln!(out, "\nDiffers from Kusto: {differs}");
    }
    Some(out)
}
