//! A table from its files and what is known of it.

use crate::discover::{Format, Found};
use crate::error::SourceError;
use crate::infer;
use crate::parquet;
use crate::table::Table;
use crate::tables::{Skipped, SourceOptions};
use crate::text::{Layout, TextTable};
use kql_types::ColumnSchema;
use std::sync::Arc;

/// Opens a table: reads the schema of its files, no rows.
pub(crate) fn table(
    name: &str,
    found: &Found,
    known: Option<&[ColumnSchema]>,
    options: &SourceOptions,
    skipped: &Skipped,
) -> Result<Table, SourceError> {
    let mut table = match found.format {
        Format::Parquet => parquet::open(name, &found.files, known)?,
        Format::Arrow => {
            return Err(SourceError::new(
                kql_diag::codes::NOT_SUPPORTED,
                "Arrow IPC files are not supported yet",
            ));
        }
        format => {
            let layout = match format {
                Format::Csv => Layout::Separated {
                    separator: b',',
                    header: true,
                },
                Format::Tsv => Layout::Separated {
                    separator: b'\t',
                    header: true,
                },
                Format::Json => Layout::JsonArray,
                _ => Layout::JsonLines,
            };
            let columns = infer::columns(&found.files, layout, known)?;
            let text = TextTable::new(
                found.files.clone(),
                layout,
                columns,
                options.clone(),
                skipped.clone(),
            );
            Table {
                name: name.to_owned(),
                columns: text.stored(),
                absent: Vec::new(),
                provider: Arc::new(text),
            }
        }
    };
    if let Some(known) = known {
        table.absent = known
            .iter()
            .filter(|k| !table.columns.iter().any(|c| c.name == k.name))
            .cloned()
            .collect();
    }
    Ok(table)
}
