//! The files of a session as tables of the binder and the planner.

use crate::errors::source_error;
use crate::run::CollectedResult;
use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::datatypes::{Field, Schema, SchemaRef};
use datafusion::datasource::MemTable;
use datafusion::datasource::empty::EmptyTable;
use kql_bind::scope::TableSchema;
use kql_diag::{Diagnostic, Span, codes};
use kql_functions::adapter::arrow_type;
use kql_plan::{StoredColumn, StoredTable, TableSource};
use kql_sources::{ExternalMap, SourceError, Table, Tables, builtin};
use kql_types::{ColumnSchema, Type, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, RwLock};

/// What the user named: tables, and where `externaldata` finds its files.
#[derive(Debug, Default)]
pub struct Workspace {
    tables: Tables,
    external: ExternalMap,
    /// Tables whose files could not be opened while a text was bound.
    broken: Mutex<Vec<(String, SourceError)>>,
    /// Rows that the program itself gave, by name.
    held: RwLock<BTreeMap<String, Held>>,
    /// Tables that the program registered.
    registered: RwLock<BTreeMap<String, Arc<Table>>>,
}

/// Rows in memory as a table.
#[derive(Debug, Clone)]
struct Held {
    columns: Vec<ColumnSchema>,
    provider: Arc<MemTable>,
}

impl Workspace {
    /// A workspace over tables.
    pub fn new(tables: Tables, mut external: ExternalMap) -> Self {
        external.roots.extend(tables.roots());
        Workspace {
            tables,
            external,
            broken: Mutex::default(),
            held: RwLock::default(),
            registered: RwLock::default(),
        }
    }

    /// The workspace with a result as a table of its own. Columns that the table is known to have and the result lacks
    /// can be named.
    ///
    /// # Errors
    /// A column has another type than the built-in schema gives it.
    pub fn with_rows(mut self, name: &str, result: CollectedResult) -> Result<Self, SourceError> {
        let known = builtin::schema(name).unwrap_or_default();
        let columns = result.info.columns;
        for c in &columns {
            if let Some(k) = known.iter().find(|k| k.name == c.name && k.ty != c.ty) {
                let message = format!(
                    "column `{}` of `{name}` is {}, and the rows that are given have {}",
                    c.name, k.ty, c.ty
                );
                return Err(SourceError::new(codes::TYPE_MISMATCH, message));
            }
        }
        let fields: Vec<Field> = columns
            .iter()
            .map(|c| Field::new(&c.name, arrow_type(c.ty), true))
            .collect();
        let broken = |e: datafusion::error::DataFusionError| {
            SourceError::new(codes::INTERNAL, format!("the rows make no table: {e}"))
        };
        let table = MemTable::try_new(Arc::new(Schema::new(fields)), vec![result.batches]);
        let provider = Arc::new(table.map_err(broken)?);
        let absent = known
            .iter()
            .filter(|k| !columns.iter().any(|c| c.name == k.name));
        self.tables.give(Table {
            name: name.to_owned(),
            absent: absent.cloned().collect(),
            columns: columns
                .into_iter()
                .map(|c| kql_sources::StoredColumn {
                    name: c.name,
                    ty: c.ty,
                    stored: arrow_type(c.ty),
                })
                .collect(),
            hidden: Vec::new(),
            provider,
        });
        Ok(self)
    }

