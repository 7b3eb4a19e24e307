//! What the binder sees of a session.

use crate::session::Session;
use kql_bind::scope::{Scope, StoredFunction, TableSchema};

pub(crate) struct SessionScope<'s> {
    pub(crate) session: &'s Session,
}

impl Scope for SessionScope<'_> {
    fn table(&self, _database: &str, name: &str) -> Option<TableSchema> {
        self.session.workspace.schema(name)
    }

    fn table_names(&self) -> Vec<String> {
        let names = self.session.workspace.names();
        if names.is_empty() && self.session.options.empty_tables {
            // No data at all: every table that is known by name.
            return kql_sources::builtin::names().map(str::to_owned).collect();
        }
        names
    }

    fn function(&self, name: &str) -> Option<StoredFunction> {
        self.session
            .functions
            .iter()
            .find(|f| f.name == name)
            .cloned()
    }

    fn function_names(&self) -> Vec<String> {
        self.session
            .functions
            .iter()
            .map(|f| f.name.clone())
            .collect()
    }

    fn now(&self) -> i64 {
        self.session.options.now
    }

    fn parameter(&self, name: &str) -> Option<String> {
        self.session.options.parameters.get(name).cloned()
    }

    fn empty_tables(&self) -> bool {
        self.session.options.empty_tables
    }
}
