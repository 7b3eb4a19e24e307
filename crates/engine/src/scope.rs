//! What the binder sees of a session.

use crate::builtin;
use crate::functions::Recalled;
use crate::mentioned::Mentioned;
use crate::run::{Collected, CollectedResult};
use crate::session::Session;
use kql_bind::plan::BoundQuery;
use kql_bind::recall::Outcome;
use kql_bind::scope::{ReadFunction, Scope, StoredFunction, TableSchema};
use kql_diag::{Diagnostic, Span, codes};
use kql_functions::adapter::Column;
use kql_types::Value;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// The watchlist that tells the parsers of ASIM which of them are disabled.
const DISABLED_PARSERS: &str = "_GetWatchlist:asimdisabledparsers";

pub(crate) struct SessionScope<'s> {
    pub(crate) session: &'s Session,
    /// Only names are asked for: nothing runs, and tables need no data.
    pub(crate) names_only: bool,
    pub(crate) mentioned: Mentioned<'s>,
    /// The tables that were asked for.
    pub(crate) seen: RefCell<HashMap<String, Option<Arc<TableSchema>>>>,
}

impl Scope for SessionScope<'_> {
    fn table(&self, _database: &str, name: &str) -> Option<TableSchema> {
        self.schema(name).map(|t| t.as_ref().clone())
    }

    fn recalls(&self) -> bool {
        !self.session.options.probe
    }

    fn recall(&self, call: &str) -> Option<Arc<Outcome>> {
        let known = self.session.functions.recall(&self.call(call))?;
        let same = |t: &Arc<TableSchema>| {
            self.schema(&t.name)
                .is_some_and(|s| Arc::ptr_eq(t, &s) || *t == s)
        };
        known.tables.iter().all(same).then_some(known.outcome)
    }

    fn keep(&self, call: String, outcome: Outcome) {
        let tables = outcome.tables().filter_map(|t| self.schema(t));
        let what = Recalled {
            tables: tables.collect(),
            outcome: Arc::new(outcome),
        };
        self.session.functions.keep(self.call(&call), what);
    }

    fn table_names(&self) -> Vec<String> {
        let names = self.session.workspace.names();
        if names.is_empty() && self.session.options.empty_tables {
            // No data at all: every table that is known by name.
            return kql_sources::builtin::names().map(str::to_owned).collect();
        }
        names
    }

    fn function(&self, name: &str) -> Option<Arc<StoredFunction>> {
        let stored = self.session.functions.get(name);
        stored
            .map(|s| Arc::clone(&s.function))
            .or_else(|| self.watchlist_function(name).map(Arc::new))
            .or_else(|| self.own_builtin(name).map(Arc::new))
            .or_else(|| Some(Arc::clone(&builtin::stored(name)?.function)))
    }

    fn has_table(&self, _database: &str, name: &str) -> bool {
        let graph = || {
            self.session.options.resource_graph
                && kql_sources::builtin::graph_schema(name).is_some()
        };
        self.session.workspace.has(name) || graph()
    }

    fn has_function(&self, name: &str) -> bool {
        self.session.functions.get(name).is_some()
            || self.watchlist_function(name).is_some()
            || self.own_builtin(name).is_some()
            || builtin::stored(name).is_some()
    }

    fn read(&self, stored: &Arc<StoredFunction>) -> Arc<ReadFunction> {
        let kept = self.session.stored(&stored.name);
        match kept.filter(|k| Arc::ptr_eq(&k.function, stored)) {
            Some(kept) => kept.read(),
            None => Arc::new(ReadFunction::of(stored)),
        }
    }

    fn function_names(&self) -> Vec<String> {
        let all = self.session.functions().into_iter();
        let own = builtin::all().map(|b| b.name.to_owned());
        let mut names: Vec<String> = all.map(|f| f.name.clone()).chain(own).collect();
        names.sort();
        names.dedup();
        names
    }

    fn now(&self) -> i64 {
        self.session.options.now
    }

    fn parameter(&self, name: &str) -> Option<String> {
        self.session.options.parameters.get(name).cloned()
    }

    fn probe(&self, mut query: BoundQuery) -> Option<Result<Vec<Vec<Value>>, Diagnostic>> {
        if !self.session.options.probe || self.names_only {
            return None;
        }
        kql_bind::inline::inline_single_uses(&mut query);
        kql_bind::prune::prune(&mut query);
        kql_bind::defer::defer(&mut query, &kql_functions::Catalog);
        let mut rows = Collected::default();
        Some(
            self.session
                .run_bound(&query, &mut rows)
                .and_then(|_| values(&rows)),
        )
    }

    fn skips_broken_legs(&self) -> bool {
        self.session.options.skip_broken_legs
    }

    fn answers_null(&self, name: &str) -> bool {
        self.session.options.null_functions.contains(name)
    }

    fn timespan(&self) -> Option<(i64, i64)> {
        self.session.options.timespan
    }

    fn empty_tables(&self) -> bool {
        self.session.options.empty_tables || self.names_only
    }
}

