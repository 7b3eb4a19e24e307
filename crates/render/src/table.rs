//! A table for the terminal: widths by content, numbers to the right, long cells cut with a mark.

use kql_types::{ColumnSchema, Type};
use std::fmt::Write;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The widest that one column gets.
const WIDEST: usize = 60;

/// Rows as text until they are shown.
#[derive(Debug, Default)]
pub struct TextTable {
    columns: Vec<ColumnSchema>,
    rows: Vec<Vec<Option<String>>>,
}

impl TextTable {
    /// A table without rows.
    pub fn new(columns: &[ColumnSchema]) -> Self {
        TextTable {
            columns: columns.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row; none is a null.
    pub fn push(&mut self, row: Vec<Option<String>>) {
        self.rows.push(row);
    }

    /// How many rows it has.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The text.
    pub fn show(&self) -> String {
        let shown = |cell: &Option<String>| match cell {
            None => "·".to_owned(),
            Some(text) => cut(&text.replace(['\n', '\r', '\t'], " ")),
        };
        let cells: Vec<Vec<String>> = self
            .rows
            .iter()
            .map(|r| r.iter().map(shown).collect())
            .collect();
        let widths: Vec<usize> = self
            .columns
            .iter()
            .enumerate()
            .map(|(i, c)| {
                let widest = cells
                    .iter()
                    .filter_map(|r| r.get(i))
                    .map(|t| t.width())
                    .max()
                    .unwrap_or(0);
                widest.max(c.name.width())
            })
            .collect();
        let mut out = String::new();
        let line = |out: &mut String, texts: &mut dyn Iterator<Item = (String, bool)>| {
            let mut text = String::new();
            for (i, ((t, right), width)) in texts.zip(&widths).enumerate() {
                if i > 0 {
                    text.push_str("  ");
                }
                let pad = " ".repeat(width.saturating_sub(t.width()));
                let _ = if right {
                    write!(text, "{pad}{t}")
                } else {
                    write!(text, "{t}{pad}")
                };
            }
            let _ = writeln!(out, "{}", text.trim_end());
        };
        let right = |c: &ColumnSchema| {
            matches!(
                c.ty,
                Type::Int | Type::Long | Type::Real | Type::Decimal | Type::TimeSpan
            )
        };
        line(
            &mut out,
            &mut self.columns.iter().map(|c| (c.name.clone(), right(c))),
        );
        line(
            &mut out,
            &mut widths.iter().map(|w| ("-".repeat(*w), false)),
        );
        for row in cells {
            line(
                &mut out,
                &mut row
                    .into_iter()
                    .zip(&self.columns)
                    .map(|(t, c)| (t, right(c))),
            );
        }
        out
    }
}

fn cut(text: &str) -> String {
    if text.width() <= WIDEST {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut width = 0;
    for c in text.chars() {
        width += c.width().unwrap_or(0);
        if width >= WIDEST {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_right_and_nulls_are_marked() {
        let mut t = TextTable::new(&[
            ColumnSchema::new("name", Type::String),
            ColumnSchema::new("n", Type::Long),
        ]);
        t.push(vec![Some("日本".into()), Some("5".into())]);
        t.push(vec![Some(String::new()), None]);
        assert_eq!(t.show(), "name  n\n----  -\n日本  5\n      ·\n");
    }
}
