//! A text through a session.

use crate::json::{Json, quote};
use crate::kqlt::Case;
use crate::layout::root;
use arrow::array::RecordBatch;
use kql_diag::{Diagnostic, Source, place_of};
use kql_engine::{Collected, Prepared, Session, SessionOptions, Workspace};
use kql_functions::adapter::Any;
use kql_render::{Cells, json_cell, plain_cell};
use kql_sources::{DataSpec, ExternalMap, SourceOptions, Tables};
use kql_types::text::parse_datetime;
use kql_types::{ColumnSchema, Type, Value};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// How a plan runs: every way gives the same rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// Partitions.
    pub threads: usize,
    /// Rows of a batch.
    pub batch_size: usize,
    /// Whether the plan is optimised.
    pub optimise: bool,
}

impl std::fmt::Display for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plan = if self.optimise { "optimised" } else { "plain" };
        write!(f, "{plan}-{}x{}", self.threads, self.batch_size)
    }
}

/// The way of golden files.
pub const PLAIN: Way = Way {
    threads: 1,
    batch_size: 8192,
    optimise: true,
};

/// Every other way.
pub fn other_ways() -> Vec<Way> {
    let mut out = Vec::new();
    for optimise in [true, false] {
        for threads in [1, 4] {
            for batch_size in [8192, 1] {
                let way = Way {
                    threads,
                    batch_size,
                    optimise,
                };
                if way != PLAIN {
                    out.push(way);
                }
            }
        }
    }
    out
}

/// What a session of a test sees.
#[derive(Debug, Clone, Default)]
pub struct Setting {
    /// Folders with tables.
    pub data: Vec<PathBuf>,
    /// `now()`.
    pub now: Option<String>,
    /// Query parameters.
    pub parameters: Vec<(String, String)>,
    /// Known tables without data are empty.
    pub empty_tables: bool,
}

impl Setting {
    /// What a golden case asks for.
    pub fn of(case: &Case) -> Setting {
        Setting {
            data: case.all("data").map(|d| root().join(d)).collect(),
            now: case.setting("now").map(str::to_owned),
            parameters: case
                .all("param")
                .filter_map(|p| p.split_once('='))
                .map(|(n, v)| (n.to_owned(), v.to_owned()))
                .collect(),
            empty_tables: case.setting("tables") == Some("empty"),
        }
    }

    /// The session. Without `now` it is the beginning of 2024, so that no answer depends on the clock.
    pub fn session(&self, way: Way) -> Session {
        let now = self.now.as_deref().unwrap_or("2024-01-01");
        let options = SessionOptions {
            threads: way.threads,
            batch_size: way.batch_size,
            optimise: way.optimise,
            now: parse_datetime(now).unwrap_or_else(|| panic!("no time: {now}")),
            parameters: self.parameters.iter().cloned().collect(),
            empty_tables: self.empty_tables,
            ..SessionOptions::default()
        };
        let specs: Vec<DataSpec> = self
            .data
            .iter()
            .map(|d| DataSpec {
                name: None,
                path: d.to_string_lossy().into_owned(),
            })
            .collect();
        let source = SourceOptions {
            threads: way.threads,
            batch_size: way.batch_size,
            ..SourceOptions::default()
        };
        let tables = Tables::open(&specs, source).unwrap_or_else(|e| panic!("{e}"));
        let mut external = ExternalMap::default();
        external
            .roots
            .extend(self.data.iter().map(|p: &PathBuf| Path::new(p).to_owned()));
        Session::new(options).with_workspace(Workspace::new(tables, external))
    }
}

/// One result table.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<ColumnSchema>,
    /// Its rows.
    pub batches: Vec<RecordBatch>,
}

/// What a text gives.
#[derive(Debug)]
pub enum Outcome {
    /// Tables.
    Tables(Vec<Table>),
    /// Errors, with the texts they point into.
    Errors(Vec<Diagnostic>, Vec<Source>),
}

/// Runs a text.
pub fn run(session: &Session, text: &str) -> Outcome {
    run_prepared(session, session.prepare(text, "query"))
}

/// Runs what is bound.
pub fn run_prepared(session: &Session, prepared: Prepared) -> Outcome {
    if prepared.error().is_some() {
        let errors = prepared
            .diagnostics
            .into_iter()
            .filter(Diagnostic::is_error);
        return Outcome::Errors(errors.collect(), prepared.sources);
    }
    let mut out = Collected::default();
    match session.run(&prepared, &mut out) {
        Err(d) => Outcome::Errors(vec![d], prepared.sources),
        Ok(_) => Outcome::Tables(
            out.results
                .into_iter()
                .map(|r| Table {
                    name: r.info.name,
                    columns: r.info.columns,
                    batches: r.batches,
                })
                .collect(),
        ),
    }
}

