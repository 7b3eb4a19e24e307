//! Golden files: cases of a query and what it gives.
//!
//! ```text
//! # has.kqlt
//! ## has finds whole terms only
//! datatable(m:string)["an error", "errors"] | where m has "error"
//! ---- order=any source=docs
//! m:string
//! an error
//! ```
//!
//! A line that begins with `# ` right under a title says why. Settings: `order=any`, `source=` (where the expectation
//! comes from), `now=` (a time), `param=NAME=VALUE`, `data=FOLDER` (below the repository's root), `ways=one` (the case is
//! not run in other ways: it takes any rows). `---- error CODE PLACE` expects errors, one a line from the second on.

use std::fmt::Write;

/// Where an expectation may come from.
pub const SOURCES: [&str; 6] = ["docs", "emulator", "binder", "traps", "peers", "ours"];

/// One case.
#[derive(Debug, Clone, Default)]
pub struct Case {
    /// What it shows.
    pub title: String,
    /// Lines of prose between title and query, with their `# `.
    pub prose: Vec<String>,
    /// The text, as it stands.
    pub query: String,
    /// `name=value` words of the line under the query, in order.
    pub settings: Vec<(String, String)>,
    /// What stands under the query: see [`crate::run::Outcome::lines`].
    pub expected: Vec<String>,
    /// The line of the title, from 1.
    pub line: usize,
}

impl Case {
    /// A setting's value.
    pub fn setting(&self, name: &str) -> Option<&str> {
        let found = self.settings.iter().find(|(n, _)| n == name);
        found.map(|(_, v)| v.as_str())
    }

    /// All values of a setting that may repeat.
    pub fn all<'c>(&'c self, name: &'c str) -> impl Iterator<Item = &'c str> + use<'c> {
        self.settings
            .iter()
            .filter(move |(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// Whether the order of rows is not part of the expectation.
    pub fn any_order(&self) -> bool {
        self.setting("order") == Some("any")
    }
}

/// A file of cases.
#[derive(Debug, Clone, Default)]
pub struct File {
    /// What stands before the first case.
    pub head: Vec<String>,
    /// The cases.
    pub cases: Vec<Case>,
}

/// Reads a file.
pub fn parse(text: &str) -> File {
    let mut file = File::default();
    let mut under = false;
    for (i, line) in text.lines().enumerate() {
        if let Some(title) = line.strip_prefix("## ") {
            under = false;
            file.cases.push(Case {
                title: title.to_owned(),
                line: i + 1,
                ..Case::default()
            });
            continue;
        }
        let Some(case) = file.cases.last_mut() else {
            file.head.push(line.to_owned());
            continue;
        };
        if let Some(rest) = line.strip_prefix("----") {
            under = true;
            let rest = rest.trim();
            // `error CODE PLACE` may be followed by settings.
            let mut words: Vec<&str> = rest.split_whitespace().collect();
            if words.first() == Some(&"error") {
                let n = words.iter().take_while(|w| !w.contains('=')).count();
                case.expected.push(words[..n].join(" "));
                words.drain(..n);
            }
            case.settings.extend(
                words
                    .iter()
                    .map(|w| w.split_once('=').unwrap_or((w, "")))
                    .map(|(n, v)| (n.to_owned(), v.to_owned())),
            );
        } else if under {
            case.expected.push(line.to_owned());
        } else if case.query.is_empty() && line.starts_with("# ") {
            case.prose.push(line.to_owned());
        } else {
            case.query.push_str(line);
            case.query.push('\n');
        }
    }
    for case in &mut file.cases {
        case.query.truncate(case.query.trim_end().len());
        while case.expected.last().is_some_and(|l| l.is_empty()) {
            case.expected.pop();
        }
    }
    file
}

/// Writes a file.
pub fn write(file: &File) -> String {
    let mut out = String::new();
    for line in &file.head {
        let _ = writeln!(out, "{line}");
    }
    for (i, case) in file.cases.iter().enumerate() {
        if i > 0 {
            out.push('\n');
        }
        let _ = writeln!(out, "## {}", case.title);
        for p in &case.prose {
            let _ = writeln!(out, "{p}");
        }
        let _ = writeln!(out, "{}", case.query);
        out.push_str("----");
        let mut rest = case.expected.as_slice();
        if let Some((first, tail)) = rest.split_first()
            && first.starts_with("error")
        {
            let _ = write!(out, " {first}");
            rest = tail;
        }
        for (n, v) in &case.settings {
            let _ = write!(out, " {n}={v}");
        }
        out.push('\n');
        for line in rest {
            let _ = writeln!(out, "{line}");
        }
    }
    out
}