    /// Makes rows a table of this name, in place of what had it. They are seen by queries, and not among the names.
    ///
    /// # Errors
    /// The batches are not of the columns.
    pub fn hold(&self, name: &str, rows: &CollectedResult) -> Result<(), String> {
        let mut columns = rows.info.columns.clone();
        // A table has no two columns of one name.
        for i in 1..columns.len() {
            let mut n = 1;
            let own = columns[i].name.clone();
            while columns[..i].iter().any(|c| c.name == columns[i].name) {
                columns[i].name = format!("{own}{n}");
                n += 1;
            }
        }
        let fields: Vec<Field> = columns
            .iter()
            .map(|c| Field::new(&c.name, arrow_type(c.ty), true))
            .collect();
        let schema = Arc::new(Schema::new(fields));
        let mut batches = Vec::with_capacity(rows.batches.len());
        for b in &rows.batches {
            let options = RecordBatchOptions::new().with_row_count(Some(b.num_rows()));
            let batch = RecordBatch::try_new_with_options(
                Arc::clone(&schema),
                b.columns().to_vec(),
                &options,
            );
            batches.push(batch.map_err(|e| e.to_string())?);
        }
        let table = MemTable::try_new(schema, vec![batches]).map_err(|e| e.to_string())?;
        if let Ok(mut held) = self.held.write() {
            let provider = Arc::new(table);
            held.insert(name.to_owned(), Held { columns, provider });
        }
        Ok(())
    }

    /// Forgets the rows of this name.
    pub fn release(&self, name: &str) {
        if let Ok(mut held) = self.held.write() {
            held.remove(name);
        }
    }

    fn held(&self, name: &str) -> Option<Held> {
        self.held.read().ok()?.get(name).cloned()
    }

    /// Makes rows in memory a table of this name, in place of what had it. Their Arrow types are read as those of a Parquet
    /// file are. What is worth knowing about columns comes back.
    ///
    /// # Errors
    /// The columns have one name twice, or a value is none of its column's type.
    pub fn register(
        &self,
        name: &str,
        schema: &SchemaRef,
        batches: &[RecordBatch],
    ) -> Result<Vec<String>, Diagnostic> {
        let given = Table::given(name, schema, batches);
        let (table, notes) = given.map_err(|e| source_error(&e, Span::default()))?;
        if let Ok(mut all) = self.registered.write() {
            all.insert(name.to_owned(), Arc::new(table));
        }
        Ok(notes)
    }

    /// Forgets a registered table; whether there was one.
    pub fn deregister(&self, name: &str) -> bool {
        let all = self.registered.write();
        all.is_ok_and(|mut all| all.remove(name).is_some())
    }

    /// A registered table, else that of files.
    fn table_named(&self, name: &str) -> Option<Result<Arc<Table>, SourceError>> {
        let own = self
            .registered
            .read()
            .ok()
            .and_then(|all| all.get(name).cloned());
        own.map(Ok).or_else(|| self.tables.get(name))
    }