/// A cell of a golden file: typed by its column, so that null, "" and "null" differ.
fn golden_cell(column: &Any<'_>, row: usize) -> String {
    let mut out = String::new();
    match column {
        Any::String(c) => {
            let s = c.get(row);
            let plain = !s.is_empty()
                && s.trim() == s
                && !s.starts_with(['#', '-'])
                && !s.contains([',', '"', '\n', '\r', '\t', '\\'])
                && !s.chars().any(char::is_control);
            if plain { s.to_owned() } else { quote(s) }
        }
        Any::Dynamic(_) => {
            json_cell(column, row, &mut out);
            out
        }
        other => {
            plain_cell(other, row, &mut out);
            if out.is_empty() {
                out.push_str("null");
            }
            out
        }
    }
}

impl Table {
    /// `name:type,name:type`
    pub fn header(&self) -> String {
        let cells: Vec<String> = self
            .columns
            .iter()
            .map(|c| {
                let plain =
                    c.name.chars().all(|c| c.is_alphanumeric() || c == '_') && !c.name.is_empty();
                let name = if plain {
                    c.name.clone()
                } else {
                    format!("['{}']", c.name)
                };
                format!("{name}:{}", c.ty)
            })
            .collect();
        cells.join(",")
    }

    fn cells(&self, mut each: impl FnMut(&[Any<'_>], usize)) {
        for batch in &self.batches {
            for (array, c) in batch.columns().iter().zip(&self.columns) {
                assert!(
                    c.ty != Type::String || array.null_count() == 0,
                    "a null text in column {}",
                    c.name
                );
            }
            let cells = Cells::new(batch, &self.columns);
            let any = cells
                .any()
                .unwrap_or_else(|| panic!("an array is not of its column's type"));
            for row in 0..batch.num_rows() {
                each(&any, row);
            }
        }
    }

    /// Its rows as lines.
    pub fn rows(&self) -> Vec<String> {
        let mut out = Vec::new();
        self.cells(|any, row| {
            let cells: Vec<String> = any.iter().map(|c| golden_cell(c, row)).collect();
            out.push(cells.join(","));
        });
        out
    }

    /// Its cells as constants.
    pub fn values(&self) -> Vec<Vec<Value>> {
        let mut out = Vec::new();
        self.cells(|any, row| out.push(any.iter().map(|c| c.to_value(row)).collect()));
        out
    }

    /// Its rows as the contract's JSON.
    pub fn json_rows(&self) -> Vec<Vec<Json>> {
        let mut out = Vec::new();
        let mut text = String::new();
        self.cells(|any, row| {
            out.push(
                any.iter()
                    .map(|c| {
                        text.clear();
                        json_cell(c, row, &mut text);
                        Json::parse(&text).unwrap_or_else(|| panic!("no JSON: {text}"))
                    })
                    .collect(),
            );
        });
        out
    }
}

impl Outcome {
    /// What stands under a golden query.
    pub fn lines(&self, any_order: bool) -> Vec<String> {
        let mut out = Vec::new();
        match self {
            Outcome::Errors(errors, sources) => {
                for (i, d) in errors.iter().enumerate() {
                    let mut line = if i == 0 {
                        "error ".to_owned()
                    } else {
                        String::new()
                    };
                    let _ = write!(line, "{}", d.code);
                    if let Some(source) = sources.get(d.primary.source as usize) {
                        let p = place_of(source, d.primary);
                        let _ = write!(
                            line,
                            " {}:{}-{}:{}",
                            p.line, p.column, p.end_line, p.end_column
                        );
                    }
                    if !out.contains(&line) {
                        out.push(line);
                    }
                }
            }
            Outcome::Tables(tables) => {
                for t in tables {
                    if tables.len() > 1 {
                        out.push(format!("== {}", t.name));
                    }
                    out.push(t.header());
                    let mut rows = t.rows();
                    if any_order {
                        rows.sort();
                    }
                    out.extend(rows);
                }
            }
        }
        out
    }

    /// The errors as people read them; empty for tables.
    pub fn messages(&self) -> String {
        match self {
            Outcome::Errors(errors, sources) => errors
                .iter()
                .map(|d| d.show(sources))
                .collect::<Vec<_>>()
                .join("\n"),
            Outcome::Tables(_) => String::new(),
        }
    }
}
