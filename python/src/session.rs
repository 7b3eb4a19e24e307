//! What queries see, and running them.

use crate::arrow_c;
use crate::error::{fault, raise};
use crate::rows::Rows;
use kql_diag::{Diagnostic, Source};
use kql_engine::{Cancel, Collected, Session as Engine, SessionOptions, Workspace, timespan};
use kql_sources::{DataSpec, ExternalMap, SourceOptions, Tables};
use kql_types::text::parse_datetime;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// How often Python is asked whether a signal came.
const LISTEN: Duration = Duration::from_millis(50);

/// Tables, functions and limits.
#[pyclass(frozen, module = "kql._kql")]
pub struct Session {
    engine: Engine,
    /// Whether `now()` is the clock's.
    clock: bool,
}

/// What a run gave.
type Ran = Result<(Collected, Vec<String>), (Diagnostic, Vec<Source>)>;

#[allow(clippy::too_many_arguments)]
fn open(
    data: &[String],
    functions: &[PathBuf],
    watchlists: &[PathBuf],
    external: &[String],
    now: Option<&str>,
    range: Option<&str>,
    options: SessionOptions,
) -> Result<Engine, String> {
    let mut functions = kql_detect::stored_functions(functions)?;
    let mut lists = Vec::new();
    for dir in watchlists {
        let (mut files, mut more) = kql_detect::stored_watchlists(dir)?;
        lists.append(&mut files);
        functions.append(&mut more);
    }
    let mut specs: Vec<DataSpec> = data.iter().map(|d| DataSpec::parse(d)).collect();
    let mut map = ExternalMap::default();
    external.iter().for_each(|e| map.add(e));
    map.roots
        .extend(specs.iter().map(|s| PathBuf::from(&s.path)));
    specs.extend(lists);
    let sources = SourceOptions {
        threads: options.threads,
        batch_size: options.batch_size,
        ..SourceOptions::default()
    };
    let tables = Tables::open(&specs, sources).map_err(|e| e.to_string())?;
    let mut engine = Engine::new(options)
        .with_workspace(Workspace::new(tables, map))
        .with_functions(functions);
    match now {
        None => {}
        Some("data") => {
            let newest = engine.newest().map_err(|d| d.message)?;
            engine.set_now(
                newest.ok_or("now='data' finds no TimeGenerated or Timestamp in the data")?,
            );
        }
        Some(text) => {
            let ticks = parse_datetime(text).ok_or_else(|| format!("now={text} is no time"))?;
            engine.set_now(ticks);
        }
    }
    if let Some(text) = range {
        let range = timespan::range(text, engine.now()).ok_or_else(|| {
            format!("timespan={text} is not known (such as P1D, 2024-07-01/2024-07-02)")
        })?;
        engine = engine.with_timespan(range);
    }
    Ok(engine)
}

#[pymethods]
impl Session {
    #[new]
    #[pyo3(signature = (data, functions, watchlists, external, now=None, timespan=None, threads=None, memory_limit=None, timeout=None, empty_tables=false))]
    #[allow(clippy::too_many_arguments)]
    fn new(
        py: Python<'_>,
        data: Vec<String>,
        functions: Vec<PathBuf>,
        watchlists: Vec<PathBuf>,
        external: Vec<String>,
        now: Option<String>,
        timespan: Option<String>,
        threads: Option<usize>,
        memory_limit: Option<usize>,
        timeout: Option<f64>,
        empty_tables: bool,
    ) -> PyResult<Session> {
        let mut options = SessionOptions {
            memory_limit,
            empty_tables,
            // Ctrl-C is Python's.
            interrupts: false,
            ..SessionOptions::default()
        };
        if let Some(n) = threads {
            options.threads = n.max(1);
        }
        if let Some(seconds) = timeout {
            let given = Duration::try_from_secs_f64(seconds);
            options.timeout =
                Some(given.map_err(|_| fault(py, "timeout is no number of seconds"))?);
        }
        let engine = py
            .detach(|| {
                open(
                    &data,
                    &functions,
                    &watchlists,
                    &external,
                    now.as_deref(),
                    timespan.as_deref(),
                    options,
                )
            })
            .map_err(|e| fault(py, &e))?;
        Ok(Session {
            engine,
            clock: now.is_none(),
        })
    }

    /// Runs a text: its results, and warnings as text.
    fn query(
        &self,
        py: Python<'_>,
        text: String,
        parameters: HashMap<String, String>,
    ) -> PyResult<(Vec<Rows>, Vec<String>)> {
        let cancel = Cancel::default();
        let mut engine = self.engine.clone().with_cancel(cancel.clone());
        if self.clock {
            engine.set_now(kql_engine::now());
        }
        for (name, value) in parameters {
            engine.set_parameter(&name, Some(value));
        }
        let (done, ran) = channel::<Ran>();
        let work = move || {
            let prepared = engine.prepare(&text, "query");
            let warnings = prepared.diagnostics.iter().filter(|d| !d.is_error());
            let warnings = warnings
                .map(|d| d.show(&prepared.sources).trim_end().to_owned())
                .collect();
            let mut rows = Collected::default();
            let out = engine.run(&prepared, &mut rows);
            // Nobody may be waiting any more.
            let _ = done.send(match out {
                Ok(_) => Ok((rows, warnings)),
                Err(d) => Err((d, prepared.sources)),
            });
        };
        std::thread::Builder::new()
            .name("kql".to_owned())
            .spawn(work)?;
        let ran = Mutex::new(ran);
        loop {
            let next = py.detach(|| Some(ran.lock().ok()?.recv_timeout(LISTEN)));
            match next {
                Some(Ok(Ok((rows, warnings)))) => {
                    let results = rows.results.into_iter().map(Rows::new).collect();
                    return Ok((results, warnings));
                }
                Some(Ok(Err((d, sources)))) => return Err(raise(py, &d, &sources)),
                Some(Err(RecvTimeoutError::Timeout)) => {
                    if let Err(e) = py.check_signals() {
                        // The thread goes on without anybody until its operators let go.
                        cancel.cancel();
                        return Err(e);
                    }
                }
                _ => return Err(PyRuntimeError::new_err("the query stopped unexpectedly")),
            }
        }
    }

    /// The columns of a text's last result; nothing runs.
    fn columns(&self, py: Python<'_>, text: &str) -> PyResult<Vec<(String, String)>> {
        let prepared = py.detach(|| self.engine.clone().only_binding().prepare(text, "query"));
        if let Some(d) = prepared.error() {
            return Err(raise(py, d, &prepared.sources));
        }
        let columns = prepared.columns().unwrap_or_default().into_iter();
        Ok(columns.map(|c| (c.name, c.ty.to_string())).collect())
    }

    /// Makes an object with Arrow's stream interface a table; notes come back.
    fn register(&self, name: &str, table: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
        let py = table.py();
        let (schema, batches) = arrow_c::import(table)?;
        let workspace = self.engine.workspace();
        py.detach(|| workspace.register(name, &schema, &batches))
            .map_err(|d| raise(py, &d, &[]))
    }

    /// Forgets a table that was registered.
    fn deregister(&self, name: &str) -> bool {
        self.engine.workspace().deregister(name)
    }

    /// Names of the tables with data, sorted.
    fn tables(&self) -> Vec<String> {
        self.engine.workspace().names()
    }

    /// Names and types of a table's columns; none where nothing is known of it.
    fn table(&self, name: &str) -> Option<Vec<(String, String)>> {
        let schema = self.engine.workspace().schema(name)?;
        let columns = schema.columns.into_iter();
        Some(columns.map(|c| (c.name, c.ty.to_string())).collect())
    }
}
