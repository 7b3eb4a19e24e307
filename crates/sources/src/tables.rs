//! The tables that the user named, opened when a query names them.

use crate::discover::{Discovery, Found};
use crate::entry::DataFile;
use crate::error::SourceError;
use crate::format::{Format, format_of, stem_of};
use crate::table::Table;
use crate::{binary, open};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Instant, SystemTime};

/// `PATH` or `NAME=PATH` of `--data`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataSpec {
    /// The table's name, when it is given.
    pub name: Option<String>,
    /// A file, a folder or a glob.
    pub path: String,
}

/// What the names of watchlists' tables begin with. They are no tables of the user's, and their columns are strings.
pub const WATCHLIST: &str = "_GetWatchlist:";

/// What stands behind the name of a watchlist's table where a function makes the watchlist of it.
pub const WATCHLIST_ROWS: &str = " (rows)";

/// The watchlist that a table or a function of this name belongs to.
pub fn watchlist_of(name: &str) -> Option<&str> {
    let list = name.strip_prefix(WATCHLIST)?;
    Some(list.strip_suffix(WATCHLIST_ROWS).unwrap_or(list))
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

    /// The watchlists of a folder: each file is one, named after it without regard to case.
    ///
    /// # Errors
    /// The folder cannot be listed.
    pub fn watchlists(dir: &Path) -> Result<Vec<DataSpec>, SourceError> {
        let mut out = Vec::new();
        for entry in std::fs::read_dir(dir).map_err(|e| SourceError::io(dir, &e))? {
            let path = entry.map_err(|e| SourceError::io(dir, &e))?.path();
            let is_list = matches!(
                format_of(&path),
                Some(Format::Csv | Format::Tsv | Format::Json | Format::JsonLines)
            );
            let shown = path.to_str().filter(|_| is_list && path.is_file());
            if let Some(shown) = shown.filter(|_| !path.ends_with("schema.json")) {
                out.push(DataSpec {
                    name: Some(format!("{WATCHLIST}{}", stem_of(&path).to_lowercase())),
                    path: shown.to_owned(),
                });
            }
        }
        out.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(out)
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
    /// How many times its packed size a file of more than 1 GiB may grow.
    pub most_growth: u64,
}

impl Default for SourceOptions {
    fn default() -> Self {
        SourceOptions {
            bad_rows: BadRows::Fail,
            full_schema: false,
            threads: 2,
            batch_size: 8192,
            most_growth: 1200,
        }
    }
}

/// What is found only while rows are read, over all files: rows that were left out, properties that came too late to be
/// columns.
#[derive(Debug, Clone, Default)]
pub struct Skipped {
    rows: Arc<AtomicU64>,
    late: Arc<Mutex<BTreeMap<String, BTreeSet<String>>>>,
    notes: Arc<Mutex<BTreeSet<String>>>,
}

impl Skipped {
    /// One more.
    pub(crate) fn add(&self) {
        self.rows.fetch_add(1, Ordering::Relaxed);
    }

    /// A property that no object of the sample had.
    pub(crate) fn later(&self, table: &str, property: String) {
        if let Ok(mut late) = self.late.lock() {
            late.entry(table.to_owned()).or_default().insert(property);
        }
    }

    /// Something worth knowing.
    pub(crate) fn note(&self, note: String) {
        if let Ok(mut notes) = self.notes.lock() {
            notes.insert(note);
        }
    }

    /// Things worth knowing, sorted.
    pub fn notes(&self) -> Vec<String> {
        let mut out: Vec<String> = self
            .notes
            .lock()
            .map(|n| n.iter().cloned().collect())
            .unwrap_or_default();
        let late = self.late.lock().map(|l| l.clone()).unwrap_or_default();
        for (table, names) in late {
            let names: Vec<String> = names.into_iter().collect();
            out.push(format!(
                "table `{table}`: only later rows have {}, which are no columns; a schema.json can declare them",
                names.join(", ")
            ));
        }
        out
    }

    /// How many rows were left out.
    pub fn count(&self) -> u64 {
        self.rows.load(Ordering::Relaxed)
    }
}

/// All tables that the user named.
#[derive(Debug, Default)]
pub struct Tables {
    found: BTreeMap<String, Found>,
    options: SourceOptions,
    notes: Vec<String>,
    roots: Vec<PathBuf>,
    skipped: Skipped,
    /// Tables that are no files.
    given: BTreeMap<String, Arc<Table>>,
    opened: Mutex<HashMap<String, Opened>>,
    /// Before this, files are not looked at again.
    fresh_until: Mutex<Option<Instant>>,
}

/// A table as it was when somebody first asked for it.
#[derive(Debug)]
struct Opened {
    table: Result<Arc<Table>, SourceError>,
    stamps: Vec<Option<Stamp>>,
}

/// The length of a file and when it was written; another one means other rows.
type Stamp = (u64, Option<SystemTime>);

fn stamps(found: &Found) -> Vec<Option<Stamp>> {
    let stamp = |f: &DataFile| {
        let meta = std::fs::metadata(&f.path).ok()?;
        Some((meta.len(), meta.modified().ok()))
    };
    found.files.iter().map(stamp).collect()
}

impl Tables {
    /// Looks at what the specs name; no data is read yet.
    ///
    /// # Errors
    /// A path does not exist or a folder cannot be listed.
    pub fn open(specs: &[DataSpec], options: SourceOptions) -> Result<Tables, SourceError> {
        let mut discovery = Discovery::default();
        for spec in specs {
            discovery.add(spec)?;
        }
        let Discovery {
            found,
            notes,
            roots,
        } = discovery;
        Ok(Tables {
            found,
            options,
            notes,
            roots,
            ..Tables::default()
        })
    }

    /// Adds a table that is no file; it counts before files of its name.
    pub fn give(&mut self, table: Table) {
        self.given.insert(table.name.clone(), Arc::new(table));
    }

    /// Names of the tables that have data, sorted.
    pub fn names(&self) -> Vec<String> {
        let own = |n: &&String| !n.starts_with(WATCHLIST);
        let files = self.found.keys().filter(own);
        let names: BTreeSet<&String> = files.chain(self.given.keys()).collect();
        names.into_iter().cloned().collect()
    }

    /// Names of the watchlists, sorted.
    pub fn watchlists(&self) -> Vec<String> {
        let names = self.found.keys();
        names
            .filter_map(|n| watchlist_of(n))
            .map(str::to_owned)
            .collect()
    }

    /// A table with its columns; none when no data has this name.
    ///
    /// # Errors
    /// Its file cannot be read.
    pub fn get(&self, name: &str) -> Option<Result<Arc<Table>, SourceError>> {
        if let Some(t) = self.given.get(name) {
            return Some(Ok(Arc::clone(t)));
        }
        let found = self.found.get(name)?;
        let mut opened = self.opened.lock().ok()?;
        if let Some(o) = opened.get(name) {
            return Some(o.table.clone());
        }
        let stamps = stamps(found);
        let table = open::table(name, found, &self.options, &self.skipped).map(Arc::new);
        let known = Opened {
            table: table.clone(),
            stamps,
        };
        opened.insert(name.to_owned(), known);
        Some(table)
    }

    /// Forgets what is known of tables whose files have changed since they were opened. To look at thousands of files takes
    /// a while: it is done so rarely that it does not count.
    pub fn refresh(&self) {
        let (Ok(mut opened), Ok(mut until)) = (self.opened.lock(), self.fresh_until.lock()) else {
            return;
        };
        let now = Instant::now();
        if until.is_some_and(|u| now < u) {
            return;
        }
        opened.retain(|name, o| {
            let found = self.found.get(name);
            found.is_some_and(|f| stamps(f) == o.stamps)
        });
        *until = Some(Instant::now() + now.elapsed() * 100);
    }

    /// Whether a table has the newest time of a column in its footers, and which (in ticks). None: the rows must be read.
    pub fn newest(&self, name: &str, column: &str) -> Option<i64> {
        let found = self.found.get(name)?;
        (found.format == Format::Parquet)
            .then(|| binary::newest(&found.files, column))
            .flatten()
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

    /// The folders that the user named: a query may read files below them.
    pub fn roots(&self) -> Vec<PathBuf> {
        self.roots.clone()
    }
}
