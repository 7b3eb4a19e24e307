//! A session: what queries can see, and the limits they run under.

use crate::cancel::Cancel;
use crate::functions::Functions;
use crate::scope::SessionScope;
use crate::sources::Workspace;
use kql_bind::plan::BoundQuery;
use kql_bind::scope::StoredFunction;
use kql_diag::{Diagnostic, Source, codes};
use kql_syntax::ast;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The stack of the thread that parses, binds and plans: trees are as deep as people nest them.
const STACK: usize = 256 << 20;

/// Limits and settings.
#[derive(Debug, Clone)]
pub struct SessionOptions {
    /// Threads, and partitions of a scan; at least 1.
    pub threads: usize,
    /// Rows of a batch.
    pub batch_size: usize,
    /// Bytes that operators may hold before they spill; none means no limit.
    pub memory_limit: Option<usize>,
    /// Where operators spill to; none means the system's folder.
    pub temp_dir: Option<PathBuf>,
    /// The longest that one query may run.
    pub timeout: Option<Duration>,
    /// What `now()` means, in ticks since 0001-01-01.
    pub now: i64,
    /// The time range that tables with a `TimeGenerated` are cut to, both ends within, in ticks.
    pub timespan: Option<(i64, i64)>,
    /// Values of query parameters as text.
    pub parameters: HashMap<String, String>,
    /// Functions of services that give nulls.
    pub null_functions: std::collections::BTreeSet<String>,
    /// Whether a leg of a fuzzy union that has an error in a stored function is left out, though it reads rows.
    pub skip_broken_legs: bool,
    /// Whether the tables of Azure's resource graph are known.
    pub resource_graph: bool,
    /// Whether plans are optimised (tests switch it off to compare).
    pub optimise: bool,
    /// Whether known tables without data are empty tables.
    pub empty_tables: bool,
    /// Whether binding may run the rows before a plugin whose columns follow from the data.
    pub probe: bool,
    /// Whether Ctrl-C ends a run. A program that has its own way with signals says no, and uses [`Cancel`].
    pub interrupts: bool,
}

impl Default for SessionOptions {
    fn default() -> Self {
        SessionOptions {
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            batch_size: 8192,
            memory_limit: None,
            temp_dir: None,
            timeout: None,
            now: now(),
            timespan: None,
            parameters: HashMap::new(),
            null_functions: std::collections::BTreeSet::new(),
            skip_broken_legs: false,
            resource_graph: false,
            optimise: true,
            empty_tables: false,
            probe: true,
            interrupts: true,
        }
    }
}

/// The clock in ticks since 0001-01-01.
pub fn now() -> i64 {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    let ticks = i64::try_from(since.as_nanos() / 100).unwrap_or(0);
    kql_types::text::datetime::UNIX_EPOCH.saturating_add(ticks)
}

/// What queries can see and how they run.
#[derive(Debug, Clone, Default)]
pub struct Session {
    pub(crate) options: SessionOptions,
    pub(crate) workspace: Arc<Workspace>,
    pub(crate) functions: Arc<Functions>,
    pub(crate) cancel: Cancel,
}

/// A text that is parsed and bound.
#[derive(Debug, Default)]
pub struct Prepared {
    /// The tree.
    pub ast: ast::Query,
    /// The plan; none when a diagnostic is an error.
    pub bound: Option<BoundQuery>,
    /// Findings.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that diagnostics point into; the first is the query.
    pub sources: Vec<Source>,
    /// Tables that the text names.
    pub tables: Vec<String>,
    /// Functions that the text names.
    pub functions: Vec<String>,
    /// Locations that `externaldata` reads.
    pub externals: Vec<String>,
    /// Whether the last result may have columns that follow only from the data.
    pub open_schema: bool,
    /// How long it took, with the rows that were run for it.
    pub seconds: f64,
}

impl Prepared {
    /// The first error, if there is one.
    pub fn error(&self) -> Option<&Diagnostic> {
        self.diagnostics.iter().find(|d| d.is_error())
    }

