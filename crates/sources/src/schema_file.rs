//! `schema.json` beside data files: `{TABLE: [[COLUMN, TYPE], ...]}`.

use crate::error::SourceError;
use kql_types::{ColumnSchema, Type};
use std::collections::HashMap;
use std::path::Path;

/// All tables of the file; none when there is no file.
pub(crate) fn read(path: &Path) -> Result<HashMap<String, Vec<ColumnSchema>>, SourceError> {
    if !path.is_file() {
        return Ok(HashMap::new());
    }
    let text = std::fs::read_to_string(path).map_err(|e| SourceError::io(path, &e))?;
    let raw: HashMap<String, Vec<(String, String)>> = serde_json::from_str(&text).map_err(|e| {
        SourceError::bad_file(
            path,
            format!("a schema is `{{TABLE: [[COLUMN, TYPE], ...]}}`: {e}"),
        )
    })?;
    let mut out = HashMap::new();
    for (table, columns) in raw {
        let mut made = Vec::with_capacity(columns.len());
        for (name, ty) in columns {
            let ty = Type::from_name(&ty.to_ascii_lowercase()).ok_or_else(|| {
                SourceError::bad_file(
                    path,
                    format!("type `{ty}` of {table}.{name} is no KQL type"),
                )
            })?;
            made.push(ColumnSchema { name, ty });
        }
        out.insert(table, made);
    }
    Ok(out)
}