    /// Names of the tables with data, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut names = self.tables.names();
        if let Ok(own) = self.registered.read() {
            names.extend(own.keys().cloned());
            names.sort();
            names.dedup();
        }
        names
    }

    /// Things worth knowing about the files.
    pub fn notes(&self) -> &[String] {
        self.tables.notes()
    }

    /// Things worth knowing that were seen while rows were read.
    pub fn late_notes(&self) -> Vec<String> {
        self.tables.skipped().notes()
    }

    /// The names of the watchlists, sorted.
    pub(crate) fn watchlists(&self) -> Vec<String> {
        self.tables.watchlists()
    }

    /// Rows that were left out because they could not be read.
    pub fn skipped_rows(&self) -> u64 {
        self.tables.skipped().count()
    }

    /// Whether there is a table of this name, with data or without.
    pub(crate) fn has(&self, name: &str) -> bool {
        match self.table_named(name) {
            None => builtin::is_known(name) || self.held(name).is_some(),
            Some(_) => self.schema(name).is_some(),
        }
    }

    /// A table as the binder sees it: from its files, else from what is known of its name.
    pub fn schema(&self, name: &str) -> Option<TableSchema> {
        if let Some(held) = self.held(name) {
            return Some(TableSchema {
                name: name.to_owned(),
                columns: held.columns,
                has_data: true,
                ..TableSchema::default()
            });
        }
        match self.table_named(name) {
            Some(Ok(t)) => {
                let mut columns: Vec<ColumnSchema> = t
                    .columns
                    .iter()
                    .map(|c| ColumnSchema {
                        name: c.name.clone(),
                        ty: c.ty,
                    })
                    .collect();
                let hidden = t.hidden.iter().map(|c| ColumnSchema {
                    name: c.name.clone(),
                    ty: c.ty,
                });
                let mut absent: Vec<ColumnSchema> =
                    hidden.chain(t.absent.iter().cloned()).collect();
                if self.tables.options().full_schema {
                    columns.append(&mut absent);
                }
                Some(TableSchema {
                    name: name.to_owned(),
                    columns,
                    absent,
                    has_data: true,
                    constants: Vec::new(),
                })
            }
            Some(Err(e)) => {
                if let Ok(mut broken) = self.broken.lock() {
                    broken.push((name.to_owned(), e));
                }
                None
            }
            None => {
                let columns = builtin::schema(name)?;
                Some(TableSchema {
                    name: name.to_owned(),
                    columns,
                    ..TableSchema::default()
                })
            }
        }
    }

    /// Whether reading some columns of a table costs no more than those columns; its number of rows is known then.
    pub(crate) fn reads_columns_apart(&self, name: &str) -> bool {
        self.held(name).is_none()
            && matches!(self.table_named(name), Some(Ok(t)) if t.provider.statistics().is_some())
    }

    /// Files that have changed are opened again.
    pub(crate) fn refresh(&self) {
        self.tables.refresh();
    }

    /// The tables that could not be opened since the last call.
    pub(crate) fn take_broken(&self) -> Vec<(String, SourceError)> {
        self.broken
            .lock()
            .map(|mut b| std::mem::take(&mut *b))
            .unwrap_or_default()
    }
}

fn stored(table: &Table) -> StoredTable {
    StoredTable {
        columns: table
            .columns
            .iter()
            .chain(&table.hidden)
            .map(|c| StoredColumn {
                name: c.name.clone(),
                ty: c.ty,
                stored: c.stored.clone(),
            })
            .collect(),
        provider: Arc::clone(&table.provider),
    }
}

impl TableSource for Workspace {
    fn table(&self, name: &str, span: Span) -> Result<StoredTable, Diagnostic> {
        if let Some(held) = self.held(name) {
            let columns = held.columns.into_iter().map(|c| StoredColumn {
                name: c.name,
                ty: c.ty,
                stored: arrow_type(c.ty),
            });
            return Ok(StoredTable {
                columns: columns.collect(),
                provider: held.provider,
            });
        }
        match self.table_named(name) {
            Some(Ok(t)) => Ok(stored(&t)),
            Some(Err(e)) => Err(source_error(&e, span)),
            None => {
                // A known table without data, under `--empty-tables`.
                let columns = builtin::schema(name)
                    .or_else(|| builtin::graph_schema(name))
                    .ok_or_else(|| {
                        Diagnostic::error(
                            codes::UNKNOWN_TABLE,
                            span,
                            format!("table `{name}` not found"),
                        )
                    })?;
                let fields: Vec<Field> = columns
                    .iter()
                    .map(|c| Field::new(&c.name, arrow_type(c.ty), true))
                    .collect();
                let provider = Arc::new(EmptyTable::new(Arc::new(Schema::new(fields))));
                let columns = columns
                    .into_iter()
                    .map(|c| StoredColumn {
                        name: c.name,
                        ty: c.ty,
                        stored: arrow_type(c.ty),
                    })
                    .collect();
                Ok(StoredTable { columns, provider })
            }
        }
    }

    fn external(
        &self,
        columns: &[(String, Type)],
        locations: &[String],
        properties: &[(String, Value)],
        span: Span,
    ) -> Result<StoredTable, Diagnostic> {
        self.external
            .open(
                columns,
                locations,
                properties,
                self.tables.options(),
                self.tables.skipped(),
            )
            .map(|t| stored(&t))
            .map_err(|e| source_error(&e, span))
    }
}
