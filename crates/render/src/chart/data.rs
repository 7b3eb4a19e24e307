//! The rows that a chart is made of.

use crate::cell::Cells;
use arrow::array::RecordBatch;
use kql_types::dynamic::json::write_json;
use kql_types::{ColumnSchema, DynRef, text};

/// A value as far as a chart tells values apart.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// No value.
    Null,
    /// A number.
    Number(f64),
    /// Ticks since 0001-01-01.
    Time(i64),
    /// Ticks.
    Span(i64),
    /// Anything else.
    Text(String),
    /// An array, such as those of `make-series`.
    List(Vec<Cell>),
}

/// Rows of a result.
#[derive(Debug, Clone, Default)]
pub struct Data {
    /// The columns.
    pub columns: Vec<ColumnSchema>,
    /// A cell a column.
    pub rows: Vec<Vec<Cell>>,
}

impl Data {
    /// No rows yet.
    pub fn new(columns: &[ColumnSchema]) -> Data {
        Data {
            columns: columns.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds the rows of a batch; one whose columns are not of their types (our fault) adds none.
    pub fn push(&mut self, batch: &RecordBatch) {
        let cells = Cells::new(batch, &self.columns);
        let Some(any) = cells.any() else { return };
        for row in 0..batch.num_rows() {
            self.rows
                .push(any.iter().map(|c| cell(c.get(row))).collect());
        }
    }
}

fn cell(value: DynRef<'_>) -> Cell {
    match value {
        DynRef::Null => Cell::Null,
        DynRef::Bool(b) => Cell::Text(b.to_string()),
        #[allow(clippy::cast_precision_loss)]
        DynRef::Long(n) => Cell::Number(n as f64),
        DynRef::Real(x) if x.is_finite() => Cell::Number(x),
        DynRef::Real(_) => Cell::Null,
        DynRef::Decimal(d) => text::format_decimal(d)
            .parse()
            .map_or(Cell::Null, Cell::Number),
        DynRef::DateTime(t) => Cell::Time(t),
        DynRef::TimeSpan(t) => Cell::Span(t),
        DynRef::String(s) => Cell::Text(s.to_owned()),
        DynRef::Array(a) => Cell::List(a.iter().map(cell).collect()),
        other => {
            let mut out = String::new();
            match other {
                DynRef::Guid(g) => out = text::format_guid(&g),
                d => write_json(d, &mut out),
            }
            Cell::Text(out)
        }
    }
}

impl Cell {
    /// The value on an axis: numbers, ticks of times and seconds of spans.
    #[allow(clippy::cast_precision_loss)]
    pub fn number(&self) -> Option<f64> {
        match self {
            Cell::Number(x) => Some(*x),
            Cell::Time(t) => Some(*t as f64),
            Cell::Span(t) => Some(*t as f64 / 1e7),
            _ => None,
        }
    }

    /// The value as a label.
    pub fn label(&self) -> String {
        match self {
            Cell::Null => "null".to_owned(),
            Cell::Number(x) => super::scale::number(*x),
            Cell::Time(t) => short_time(*t),
            Cell::Span(t) => text::format_timespan(*t),
            Cell::Text(s) => crate::table::flat(s),
            Cell::List(l) => l.iter().map(Cell::label).collect::<Vec<_>>().join(", "),
        }
    }
}

/// A time without the parts that are zero.
fn short_time(ticks: i64) -> String {
    let full = text::format_datetime_iso(ticks);
    let text = full.trim_end_matches('Z').replace('T', " ");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    let padded = match text.len() {
        0..=10 => full.get(..10),
        11..=16 => full.get(..16),
        17..=19 => full.get(..19),
        _ => None,
    };
    padded
        .map_or_else(|| text.to_owned(), |p| p.replace('T', " "))
        .trim_end_matches(" 00:00")
        .trim_end_matches(":00:00")
        .to_owned()
}
