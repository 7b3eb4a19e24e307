//! `kql functions`

use crate::args::FunctionsArgs;
use crate::diagnostics;
use kql_engine::builtin;
use kql_functions::{catalog, reference};
use std::fmt::Write as _;

/// Prints the reference of one function, or the list.
pub fn functions(args: &FunctionsArgs) -> u8 {
    let text = match &args.name {
        None => list(),
        Some(name) => match reference::entry(name).or_else(|| builtin::entry(name)) {
            Some(t) => t,
            None => {
                let names: Vec<&str> = catalog::scalars()
                    .map(|s| s.name)
                    .chain(catalog::aggregates().map(|a| a.name))
                    .chain(builtin::all().map(|b| b.name))
                    .collect();
                let hint = kql_diag::did_you_mean(name, names)
                    .map_or_else(String::new, |n| format!(" (`{n}` exists)"));
                diagnostics::fault(&format!("function `{name}` not found{hint}"));
                return 2;
            }
        },
    };
    crate::screen::print(&text);
    0
}

fn list() -> String {
    let mut rows: Vec<(&str, &str, &str)> = catalog::scalars()
        .map(|s| (s.name, "scalar", s.summary))
        .collect();
    rows.extend(catalog::aggregates().map(|a| (a.name, "aggregate", a.summary)));
    rows.extend(builtin::all().map(|b| (b.name, "ASIM", b.summary.as_str())));
    rows.sort_unstable();
    let mut out = String::new();
    for (name, kind, summary) in rows {
        let _ = writeln!(out, "{name:32} {kind:10} {summary}");
    }
    out
}
