//! What a query gives, as cells that can be compared.

use kql_diag::{Diagnostic, Source};
use kql_engine::{Collected, CollectedResult, Prepared, Session};
use kql_render::{Cells, json_cell, plain_cell};
use kql_types::{ColumnSchema, Type};

/// What came of a query.
#[derive(Debug)]
pub(crate) enum Outcome {
    Rows(Table),
    Errors(Vec<Diagnostic>, Vec<Source>),
}

/// Rows in memory.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table {
    pub(crate) columns: Vec<ColumnSchema>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// One value as texts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cell {
    pub(crate) ty: Type,
    /// As it is shown and written into a test; empty for null.
    pub(crate) plain: String,
    /// Which of two values is meant where `plain` alone does not say: null, numbers, the parts of a dynamic.
    json: serde_json::Value,
}

/// Numbers may differ by this part of the greater one.
const RELATIVE: f64 = 1e-9;

impl Cell {
    /// Whether both are the same value. Types must be alike.
    pub(crate) fn same(&self, other: &Cell) -> bool {
        self.ty == other.ty && same(&self.json, &other.json)
    }

    /// For messages: a text in quotes where blanks or emptiness would not be seen.
    pub(crate) fn shown(&self) -> String {
        if self.json.is_null() && self.ty != Type::String {
            "null".to_owned()
        } else if self.plain.is_empty()
            || self.plain.trim() != self.plain
            || self.plain.contains(char::is_control)
        {
            format!("{:?}", self.plain)
        } else {
            self.plain.clone()
        }
    }
}

fn same(a: &serde_json::Value, b: &serde_json::Value) -> bool {
    use serde_json::Value;
    match (a, b) {
        (Value::Number(x), Value::Number(y)) => {
            if x == y {
                return true;
            }
            if x.is_f64() || y.is_f64() {
                let (Some(x), Some(y)) = (x.as_f64(), y.as_f64()) else {
                    return false;
                };
                return (x - y).abs() <= RELATIVE * x.abs().max(y.abs());
            }
            false
        }
        (Value::Array(x), Value::Array(y)) => {
            x.len() == y.len() && x.iter().zip(y).all(|(x, y)| same(x, y))
        }
        (Value::Object(x), Value::Object(y)) => {
            x.len() == y.len()
                && x.iter()
                    .all(|(k, v)| y.get(k).is_some_and(|other| same(v, other)))
        }
        _ => a == b,
    }
}

impl Table {
    pub(crate) fn of(result: &CollectedResult) -> Table {
        let mut out = Table {
            columns: result.info.columns.clone(),
            rows: Vec::new(),
        };
        for batch in &result.batches {
            let cells = Cells::new(batch, &out.columns);
            let Some(columns) = cells.any() else {
                continue;
            };
            for row in 0..batch.num_rows() {
                let cell = |(c, schema): (&_, &ColumnSchema)| {
                    let (mut plain, mut json) = (String::new(), String::new());
                    plain_cell(c, row, &mut plain);
                    json_cell(c, row, &mut json);
                    let json = serde_json::from_str(&json)
                        .unwrap_or_else(|_| serde_json::Value::String(json.clone()));
                    Cell {
                        ty: schema.ty,
                        plain,
                        json,
                    }
                };
                out.rows
                    .push(columns.iter().zip(&out.columns).map(cell).collect());
            }
        }
        out
    }

    pub(crate) fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == column)
    }
}

/// Runs what is prepared; the first result counts.
pub(crate) fn run(session: &Session, prepared: Prepared) -> Outcome {
    if prepared.error().is_some() {
        let errors = prepared.diagnostics.into_iter();
        return Outcome::Errors(
            errors.filter(Diagnostic::is_error).collect(),
            prepared.sources,
        );
    }
    let mut rows = Collected::default();
    match session.run(&prepared, &mut rows) {
        Err(d) => Outcome::Errors(vec![d], prepared.sources),
        Ok(_) => Outcome::Rows(rows.results.first().map(Table::of).unwrap_or_default()),
    }
}
