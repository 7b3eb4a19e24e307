//! Text formats as tables: files are read and cut into chunks by one thread at a time, and taken apart into batches of
//! typed columns by several. Only the wanted columns are converted.

mod bytes;
mod cells;
mod chunks;
mod columns;
mod cut;
pub(crate) mod json;
mod objects;
mod rows;
mod sample;
mod scan;
mod separated;
mod utf16;
mod zeek;

pub(crate) use bytes::{entries, head, is_zip, open};
pub(crate) use columns::Columns;
pub(crate) use sample::{sample, type_of_texts};
pub(crate) use separated::{Dialect, Header};

use crate::entry::DataFile;
use crate::table::StoredColumn;
use crate::tables::{Skipped, SourceOptions};
use arrow::datatypes::{Field, Schema, SchemaRef};
use async_trait::async_trait;
use cut::Records;
use datafusion::catalog::{Session, TableProvider};
use datafusion::datasource::source::DataSourceExec;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, TableType};
use datafusion::physical_plan::ExecutionPlan;
use kql_functions::adapter::arrow_type;
use kql_types::Type;
use kql_types::dynamic::json as dynamic_json;
use std::sync::Arc;

/// How rows stand in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Cells with a separator, quoted as in RFC 4180.
    Separated(Dialect),
    /// An object a line.
    JsonLines,
    /// An array of objects, or objects one after the other.
    Json,
    /// A line is one cell.
    Lines,
    /// The whole text is one cell.
    Whole,
}

impl Layout {
    fn records(self) -> Records {
        match self {
            Layout::Separated(d) => Records::Separated {
                separator: d.separator,
            },
            Layout::JsonLines | Layout::Lines => Records::Lines,
            Layout::Json => Records::Values,
            Layout::Whole => Records::Whole,
        }
    }
}

/// Where a column's type comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The built-in schema of the table's name.
    BuiltIn,
    /// A `schema.json` or the query itself.
    Declared,
    /// The header of the file.
    Header,
    /// The first rows.
    Sampled,
}

impl Origin {
    fn says(self) -> &'static str {
        match self {
            Origin::BuiltIn => {
                "the built-in schema says so; a schema.json beside the file may say otherwise"
            }
            Origin::Declared => "its schema says so",
            Origin::Header => "the header says so; a schema.json beside the file may say otherwise",
            Origin::Sampled => {
                "the rows before say so; a schema.json beside the file may say otherwise"
            }
        }
    }
}

/// A column of a text table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TextColumn {
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) origin: Origin,
    /// Whether a partition folder gives it.
    pub(crate) folder: bool,
    /// The column of the files that it is, where that has another name.
    pub(crate) alias: Option<&'static str>,
}

impl TextColumn {
    /// Its name in the files.
    pub(crate) fn in_file(&self) -> &str {
        self.alias.unwrap_or(&self.name)
    }
}

/// A step into a JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    Key(String),
    Index(i64),
}

impl Step {
    fn borrow(&self) -> dynamic_json::Step<'_> {
        match self {
            Step::Key(k) => dynamic_json::Step::Key(k),
            Step::Index(i) => dynamic_json::Step::Index(*i),
        }
    }
}

/// How `externaldata` reads: cells by place; too many or too few of them, and values that cannot be read, are no fault.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct External {
    /// Whether the first record of each file is no data.
    pub(crate) skip_first: bool,
    /// Of each column: its cell; by place when it is not listed.
    pub(crate) cells: Vec<usize>,
    /// Of each column: its path into the object; its name when it is not listed.
    pub(crate) paths: Vec<Vec<Step>>,
}

/// Text files as a table.
#[derive(Debug, Clone)]
pub(crate) struct TextTable {
    pub(crate) name: String,
    pub(crate) files: Arc<Vec<DataFile>>,
    pub(crate) layout: Layout,
    pub(crate) columns: Vec<TextColumn>,
    pub(crate) options: SourceOptions,
    pub(crate) skipped: Skipped,
    pub(crate) external: Option<External>,
    schema: SchemaRef,
}

impl TextTable {
    pub(crate) fn new(
        name: &str,
        files: Vec<DataFile>,
        layout: Layout,
        columns: Vec<TextColumn>,
        options: SourceOptions,
        skipped: Skipped,
        external: Option<External>,
    ) -> Self {
        let fields: Vec<Field> = columns
            .iter()
            .map(|c| Field::new(&c.name, arrow_type(c.ty), true))
            .collect();
        TextTable {
            name: name.to_owned(),
            files: Arc::new(files),
            layout,
            columns,
            options,
            skipped,
            external,
            schema: Arc::new(Schema::new(fields)),
        }
    }

    pub(crate) fn stored(&self) -> Vec<StoredColumn> {
        self.columns
            .iter()
            .map(|c| StoredColumn {
                name: c.name.clone(),
                ty: c.ty,
                stored: arrow_type(c.ty),
            })
            .collect()
    }

    fn skips_first(&self) -> bool {
        self.external.as_ref().is_some_and(|e| e.skip_first)
    }

    /// The path of a column into an object; none for a partition folder.
    fn path(&self, column: usize) -> Option<Vec<Step>> {
        let c = self.columns.get(column).filter(|c| !c.folder)?;
        let mapped = self.external.as_ref().and_then(|e| e.paths.get(column));
        Some(match mapped {
            Some(path) => path.clone(),
            None => vec![Step::Key(c.in_file().to_owned())],
        })
    }
}

#[async_trait]
impl TableProvider for TextTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        _state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let wanted: Vec<usize> = projection
            .cloned()
            .unwrap_or_else(|| (0..self.columns.len()).collect());
        let source = scan::TextScan::try_new(Arc::new(self.clone()), wanted, limit)?;
        Ok(DataSourceExec::from_data_source(source))
    }
}
