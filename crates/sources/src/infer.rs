//! The columns of a text file: from what is known of the table, else from a sample of its rows.
//!
//! The sample is the first 1,000 rows of the first file. A column is long, real, bool, datetime or dynamic only when every
//! value that is not empty reads as such; digits with leading zeros or more than 15 of them, guids and mixed values stay
//! strings.

use crate::error::SourceError;
use crate::text::{Cell, Layout, for_each_row};
use kql_types::{ColumnSchema, Type};
use std::path::PathBuf;

const SAMPLE: usize = 1000;

/// What a column's values have been so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    Nothing,
    Only(Type),
    Mixed,
}

/// The columns in the order of the file; those that the file has and nobody knows get a type from the sample.
pub(crate) fn columns(
    files: &[PathBuf],
    layout: Layout,
    known: Option<&[ColumnSchema]>,
) -> Result<Vec<ColumnSchema>, SourceError> {
    let mut names: Vec<String> = Vec::new();
    let mut seen: Vec<Seen> = Vec::new();
    let Some(first) = files.first() else {
        return Ok(Vec::new());
    };
    let mut rows = 0;
    for_each_row(first, layout, &mut |header, _line, cells| {
        if let Some(header) = header {
            names = header.to_vec();
            seen = vec![Seen::Nothing; names.len()];
            return Ok(true);
        }
        for (i, cell) in cells.iter().enumerate() {
            let (name, index) = match cell {
                Cell::Named(name, _) => (Some(*name), None),
                Cell::Plain(_) => (None, Some(i)),
            };
            let index = match (name, index) {
                (Some(n), _) => names.iter().position(|m| m == n).unwrap_or_else(|| {
                    names.push(n.to_owned());
                    seen.push(Seen::Nothing);
                    names.len() - 1
                }),
                (_, Some(i)) => i,
                _ => continue,
            };
            if let Some(slot) = seen.get_mut(index) {
                *slot = merge(*slot, class(cell));
            }
        }
        rows += 1;
        Ok(rows < SAMPLE)
    })?;
    Ok(names
        .into_iter()
        .zip(seen)
        .map(|(name, seen)| {
            let declared = known
                .and_then(|k| k.iter().find(|c| c.name == name))
                .map(|c| c.ty);
            let ty = declared.unwrap_or(match seen {
                Seen::Only(t) => t,
                Seen::Nothing | Seen::Mixed => Type::String,
            });
            ColumnSchema { name, ty }
        })
        .collect())
}

fn merge(have: Seen, new: Option<Type>) -> Seen {
    match (have, new) {
        (have, None) => have,
        (Seen::Nothing, Some(t)) => Seen::Only(t),
        (Seen::Only(a), Some(b)) if a == b => have,
        (Seen::Only(Type::Long), Some(Type::Real)) | (Seen::Only(Type::Real), Some(Type::Long)) => {
            Seen::Only(Type::Real)
        }
        _ => Seen::Mixed,
    }
}

/// The type that a value looks like; none for an empty one.
fn class(cell: &Cell<'_>) -> Option<Type> {
    match cell {
        Cell::Plain(text) => of_text(text),
        Cell::Named(_, json) => match json.as_bytes().first() {
            Some(b'n') | None => None,
            Some(b't' | b'f') => Some(Type::Bool),
            Some(b'{' | b'[') => Some(Type::Dynamic),
            Some(b'"') => {
                let inner = json.trim_matches('"');
                match of_text(inner) {
                    Some(Type::DateTime) => Some(Type::DateTime),
                    None => None,
                    _ => Some(Type::String),
                }
            }
            _ => Some(if json.parse::<i64>().is_ok() {
                Type::Long
            } else {
                Type::Real
            }),
        },
    }
}

fn of_text(text: &str) -> Option<Type> {
    let t = text.trim();
    if t.is_empty() {
        return None;
    }
    if matches!(t, "true" | "false" | "True" | "False") {
        return Some(Type::Bool);
    }
    let digits = t.strip_prefix('-').unwrap_or(t);
    if digits.bytes().all(|b| b.is_ascii_digit()) && !digits.is_empty() {
        let plain = digits.len() <= 15 && (digits.len() == 1 || !digits.starts_with('0'));
        return Some(if plain { Type::Long } else { Type::String });
    }
    if digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.contains('.')
        && t.parse::<f64>().is_ok()
    {
        return Some(Type::Real);
    }
    if (t.starts_with('{') && t.ends_with('}')) || (t.starts_with('[') && t.ends_with(']')) {
        let mut w = kql_types::dynamic::DynWriter::new();
        if kql_types::dynamic::json::parse_json(t, &mut w) {
            return Some(Type::Dynamic);
        }
    }
    if t.len() >= 10
        && t.contains(':')
        && t.starts_with(|c: char| c.is_ascii_digit())
        && kql_types::text::parse_datetime(t).is_some()
    {
        return Some(Type::DateTime);
    }
    Some(Type::String)
}
