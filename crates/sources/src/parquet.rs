//! Parquet files through DataFusion's listing table, which prunes row groups and pages.

use crate::error::SourceError;
use crate::table::{StoredColumn, Table, reads_as, type_of};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{
    ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl,
};
use kql_types::ColumnSchema;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The schema of a file, texts as views.
fn schema_of(file: &Path) -> Result<SchemaRef, SourceError> {
    let open = std::fs::File::open(file).map_err(|e| SourceError::io(file, &e))?;
    let meta = ArrowReaderMetadata::load(&open, ArrowReaderOptions::new())
        .map_err(|e| SourceError::bad_file(file, format!("this is no whole Parquet file: {e}")))?;
    let fields: Vec<Field> = meta
        .schema()
        .fields()
        .iter()
        .map(|f| match f.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 => Field::new(f.name(), DataType::Utf8View, true),
            DataType::Binary | DataType::LargeBinary => {
                Field::new(f.name(), DataType::BinaryView, true)
            }
            other => Field::new(f.name(), other.clone(), true),
        })
        .collect();
    Ok(Arc::new(Schema::new(fields)))
}

/// Opens files as one table; a column that a file lacks is null there.
pub(crate) fn open(
    name: &str,
    files: &[PathBuf],
    known: Option<&[ColumnSchema]>,
) -> Result<Table, SourceError> {
    let mut fields: Vec<Field> = Vec::new();
    for file in files {
        for f in schema_of(file)?.fields() {
            match fields.iter().find(|have| have.name() == f.name()) {
                None => fields.push(f.as_ref().clone()),
                Some(have) if have.data_type() == f.data_type() => {}
                Some(have) => {
                    return Err(SourceError::bad_file(
                        file,
                        format!(
                            "column `{}` has another type than in the files before ({})",
                            f.name(),
                            have.name()
                        ),
                    ));
                }
            }
        }
    }
    let mut columns = Vec::with_capacity(fields.len());
    for f in &fields {
        let declared = known
            .and_then(|k| k.iter().find(|c| c.name == *f.name()))
            .map(|c| c.ty);
        let ty = match declared {
            Some(t) if reads_as(f.data_type(), t) => Some(t),
            _ => type_of(f.data_type()),
        };
        // A column of a type that KQL has not is left out.
        if let Some(ty) = ty {
            columns.push(StoredColumn {
                name: f.name().clone(),
                ty,
                stored: f.data_type().clone(),
            });
        }
    }
    let mut urls = Vec::with_capacity(files.len());
    for file in files {
        let absolute = std::fs::canonicalize(file).map_err(|e| SourceError::io(file, &e))?;
        let url = url_of(&absolute).ok_or_else(|| {
            SourceError::new(kql_diag::codes::INPUT, "the path is no UTF-8 text").at(file)
        })?;
        urls.push(
            ListingTableUrl::parse(url).map_err(|e| SourceError::bad_file(file, e.to_string()))?,
        );
    }
    let listing = ListingOptions::new(Arc::new(ParquetFormat::default())).with_file_extension("");
    let config = ListingTableConfig::new_with_multi_paths(urls)
        .with_listing_options(listing)
        .with_schema(Arc::new(Schema::new(fields)));
    let provider = ListingTable::try_new(config)
        .map_err(|e| SourceError::new(kql_diag::codes::INPUT, e.to_string()))?;
    Ok(Table {
        name: name.to_owned(),
        columns,
        absent: Vec::new(),
        provider: Arc::new(provider),
    })
}

/// `file://` and the path, with what a URL must not hold written as `%XX`.
fn url_of(path: &Path) -> Option<String> {
    let mut out = "file://".to_owned();
    for b in path.to_str()?.bytes() {
        if b.is_ascii_alphanumeric() || b"/-_.~=+,@:".contains(&b) {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    Some(out)
}