    /// The columns of the last result.
    pub fn columns(&self) -> Option<Vec<kql_types::ColumnSchema>> {
        let result = self.bound.as_ref()?.results.last()?;
        Some(
            result
                .relation
                .fields
                .iter()
                .map(|f| kql_types::ColumnSchema {
                    name: f.name.clone(),
                    ty: f.ty,
                })
                .collect(),
        )
    }
}

impl Session {
    /// A session without tables and functions.
    pub fn new(options: SessionOptions) -> Self {
        Session {
            options,
            ..Session::default()
        }
    }

    /// The session with tables.
    #[must_use]
    pub fn with_workspace(mut self, workspace: Workspace) -> Self {
        self.workspace = Arc::new(workspace);
        self
    }

    /// The session with stored functions; of several of one name the first is taken.
    #[must_use]
    pub fn with_functions(mut self, functions: Vec<StoredFunction>) -> Self {
        let all = Arc::make_mut(&mut self.functions);
        for f in functions {
            all.add(f);
        }
        self
    }

    /// The session with a stored function in place of any other of its name.
    #[must_use]
    pub fn with_function(mut self, function: StoredFunction) -> Self {
        Arc::make_mut(&mut self.functions).put(function);
        self
    }

    /// The session whose runs end when this is told to. Once it was, they end at once.
    #[must_use]
    pub fn with_cancel(mut self, cancel: Cancel) -> Self {
        self.cancel = cancel;
        self
    }

    /// The time range that tables are cut to, if one is.
    pub fn timespan(&self) -> Option<(i64, i64)> {
        self.options.timespan
    }

    /// The session at another time: `now` in ticks since 0001-01-01.
    #[must_use]
    pub fn with_now(mut self, now: i64) -> Self {
        self.options.now = now;
        self
    }

    /// Moves the session to another time, in ticks since 0001-01-01.
    pub fn set_now(&mut self, now: i64) {
        self.options.now = now;
    }

    /// Gives a parameter of `declare query_parameters` its value, or takes it away.
    pub fn set_parameter(&mut self, name: &str, value: Option<String>) {
        match value {
            Some(value) => self.options.parameters.insert(name.to_owned(), value),
            None => self.options.parameters.remove(name),
        };
    }

    /// The limits and settings.
    pub fn options(&self) -> &SessionOptions {
        &self.options
    }

    /// The stored functions, sorted by name; the rows of watchlists are none.
    pub fn functions(&self) -> Vec<&StoredFunction> {
        let mut all = self.functions.sorted();
        all.retain(|f| !f.name.starts_with(kql_sources::WATCHLIST));
        all
    }

    /// A stored function, else a built-in one.
    pub(crate) fn stored(&self, name: &str) -> Option<&Arc<crate::functions::Stored>> {
        let own = self.functions.get(name);
        own.or_else(|| crate::builtin::stored(name))
    }

    /// The session with the tables of Azure's resource graph.
    #[must_use]
    pub fn with_resource_graph(mut self) -> Self {
        self.options.resource_graph = true;
        self
    }

    /// What `now()` means, in ticks.
    pub fn now(&self) -> i64 {
        self.options.now
    }

    /// The session over a time range: `(from, to)` in ticks, both within.
    #[must_use]
    pub fn with_timespan(mut self, range: (i64, i64)) -> Self {
        self.options.timespan = Some(range);
        self
    }

    /// The tables of the session.
    pub fn workspace(&self) -> &Workspace {
        &self.workspace
    }

    /// Parses and binds a text. `name` is what diagnostics call it.
    pub fn prepare(&self, text: &str, name: &str) -> Prepared {
        self.prepare_source(Source::new(name, text))
    }

    /// The session as one that binds queries and runs nothing.
    #[must_use]
    pub fn only_binding(mut self) -> Self {
        self.options.probe = false;
        self
    }

