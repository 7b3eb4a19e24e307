//! The newest time in the data of a session.

use crate::run::Collected;
use crate::scope::values;
use crate::session::Session;
use kql_diag::Diagnostic;
use kql_types::{Type, Value};

impl Session {
    /// The newest `TimeGenerated` or `Timestamp` of all tables with data, in ticks; none where no table has such a column
    /// or no row a time.
    ///
    /// # Errors
    /// A file cannot be read.
    pub fn newest(&self) -> Result<Option<i64>, Diagnostic> {
        let mut newest = None;
        for name in self.workspace.names() {
            let Some(schema) = self.workspace.schema(&name) else {
                continue;
            };
            let is_time = |c: &&&str| {
                let mut columns = schema.columns.iter();
                columns.any(|s| s.name == ***c && s.ty == Type::DateTime)
            };
            let Some(column) = ["TimeGenerated", "Timestamp"].iter().find(is_time) else {
                continue;
            };
            let text = format!("['{name}'] | summarize t = max({column})");
            let prepared = self.prepare(&text, "the newest time");
            let mut rows = Collected::default();
            self.run(&prepared, &mut rows)?;
            if let Some(Value::DateTime(t)) = values(&rows)?.first().and_then(|r| r.first()) {
                newest = newest.max(Some(*t));
            }
        }
        Ok(newest)
    }
}
