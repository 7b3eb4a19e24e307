//! The schemas of Log Analytics and Defender tables, by name.
//!
//! `tables.txt.zst` has a line a table, sorted: its name, a tab, and its columns as `name:type` separated by commas. It is
//! written by `tests/schemas.rs` and unpacked when a table is first looked up.

use kql_types::{ColumnSchema, Type};
use std::collections::HashMap;
use std::sync::OnceLock;

static PACKED: &[u8] = include_bytes!("tables.txt.zst");

fn text() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        zstd::decode_all(PACKED)
            .ok()
            .and_then(|b| String::from_utf8(b).ok())
            .unwrap_or_default()
    })
}

/// The lines by the name that they begin with.
fn index() -> &'static HashMap<&'static str, &'static str> {
    static INDEX: OnceLock<HashMap<&'static str, &'static str>> = OnceLock::new();
    INDEX.get_or_init(|| text().lines().filter_map(|l| l.split_once('\t')).collect())
}

/// The columns of a known table in order; none when the table is not known. Names are case-sensitive.
pub fn schema(table: &str) -> Option<Vec<ColumnSchema>> {
    let line = index().get(table)?;
    Some(
        line.split(',')
            .filter_map(|c| {
                let (name, ty) = c.rsplit_once(':')?;
                Some(ColumnSchema {
                    name: name.to_owned(),
                    ty: Type::from_name(ty)?,
                })
            })
            .collect(),
    )
}

/// Tables of Azure's resource graph; names are in any case.
const GRAPH: [&str; 14] = [
    "resources",
    "resourcecontainers",
    "advisorresources",
    "alertsmanagementresources",
    "authorizationresources",
    "computeresources",
    "guestconfigurationresources",
    "healthresources",
    "maintenanceresources",
    "networkresources",
    "patchassessmentresources",
    "policyresources",
    "securityresources",
    "servicehealthresources",
];

/// The columns that all tables of Azure's resource graph have.
pub fn graph_schema(table: &str) -> Option<Vec<ColumnSchema>> {
    let known = GRAPH.iter().any(|g| g.eq_ignore_ascii_case(table));
    let columns = [
        ("id", Type::String),
        ("name", Type::String),
        ("type", Type::String),
        ("tenantId", Type::String),
        ("kind", Type::String),
        ("location", Type::String),
        ("resourceGroup", Type::String),
        ("subscriptionId", Type::String),
        ("managedBy", Type::String),
        ("sku", Type::Dynamic),
        ("plan", Type::Dynamic),
        ("properties", Type::Dynamic),
        ("tags", Type::Dynamic),
        ("identity", Type::Dynamic),
        ("zones", Type::Dynamic),
        ("extendedLocation", Type::Dynamic),
        ("apiVersion", Type::String),
    ];
    known.then(|| {
        columns
            .map(|(name, ty)| ColumnSchema {
                name: name.to_owned(),
                ty,
            })
            .to_vec()
    })
}

/// Whether a table is known by name.
pub fn is_known(table: &str) -> bool {
    index().contains_key(table)
}

/// The names of all known tables, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    text()
        .lines()
        .filter_map(|l| l.split_once('\t').map(|(n, _)| n))
}
