//! The built-in schemas are those of the published list: `BLESS=1 cargo test -p kql-sources --test schemas` writes them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::Path;

#[test]
fn built_in_schemas_are_complete() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = root.join("../../../shared/schemas/log_analytics.csv");
    let Ok(text) = std::fs::read_to_string(&list) else {
        eprintln!("skipped: {} is not there", list.display());
        return;
    };
    let mut tables: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let mut cells = line.trim_end().splitn(3, ',').map(|c| c.trim_matches('"'));
        let (table, column, ty) = (
            cells.next().unwrap(),
            cells.next().unwrap(),
            cells.next().unwrap(),
        );
        tables
            .entry(table)
            .or_default()
            .push(format!("{column}:{ty}"));
    }
    let mut out = String::new();
    for (table, columns) in &tables {
        out.push_str(&format!("{table}\t{}\n", columns.join(",")));
    }
    let path = root.join("src/builtin/tables.txt");
    if std::fs::read_to_string(&path).unwrap_or_default() != out {
        assert!(
            std::env::var_os("BLESS").is_some(),
            "stale: write it with BLESS=1"
        );
        std::fs::write(&path, &out).unwrap();
        return;
    }
    for (table, columns) in tables {
        let schema = kql_sources::builtin::schema(table).unwrap();
        assert_eq!(schema.len(), columns.len(), "{table}");
    }
}
