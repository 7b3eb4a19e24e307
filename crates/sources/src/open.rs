//! A table from its files and what is known of it.

use crate::binary;
use crate::discover::Found;
use crate::error::SourceError;
use crate::known::Known;
use crate::table::Table;
use crate::tables::{Skipped, SourceOptions};
use crate::text::{Layout, Origin, TextColumn, TextTable, sample, type_of_texts};
use kql_types::{ColumnSchema, Type};
use std::sync::Arc;

/// Opens a table: reads the schema of its files, and of text files a sample.
pub(crate) fn table(
    name: &str,
    found: &Found,
    options: &SourceOptions,
    skipped: &Skipped,
) -> Result<Table, SourceError> {
    let known = Known::of(name, found);
    let mut table = match found.format.layout() {
        Some(layout) => text(name, found, layout, &known, options, skipped)?,
        None => binary::open(name, found.format, &found.files, &known, options, skipped)?,
    };
    let lacks = |k: &ColumnSchema| {
        !table
            .columns
            .iter()
            .chain(&table.hidden)
            .any(|c| c.name == k.name)
    };
    table.absent = known.all().into_iter().filter(lacks).collect();
    Ok(table)
}

fn text(
    name: &str,
    found: &Found,
    layout: Layout,
    known: &Known,
    options: &SourceOptions,
    skipped: &Skipped,
) -> Result<Table, SourceError> {
    let files = Arc::new(found.files.clone());
    let sample = sample(&files, layout, &known.expected(), options)?;
    let mut columns: Vec<TextColumn> = Vec::with_capacity(sample.columns.len());
    for c in sample.columns {
        let (ty, origin) = match (known.column(&c.name), c.header, c.misfit) {
            (Some((ty, Origin::BuiltIn)), None, Some(value)) => {
                skipped.note(format!(
                    "table `{name}`: `{value}` in column `{}` is no {ty}, as the built-in schema has it; the column is {}",
                    c.name, c.ty
                ));
                (c.ty, Origin::Sampled)
            }
            (Some((ty, Origin::Declared)), ..) => (ty, Origin::Declared),
            _ if found.watchlist => (Type::String, Origin::Declared),
            (_, Some(ty), _) => (ty, Origin::Header),
            (Some(known), ..) => known,
            (None, None, _) => (c.ty, Origin::Sampled),
        };
        columns.push(TextColumn {
            name: c.name,
            ty,
            origin,
            folder: false,
            alias: None,
        });
    }
    folder_columns(found, known, &mut columns);
    event_time(known, &mut columns);
    if columns.is_empty() && !known.is_some() {
        let file = found.files.first().map(|f| f.shown()).unwrap_or_default();
        return Err(SourceError::bad_file(
            &file,
            "the file is empty, and nothing tells its columns",
        )
        .with_help("a schema.json beside it can declare them"));
    }
    // A JSON object need not have every property: what is known may come behind the sample.
    let shown = columns.len();
    if matches!(layout, Layout::Json | Layout::JsonLines) && !sample.whole {
        for k in known.all() {
            if !columns.iter().any(|c| c.name == k.name)
                && let Some((ty, origin)) = known.column(&k.name)
            {
                columns.push(TextColumn {
                    name: k.name,
                    ty,
                    origin,
                    folder: false,
                    alias: None,
                });
            }
        }
    }
    let text = TextTable::new(
        name,
        found.files.clone(),
        layout,
        columns,
        options.clone(),
        skipped.clone(),
        None,
    );
    let mut stored = text.stored();
    let hidden = stored.split_off(shown);
    Ok(Table {
        name: name.to_owned(),
        columns: stored,
        hidden,
        absent: Vec::new(),
        provider: Arc::new(text),
    })
}

/// Rows out of Defender have `Timestamp` only, and in a workspace the same time is `TimeGenerated` too.
fn event_time(known: &Known, columns: &mut Vec<TextColumn>) {
    let has = |name: &str| {
        columns
            .iter()
            .any(|c| c.name == name && c.ty == Type::DateTime)
    };
    let is_known = |name: &str| known.column(name).is_some_and(|(t, _)| t == Type::DateTime);
    let both = is_known("TimeGenerated") && is_known("Timestamp");
    if both && has("Timestamp") && !columns.iter().any(|c| c.name == "TimeGenerated") {
        columns.push(TextColumn {
            name: "TimeGenerated".to_owned(),
            ty: Type::DateTime,
            origin: Origin::BuiltIn,
            folder: false,
            alias: Some("Timestamp"),
        });
    }
}

/// Adds the columns that partition folders give and the files lack.
fn folder_columns(found: &Found, known: &Known, columns: &mut Vec<TextColumn>) {
    let mut names: Vec<&str> = Vec::new();
    for (key, _) in found.files.iter().flat_map(|f| &f.folders) {
        if !names.contains(&key.as_str()) && !columns.iter().any(|c| c.name == *key) {
            names.push(key);
        }
    }
    for name in names {
        let values = found
            .files
            .iter()
            .flat_map(|f| &f.folders)
            .filter(|(k, _)| k == name)
            .map(|(_, v)| v.as_str());
        let (ty, origin) = known
            .column(name)
            .unwrap_or((type_of_texts(values), Origin::Sampled));
        columns.push(TextColumn {
            name: name.to_owned(),
            ty,
            origin,
            folder: true,
            alias: None,
        });
    }
}