/// The rows of the first result as values.
pub(crate) fn values(rows: &Collected) -> Result<Vec<Vec<Value>>, Diagnostic> {
    let Some(CollectedResult { info, batches }) = rows.results.first() else {
        return Ok(Vec::new());
    };
    let mut out = Vec::new();
    for batch in batches {
        let mut columns = Vec::with_capacity(info.columns.len());
        for (i, column) in info.columns.iter().enumerate() {
            columns.push(Column {
                array: Arc::clone(batch.column(i)),
                constant: false,
                ty: column.ty,
            });
        }
        let columns = columns
            .iter()
            .map(Column::any)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|e| Diagnostic::error(codes::INTERNAL, Span::default(), e.0))?;
        for row in 0..batch.num_rows() {
            out.push(columns.iter().map(|c| c.to_value(row)).collect());
        }
    }
    Ok(out)
}

impl<'s> SessionScope<'s> {
    pub(crate) fn new(session: &'s Session, text: &'s str, names_only: bool) -> Self {
        SessionScope {
            session,
            names_only,
            mentioned: Mentioned::new(text),
            seen: RefCell::default(),
        }
    }

    /// A table with the columns that the text can name.
    fn schema(&self, name: &str) -> Option<Arc<TableSchema>> {
        if let Some(t) = self.seen.borrow().get(name) {
            return t.clone();
        }
        let graph = || {
            let wanted = self.session.options.resource_graph;
            let columns = wanted.then(|| kql_sources::builtin::graph_schema(name))??;
            Some(TableSchema {
                name: name.to_owned(),
                columns,
                ..TableSchema::default()
            })
        };
        let found = self.session.workspace.schema(name).or_else(graph);
        let found = found.map(|mut t| {
            self.mentioned.complete(&mut t, self.session);
            Arc::new(t)
        });
        self.seen
            .borrow_mut()
            .insert(name.to_owned(), found.clone());
        found
    }

    /// A call with what else it depends on.
    fn call(&self, call: &str) -> String {
        let o = &self.session.options;
        format!("{call}|{}|{:?}|{}", o.now, o.timespan, o.resource_graph)
    }

    /// A built-in function whose text depends on the session.
    fn own_builtin(&self, name: &str) -> Option<StoredFunction> {
        let has = |list: &str| {
            let name = format!("{}{list}", kql_sources::WATCHLIST);
            self.session.workspace.has(&name) || self.session.functions.get(&name).is_some()
        };
        let table = || {
            let table = self.session.workspace.schema("Watchlist");
            table.is_some_and(|t| t.has_data)
        };
        builtin::of_session(name, &has, &table)
    }

    /// `_GetWatchlist` and `_GetWatchlistAlias`, as far as there are watchlists.
    fn watchlist_function(&self, name: &str) -> Option<StoredFunction> {
        let (parameters, body) = match name {
            "_GetWatchlist" => (
                "(watchlistAlias:string)",
                format!(
                    "table(strcat('{}', tolower(watchlistAlias)))",
                    kql_sources::WATCHLIST
                ),
            ),
            "_GetWatchlistAlias" => {
                let mut names = self.session.workspace.watchlists();
                let stored = self.session.functions.sorted().into_iter();
                let stored = stored.filter_map(|f| f.name.strip_prefix(kql_sources::WATCHLIST));
                names.extend(stored.map(str::to_owned));
                names.sort();
                names.dedup();
                let list: Vec<String> = names.iter().map(|n| format!("'{n}'")).collect();
                (
                    "()",
                    format!("datatable(WatchlistAlias:string)[{}]", list.join(", ")),
                )
            }
            // Who has no such list has disabled no parser.
            DISABLED_PARSERS => (
                "()",
                "datatable(SearchKey:string, CallerContext:string, SourceSpecificParser:string)[]"
                    .to_owned(),
            ),
            _ => return None,
        };
        Some(StoredFunction {
            name: name.to_owned(),
            parameters: parameters.to_owned(),
            body,
            origin: name.to_owned(),
            anchors: Vec::new(),
        })
    }
}
