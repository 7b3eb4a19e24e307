//! Files that have types of their own: Parquet and Arrow.

mod batches;
mod convert;
mod given;
mod local;
mod parquet;
mod settled;
mod shape;

pub(crate) use parquet::newest;

use crate::entry::DataFile;
use crate::error::SourceError;
use crate::format::Format;
use crate::known::Known;
use crate::table::{StoredColumn, Table};
use crate::tables::{Skipped, SourceOptions};
use crate::text;
use datafusion::catalog::TableProvider;
use shape::{Column, Shape};
use std::sync::Arc;

/// Opens files as one table; a column that a file lacks is null there.
pub(crate) fn open(
    name: &str,
    format: Format,
    files: &[DataFile],
    known: &Known,
    options: &SourceOptions,
    skipped: &Skipped,
) -> Result<Table, SourceError> {
    // DataFusion reads Parquet files where they lie; what is packed, and Arrow, we read ourselves.
    let footers = match format {
        Format::Parquet => parquet::footers(files, options.threads)?,
        _ => None,
    };
    let mut shape = Shape::default();
    for (i, file) in files.iter().enumerate() {
        let fields = match footers.as_ref().and_then(|f| f.get(i)) {
            Some(footer) => footer.schema().fields().clone(),
            None => batches::fields(file, format, options)?,
        };
        shape.add(&fields).map_err(|column| {
            SourceError::bad_file(
                &file.shown(),
                format!("column `{column}` has another type than in the files before"),
            )
        })?;
    }
    let columns = shape.columns(name, known, skipped);
    let folders = folder_columns(files, known, &columns);
    let stored: Vec<StoredColumn> = columns
        .iter()
        .map(|c| StoredColumn {
            name: c.name.clone(),
            ty: c.ty,
            stored: c.stored(),
        })
        .chain(folders.iter().cloned())
        .collect();
    let provider: Arc<dyn TableProvider> = match footers {
        Some(footers) => Arc::new(parquet::ParquetTable::new(
            files, footers, columns, &folders,
        )?),
        None => Arc::new(batches::BatchTable::new(
            files, format, columns, &folders, options,
        )),
    };
    Ok(Table {
        name: name.to_owned(),
        columns: stored,
        hidden: Vec::new(),
        absent: Vec::new(),
        provider,
    })
}

/// Columns that partition folders give and the files lack.
fn folder_columns(files: &[DataFile], known: &Known, columns: &[Column]) -> Vec<StoredColumn> {
    let mut out: Vec<StoredColumn> = Vec::new();
    for (key, _) in files.iter().flat_map(|f| &f.folders) {
        if columns.iter().any(|c| c.name == *key) || out.iter().any(|c| c.name == *key) {
            continue;
        }
        let values = files
            .iter()
            .flat_map(|f| &f.folders)
            .filter(|(k, _)| k == key)
            .map(|(_, v)| v.as_str());
        let ty = known
            .column(key)
            .map_or_else(|| text::type_of_texts(values), |(t, _)| t);
        out.push(StoredColumn {
            name: key.clone(),
            ty,
            stored: kql_functions::adapter::arrow_type(ty),
        });
    }
    out
}
