//! The embedded API from end to end: a table out of memory, a stored function, faults, columns, rows.
//! `cargo run -p kql-engine --example embed`
#![allow(clippy::print_stdout)]

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use kql_engine::{Event, Session, SessionOptions, StoredFunction};
use std::error::Error;
use std::sync::Arc;

fn main() -> Result<(), Box<dyn Error>> {
    let session = Session::new(SessionOptions {
        // A program that handles Ctrl-C itself keeps it.
        interrupts: false,
        ..SessionOptions::default()
    })
    .with_functions(vec![StoredFunction {
        name: "Big".to_owned(),
        parameters: "(T:(bytes:long), limit:long)".to_owned(),
        body: "T | where bytes > limit".to_owned(),
        origin: "example".to_owned(),
        anchors: Vec::new(),
    }]);

    // Tables: what a program has as Arrow batches. Files are given by `Workspace::new(Tables::open(..)?, ..)`.
    let hosts: ArrayRef = Arc::new(StringArray::from(vec!["a", "b", "a"]));
    let bytes: ArrayRef = Arc::new(Int64Array::from(vec![10, 2_000, 3_000]));
    let batch = RecordBatch::try_from_iter([("host", hosts), ("bytes", bytes)])?;
    let workspace = session.workspace();
    workspace
        .register("Traffic", &batch.schema(), &[batch])
        .map_err(|d| d.message)?;

    // Faults have a code, a place and a hint; nothing has run yet.
    let wrong = session.prepare("Traffic | where hots == 'a'", "wrong");
    for d in &wrong.diagnostics {
        println!("{}", d.show(&wrong.sources));
    }

    let prepared = session.prepare("Big(Traffic, 1000) | summarize sum(bytes) by host", "right");
    for c in prepared.columns().unwrap_or_default() {
        println!("{}: {}", c.name, c.ty);
    }
    for event in session.stream(prepared) {
        match event.map_err(|d| d.message)? {
            Event::Result(info, _) => println!("result {}", info.name),
            Event::Rows(batch) => println!("{} rows", batch.num_rows()),
            Event::Done(stats) => println!("{} rows in all", stats.rows),
        }
    }
    Ok(())
}
