//! The tables that the user named, opened when a query names them.

use crate::discover::{Found, discover};
use crate::error::SourceError;
use crate::table::Table;
use crate::{builtin, open};
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// `PATH` or `NAME=PATH` of `--data`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataSpec {
    /// The table's name, when it is given.
    pub name: Option<String>,
    /// A file, a folder or a glob.
    pub path: String,
}

impl DataSpec {
    /// From the text of the option.
    pub fn parse(text: &str) -> DataSpec {
        match text.split_once('=') {
            Some((name, path))
                if !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_') =>
            {
                DataSpec {
                    name: Some(name.to_owned()),
                    path: path.to_owned(),
                }
            }
            _ => DataSpec {
                name: None,
                path: text.to_owned(),
            },
        }
    }
}

/// What to do with a row that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BadRows {
    /// Stop with its place.
    #[default]
    Fail,
    /// Leave it out and count it.
    Skip,
}

/// Settings of reading.
#[derive(Debug, Clone)]
pub struct SourceOptions {
    /// Rows that cannot be read.
    pub bad_rows: BadRows,
    /// Whether known columns that the data lacks are part of `*`.
    pub full_schema: bool,
    /// Partitions of a scan.
    pub threads: usize,
    /// Rows of a batch.
    pub batch_size: usize,
}

impl Default for SourceOptions {
    fn default() -> Self {
        SourceOptions {
            bad_rows: BadRows::Fail,
            full_schema: false,
            threads: 2,
            batch_size: 8192,
        }
    }
}

/// Rows that were left out, over all files.
#[derive(Debug, Clone, Default)]
pub struct Skipped(Arc<AtomicU64>);

impl Skipped {
    /// One more.
    pub(crate) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// How many.
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// All tables that the user named.
#[derive(Debug, Default)]
pub struct Tables {
    found: BTreeMap<String, Found>,
    options: SourceOptions,
    notes: Vec<String>,
    skipped: Skipped,
    opened: Mutex<HashMap<String, Result<Arc<Table>, SourceError>>>,
}

impl Tables {
    /// Looks at what the specs name; no data is read yet.
    ///
    /// # Errors
    /// A path does not exist or a folder cannot be listed.
    pub fn open(specs: &[DataSpec], options: SourceOptions) -> Result<Tables, SourceError> {
        let mut notes = Vec::new();
        let mut found = BTreeMap::new();
        for spec in specs {
            discover(spec, &mut found, &mut notes)?;
        }
        Ok(Tables {
            found,
            options,
            notes,
            ..Tables::default()
        })
    }

    /// Names of the tables that have data, sorted.
    pub fn names(&self) -> Vec<String> {
        self.found.keys().cloned().collect()
    }

    /// A table with its columns; none when no data has this name.
    ///
    /// # Errors
    /// Its file cannot be read.
    pub fn get(&self, name: &str) -> Option<Result<Arc<Table>, SourceError>> {
        let found = self.found.get(name)?;
        let mut opened = self.opened.lock().ok()?;
        if let Some(t) = opened.get(name) {
            return Some(t.clone());
        }
        let known = found.declared.clone().or_else(|| builtin::schema(name));
        let table =
            open::table(name, found, known.as_deref(), &self.options, &self.skipped).map(Arc::new);
        opened.insert(name.to_owned(), table.clone());
        Some(table)
    }

    /// Things worth knowing about what was found.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The count of rows that were left out.
    pub fn skipped(&self) -> &Skipped {
        &self.skipped
    }

    /// The settings.
    pub fn options(&self) -> &SourceOptions {
        &self.options
    }

    /// The folders and files that the user named: a query may read files below them.
    pub fn roots(&self) -> Vec<PathBuf> {
        self.found
            .values()
            .flat_map(|f| f.files.iter().filter_map(|p| p.parent().map(PathBuf::from)))
            .collect()
    }
}
