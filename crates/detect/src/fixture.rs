//! Rows of a test: where they come from, and how they become tables.

use crate::grid;
use crate::yaml::{Fault, Kind, Node, fault};
use std::path::Path;

/// Rows as a test gives them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rows {
    pub(crate) form: Form,
    /// The line of the test file.
    pub(crate) line: usize,
}

/// How rows are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Form {
    /// Comma-separated, or with bars.
    Grid(grid::Grid),
    /// A query that gives them.
    Kql(String),
    /// An object a row.
    Objects(Vec<serde_json::Value>),
    /// A file, as the test names it.
    File(String),
}

/// Words with which a query begins that needs no table.
const BEGIN: [&str; 6] = [
    "datatable",
    "print",
    "range",
    "let",
    "union",
    "externaldata",
];

impl Rows {
    /// From what the test file says: a text of several lines is rows or a query, one line is a file or a query.
    pub(crate) fn of(node: &Node) -> Result<Rows, Fault> {
        let line = node.line;
        let rows = |form| Ok(Rows { form, line });
        match &node.kind {
            Kind::List(list) => {
                let mut out = Vec::new();
                for n in list {
                    n.map("a row")?;
                    out.push(n.json());
                }
                rows(Form::Objects(out))
            }
            Kind::Map(m) => match m.as_slice() {
                [e] if e.key == "kql" => rows(Form::Kql(e.value.text("kql")?.to_owned())),
                [e] if e.key == "csv" => Self::grid(e.value.text("csv")?, e.value.line),
                [e] if e.key == "file" => rows(Form::File(e.value.text("file")?.to_owned())),
                _ => fault(
                    line,
                    "rows are a text, a list of rows, or one of `csv:`, `kql:`, `file:`",
                ),
            },
            Kind::Scalar { text, .. } => {
                if is_query(text) {
                    rows(Form::Kql(text.clone()))
                } else if text.trim_start().contains('\n') {
                    // Also a block of one line: columns without rows.
                    Self::grid(text, line)
                } else if text.trim().is_empty() {
                    rows(Form::Objects(Vec::new()))
                } else if text.contains(',') || text.trim_start().starts_with('|') {
                    fault(
                        line,
                        "rows begin with a line that names the columns (`|` behind the name lets a text have several lines)",
                    )
                } else {
                    rows(Form::File(text.trim().to_owned()))
                }
            }
        }
    }

    fn grid(text: &str, line: usize) -> Result<Rows, Fault> {
        match grid::read(text) {
            Err((at, message)) => fault(line + at, message),
            Ok(g) => Ok(Rows {
                form: Form::Grid(g),
                line,
            }),
        }
    }

    /// Writes the rows as a file of a folder that is theirs alone; the file's path. Queries are run by others.
    pub(crate) fn store(&self, name: &str, folder: &Path, beside: &Path) -> Result<String, String> {
        let io = |e: std::io::Error| format!("{}: {e}", folder.display());
        let shown = |p: &Path| p.display().to_string();
        match &self.form {
            Form::File(path) => Ok(shown(&beside.join(path))),
            Form::Kql(_) => Err("a query is no file".to_owned()),
            Form::Grid(g) => {
                std::fs::create_dir_all(folder).map_err(io)?;
                let file = folder.join("rows.csv");
                std::fs::write(&file, g.csv()).map_err(io)?;
                let types: Vec<[&str; 2]> = g
                    .columns
                    .iter()
                    .filter_map(|(n, t)| t.map(|t| [n.as_str(), t.name()]))
                    .collect();
                if !types.is_empty() {
                    let schema = serde_json::json!({ name: types });
                    std::fs::write(folder.join("schema.json"), schema.to_string()).map_err(io)?;
                }
                Ok(shown(&file))
            }
            Form::Objects(list) => {
                std::fs::create_dir_all(folder).map_err(io)?;
                let file = folder.join("rows.jsonl");
                let lines: Vec<String> = list.iter().map(|v| format!("{v}\n")).collect();
                std::fs::write(&file, lines.concat()).map_err(io)?;
                Ok(shown(&file))
            }
        }
    }
}

/// Whether a text is a query that gives rows.
fn is_query(text: &str) -> bool {
    let first = text
        .lines()
        .map(str::trim)
        .find(|l| !l.is_empty() && !l.starts_with("//"));
    let Some(line) = first else {
        return false;
    };
    let end = line
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(line.len());
    let (word, rest) = line.split_at(end);
    BEGIN.contains(&word) && (rest.is_empty() || rest.starts_with(['(', ' ', '\t']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let of = |t: &str| {
            let node = crate::yaml::read(&format!("r: {t}\n")).unwrap();
            Rows::of(&node.map("it").unwrap()[0].value).map(|r| r.form)
        };
        assert!(matches!(of("|\n  datatable(a:long)[1]"), Ok(Form::Kql(_))));
        assert!(matches!(of("print x = 1"), Ok(Form::Kql(_))));
        assert!(matches!(of("|\n  a,b\n  1,2"), Ok(Form::Grid(_))));
        assert!(matches!(of("rows/a.csv"), Ok(Form::File(_))));
        assert!(matches!(of("\n- a: 1\n"), Ok(Form::Objects(_))));
        assert!(matches!(of("{file: a.csv}"), Ok(Form::File(_))));
        assert_eq!(of("|\n  a,b\n  1\n").unwrap_err().line, 3);
        assert!(of("a,b").is_err());
    }
}
