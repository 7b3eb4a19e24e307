//! A union of many tables that share hardly a column: what a table lacks is null there, in every way of running.

use kql_testkit::json::Json;
use kql_testkit::run::{Outcome, PLAIN, Setting, other_ways, run};
use libtest_mimic::{Failed, Trial};
use std::fmt::Write;

const TABLES: usize = 70;
const COLUMNS: usize = 20;

pub fn trials() -> Vec<Trial> {
    vec![Trial::test("wide_union", check)]
}

/// Every table has its number, a time, a text and columns of its own.
fn query() -> String {
    let mut text = "union ".to_owned();
    for t in 0..TABLES {
        let _ = write!(
            text,
            "{}(print n = {t}, s = 't{t}'",
            if t == 0 { "" } else { ", " }
        );
        for c in 0..COLUMNS {
            let _ = write!(text, ", c{t}_{c} = {}", t * COLUMNS + c);
        }
        let _ = write!(text, ", d{t} = dynamic([{t}]))");
    }
    text.push_str(" | sort by n asc");
    text
}

/// Those columns as text, nothing where there is null.
fn expected() -> Vec<String> {
    (0..TABLES)
        .map(|t| {
            let own: String = (0..COLUMNS)
                .map(|c| format!(",{}", t * COLUMNS + c))
                .collect();
            format!("{t},t{t}{own},[{t}]")
        })
        .collect()
}

fn check() -> Result<(), Failed> {
    let text = query();
    for way in std::iter::once(PLAIN).chain(other_ways()) {
        let Outcome::Tables(tables) = run(&Setting::default().session(way), &text) else {
            return Err(format!("{way}: the query fails").into());
        };
        let table = tables.first().ok_or("no table")?;
        if table.columns.len() != 2 + TABLES * (COLUMNS + 1) {
            return Err(format!("{way}: {} columns", table.columns.len()).into());
        }
        let rows: Vec<String> = table
            .json_rows()
            .iter()
            .map(|row| {
                let there = row.iter().filter(|c| !matches!(c, Json::Null));
                let cells = there.map(|c| c.str().map_or_else(|| c.text(), str::to_owned));
                cells.collect::<Vec<_>>().join(",")
            })
            .collect();
        if rows != expected() {
            return Err(format!("{way}: {:?}", rows.first()).into());
        }
    }
    Ok(())
}