    /// The same for a text that is a part of a file.
    pub fn prepare_source(&self, source: Source) -> Prepared {
        let started = Instant::now();
        let mut out = on_large_stack(|| self.prepare_here(source)).unwrap_or_default();
        out.seconds = started.elapsed().as_secs_f64();
        out
    }

    /// The columns of a text's last result, for whoever completes names: nothing runs, and a known table without data
    /// has its known columns. None where the text does not bind.
    pub fn columns_of(&self, text: &str) -> Option<Vec<kql_types::ColumnSchema>> {
        on_large_stack(|| {
            let parsed = kql_syntax::parse(text);
            if parsed.diagnostics.iter().any(Diagnostic::is_error) {
                return None;
            }
            let scope = SessionScope::new(self, text, true);
            let bound = kql_bind::bind(&parsed.query, &scope, &kql_functions::Catalog);
            self.workspace.take_broken();
            let result = bound.query.results.last()?;
            let fields = result.relation.fields.iter();
            Some(
                fields
                    .map(|f| kql_types::ColumnSchema {
                        name: f.name.clone(),
                        ty: f.ty,
                    })
                    .collect(),
            )
        })
        .flatten()
    }

    fn prepare_here(&self, source: Source) -> Prepared {
        self.workspace.refresh();
        let parsed = kql_syntax::parse(&source.text);
        let mut out = Prepared {
            ast: parsed.query,
            diagnostics: parsed.diagnostics,
            ..Prepared::default()
        };
        let text = source.text.clone();
        out.sources.push(source);
        if out.error().is_some() && out.ast.statements.is_empty() {
            return out;
        }
        let syntax_error = out.error().is_some();
        let scope = SessionScope::new(self, &text, false);
        let bound = kql_bind::bind(&out.ast, &scope, &kql_functions::Catalog);
        let broken = self.workspace.take_broken();
        for mut d in bound.diagnostics {
            if syntax_error && d.code == codes::EMPTY {
                continue;
            }
            // A table that is there and cannot be read is no unknown table.
            let found = broken.iter().find(|(name, _)| {
                d.code == codes::UNKNOWN_TABLE && d.message.contains(&format!("`{name}`"))
            });
            let watchlist = format!("`{}", kql_sources::WATCHLIST);
            if d.code == codes::UNKNOWN_TABLE && d.message.contains(&watchlist) && found.is_none() {
                d.message = d
                    .message
                    .replace("table ", "watchlist ")
                    .replace(&watchlist, "`");
                d.help =
                    Some("--watchlists DIR has a file of this name, such as NAME.csv".to_owned());
            }
            if d.code == codes::UNKNOWN_FUNCTION
                && d.help.is_none()
                && d.message.contains("`_ASIM_")
            {
                d.help = Some(
                    "ASIM's own functions are in ASIM/lib/functions of its repository: --functions loads them"
                        .to_owned(),
                );
            }
            if let Some((_, e)) = found {
                d = crate::errors::source_error(e, d.primary);
            }
            out.diagnostics.push(d);
        }
        out.sources.extend(bound.sources);
        out.tables = bound.tables;
        out.functions = bound.functions;
        out.externals = bound.externals;
        out.open_schema = bound.open_schema;
        if !syntax_error && out.error().is_none() {
            let mut query = bound.query;
            if self.options.probe {
                if self.options.optimise {
                    kql_bind::known::simplify(&mut query, &kql_functions::Catalog);
                }
                kql_bind::prune::prune(&mut query);
                kql_bind::defer::defer(&mut query, &kql_functions::Catalog);
            }
            if self.options.probe && self.options.optimise {
                let apart = |table: &str| self.workspace.reads_columns_apart(table);
                kql_bind::sets::repeat(&mut query, &kql_functions::Catalog);
                kql_bind::fetch::fetch(&mut query, &kql_functions::Catalog, &apart);
            }
            out.bound = Some(query);
        }
        out
    }
}

/// Runs work whose recursion follows the nesting of a query; none when no thread could be had.
pub(crate) fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    std::thread::scope(|s| {
        let thread = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(s, work)
            .ok()?;
        thread.join().ok()
    })
}
