//! Files in a folder of their own, and tables as text.
#![allow(dead_code)]

use datafusion::arrow::array::{Array, RecordBatch};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::prelude::{SessionConfig, SessionContext};
use kql_functions::adapter::{Column, arrow_type};
use kql_sources::{DataSpec, SourceError, SourceOptions, Table, Tables};
use kql_types::dynamic::DynWriter;
use kql_types::dynamic::json::to_text;
use kql_types::{DynRef, Value};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A folder that is deleted at the end.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub fn text(&self) -> String {
        self.0.path().display().to_string()
    }

    pub fn tables(&self) -> Tables {
        open(&[&self.text()], SourceOptions::default()).unwrap()
    }
}

pub fn open(specs: &[&str], options: SourceOptions) -> Result<Tables, SourceError> {
    let specs: Vec<DataSpec> = specs.iter().map(|s| DataSpec::parse(s)).collect();
    Tables::open(&specs, options)
}

/// `name:type` of the columns.
pub fn schema(table: &Table) -> String {
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|c| format!("{}:{}", c.name, c.ty))
        .collect();
    columns.join(",")
}

pub fn schema_of(tables: &Tables, name: &str) -> String {
    schema(&tables.get(name).unwrap().unwrap())
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Runtime::new().unwrap()
}

/// The batches of some columns, by name.
pub fn batches(table: &Table, names: &[&str]) -> Result<Vec<RecordBatch>, SourceError> {
    let mut config = SessionConfig::new().with_target_partitions(2);
    config
        .options_mut()
        .execution
        .parquet
        .schema_force_view_types = true;
    let context = SessionContext::new_with_config(config);
    let schema = table.provider.schema();
    let places: Vec<usize> = names.iter().map(|n| schema.index_of(n).unwrap()).collect();
    runtime().block_on(async {
        let state = context.state();
        let plan = table
            .provider
            .scan(&state, Some(&places), &[], None)
            .await
            .unwrap();
        datafusion::physical_plan::collect(plan, context.task_ctx())
            .await
            .map_err(|e| source_error(&e))
    })
}

fn source_error(e: &(dyn std::error::Error + 'static)) -> SourceError {
    let mut at = Some(e);
    while let Some(error) = at {
        if let Some(s) = error.downcast_ref::<SourceError>() {
            return s.clone();
        }
        if let Some(datafusion::error::DataFusionError::External(inner)) = error.downcast_ref()
            && let Some(s) = inner.downcast_ref::<SourceError>()
        {
            return s.clone();
        }
        at = error.source();
    }
    panic!("not a source error: {e}");
}

/// The rows of a table, cells separated by `|`; null is `null`.
pub fn rows(table: &Table) -> Result<Vec<String>, SourceError> {
    let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
    let mut out = Vec::new();
    for batch in batches(table, &names)? {
        for row in 0..batch.num_rows() {
            let cells: Vec<String> = batch
                .columns()
                .iter()
                .zip(&table.columns)
                .map(|(array, c)| {
                    if array.data_type() == &arrow_type(c.ty) {
                        let column = Column::new(Arc::clone(array), c.ty);
                        return shown(column.any().unwrap().to_value(row));
                    }
                    if array.is_null(row) {
                        return "null".to_owned();
                    }
                    let options = FormatOptions::default();
                    let f = ArrayFormatter::try_new(array, &options).unwrap();
                    f.value(row).to_string()
                })
                .collect();
            out.push(cells.join("|"));
        }
    }
    Ok(out)
}

pub fn rows_of(tables: &Tables, name: &str) -> Vec<String> {
    rows(&tables.get(name).unwrap().unwrap()).unwrap()
}

fn shown(v: Value) -> String {
    if v.is_null() {
        return "null".to_owned();
    }
    let mut w = DynWriter::new();
    w.tree(&v.to_dyn());
    let mut out = String::new();
    to_text(DynRef::new(&w.bytes), &mut out);
    out
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut e = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    e.write_all(bytes).unwrap();
    e.finish().unwrap()
}

pub fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut z = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        z.start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        z.write_all(bytes).unwrap();
    }
    z.finish().unwrap().into_inner()
}

/// A file of the workplace that may not be there.
pub fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared")
        .join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is not there", path.display());
    None
}
