//! One value as text.

use arrow::array::RecordBatch;
use kql_functions::adapter::{Any, Column};
use kql_types::dynamic::json::write_json;
use kql_types::{ColumnSchema, DynRef, text};
use std::fmt::Write;

/// The columns of a batch, ready to be read cell by cell.
pub struct Cells {
    columns: Vec<Column>,
}

impl Cells {
    /// Reads a batch whose arrays are those of the KQL types.
    pub fn new(batch: &RecordBatch, columns: &[ColumnSchema]) -> Self {
        let columns = batch
            .columns()
            .iter()
            .zip(columns)
            .map(|(a, c)| Column::new(std::sync::Arc::clone(a), c.ty))
            .collect();
        Cells { columns }
    }

    /// The typed columns; none when a column is not of its type (our fault).
    pub fn any(&self) -> Option<Vec<Any<'_>>> {
        self.columns.iter().map(|c| c.any().ok()).collect()
    }
}

/// A JSON string.
fn quote(s: &str, out: &mut String) {
    match serde_json::to_string(s) {
        Ok(q) => out.push_str(&q),
        Err(_) => out.push_str("\"\""),
    }
}

/// A timespan with its seven digits, always.
fn timespan(ticks: i64) -> String {
    let t = text::format_timespan(ticks);
    if t.rfind('.').is_some_and(|i| t.len() - i == 8) {
        t
    } else {
        format!("{t}.0000000")
    }
}

/// A cell as the contract's JSON.
pub fn json_cell(column: &Any<'_>, row: usize, out: &mut String) {
    match column {
        Any::String(c) => quote(c.get(row), out),
        Any::Decimal(c) => match c.get(row) {
            Some(d) => quote(&text::format_decimal(d), out),
            None => out.push_str("null"),
        },
        Any::Real(c) => match c.get(row) {
            None => out.push_str("null"),
            Some(x) if x.is_nan() => out.push_str("\"NaN\""),
            Some(x) if x.is_infinite() => out.push_str(if x > 0.0 {
                "\"Infinity\""
            } else {
                "\"-Infinity\""
            }),
            Some(x) => match serde_json::Number::from_f64(x) {
                Some(n) => {
                    let _ = write!(out, "{n}");
                }
                None => out.push_str("null"),
            },
        },
        Any::Dynamic(c) => match c.get(row) {
            DynRef::Null => out.push_str("null"),
            d => write_json(d, out),
        },
        other => match other.get(row) {
            DynRef::Bool(b) => out.push_str(if b { "true" } else { "false" }),
            DynRef::Long(n) => {
                let _ = write!(out, "{n}");
            }
            DynRef::DateTime(t) => quote(&text::format_datetime_iso(t), out),
            DynRef::TimeSpan(t) => quote(&timespan(t), out),
            DynRef::Guid(g) => quote(&text::format_guid(&g), out),
            _ => out.push_str("null"),
        },
    }
}

/// A cell as plain text (CSV, the terminal); a null is empty.
pub fn plain_cell(column: &Any<'_>, row: usize, out: &mut String) {
    match column {
        Any::String(c) => out.push_str(c.get(row)),
        other => match other.get(row) {
            DynRef::Null => {}
            DynRef::Bool(b) => out.push_str(if b { "true" } else { "false" }),
            DynRef::Long(n) => {
                let _ = write!(out, "{n}");
            }
            DynRef::Real(x) => out.push_str(&text::format_real(x)),
            DynRef::Decimal(d) => out.push_str(&text::format_decimal(d)),
            DynRef::DateTime(t) => out.push_str(&text::format_datetime_iso(t)),
            DynRef::TimeSpan(t) => out.push_str(&text::format_timespan(t)),
            DynRef::Guid(g) => out.push_str(&text::format_guid(&g)),
            DynRef::String(s) => out.push_str(s),
            d => write_json(d, out),
        },
    }
}
