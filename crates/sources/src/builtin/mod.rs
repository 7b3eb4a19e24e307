//! The schemas of Log Analytics and Defender tables, by name.
//!
//! `tables.txt` has a line a table, sorted by name: the name, a tab, and the columns as `name:type` separated by commas. It is
//! written by `tests/schemas.rs`, and read where it stands in the program.

use kql_types::{ColumnSchema, Type};
use std::cmp::Ordering;

static TABLES: &str = include_str!("tables.txt");

/// The columns of a table as they are written. Looks at a few lines only.
fn line(table: &str) -> Option<&'static str> {
    let (mut low, mut high) = (0, TABLES.len());
    while low < high {
        // The line that the middle is in.
        let middle = low + (high - low) / 2;
        let bytes = TABLES.as_bytes().get(..middle)?;
        let start = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        let line = TABLES.get(start..)?.lines().next()?;
        let (name, columns) = line.split_once('\t')?;
        match name.cmp(table) {
            Ordering::Equal => return Some(columns),
            Ordering::Less => low = start + line.len() + 1,
            Ordering::Greater => high = start,
        }
    }
    None
}

/// The columns of a known table in order; none when the table is not known. Names are case-sensitive.
pub fn schema(table: &str) -> Option<Vec<ColumnSchema>> {
    let columns = line(table)?.split(',').filter_map(|c| {
        let (name, ty) = c.rsplit_once(':')?;
        Some(ColumnSchema {
            name: name.to_owned(),
            ty: Type::from_name(ty)?,
        })
    });
    Some(columns.collect())
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
    line(table).is_some()
}

/// The names of all known tables, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    TABLES
        .lines()
        .filter_map(|l| l.split_once('\t').map(|(n, _)| n))
}
