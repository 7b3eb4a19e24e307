//! Functions and operators inside whole queries, over rows in memory: from the bound query to the last row.
//!
//! `KQL_BENCH_ROWS` says how many rows (200000).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use kql_engine::{Collected, Session, SessionOptions};
use std::sync::Arc;

/// A day of events: a time, a user of 5,000, a port of 100, a command line and a JSON text.
fn events(rows: i64) -> RecordBatch {
    let each = |f: &dyn Fn(i64) -> i64| -> Vec<i64> { (0..rows).map(f).collect() };
    let text = |f: &dyn Fn(i64) -> String| -> ArrayRef {
        Arc::new(StringArray::from_iter_values((0..rows).map(f)))
    };
    // 2024-01-01, and a day divided among the rows.
    let at = each(&|i| 1_704_067_200_000_000 + i * (86_400_000_000 / rows.max(1)));
    let columns: [(&str, ArrayRef); 5] = [
        (
            "At",
            Arc::new(TimestampMicrosecondArray::from(at).with_timezone("UTC")),
        ),
        ("User", text(&|i| format!("user{}", i * 7_919 % 5_000))),
        ("Port", Arc::new(Int64Array::from(each(&|i| i * 31 % 100)))),
        (
            "Line",
            text(&|i| format!("C:\\tools\\run{}.exe -id {i} --mode quiet", i % 40)),
        ),
        (
            "Json",
            text(&|i| {
                format!(
                    r#"{{"a":{{"b":{i},"c":"v{}"}},"list":[{},2]}}"#,
                    i % 9,
                    i % 5
                )
            }),
        ),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

const QUERIES: [(&str, &str); 14] = [
    ("has", "T | where Line has 'quiet' | count"),
    (
        "has_any",
        "T | where Line has_any ('run7', 'run8', 'none') | count",
    ),
    ("contains", "T | where Line contains 'N3.EXE' | count"),
    (
        "extract",
        "T | summarize count() by extract(@'run(\\d+)', 1, Line)",
    ),
    (
        "parse_json",
        "T | extend j = parse_json(Json) | where tolong(j.a.b) % 2 == 0 and tostring(j.a.c) != 'v1' | count",
    ),
    ("bin", "T | summarize count() by bin(At, 5m)"),
    ("dcount", "T | summarize dcount(User) by Port"),
    ("arg_max", "T | summarize arg_max(At, *) by User"),
    ("make_set", "T | summarize make_set(Port) by User"),
    (
        "mv_expand",
        "T | mv-expand l = parse_json(Json).list | count",
    ),
    (
        "parse",
        "T | parse Line with * '-id ' id:long ' ' * | summarize sum(id)",
    ),
    (
        "percentiles",
        "T | summarize percentiles(strlen(Line) + Port, 50, 95, 99) by Port",
    ),
    (
        "make_series",
        "T | make-series n = count() on At step 1h by User",
    ),
    (
        "series_decompose_anomalies",
        "T | make-series n = sum(hash(Line, 50)) on At step 30m by Port | extend a = series_decompose_anomalies(n, 1.5, 12)",
    ),
];

fn operators(c: &mut Criterion) {
    let rows: i64 = std::env::var("KQL_BENCH_ROWS")
        .ok()
        .map_or(200_000, |n| n.replace('_', "").parse().expect("a number"));
    let session = Session::new(SessionOptions {
        threads: 1,
        ..SessionOptions::default()
    });
    let batch = events(rows);
    let schema = batch.schema();
    let noted = session.workspace().register("T", &schema, &[batch]);
    assert!(noted.is_ok());
    let mut group = c.benchmark_group("operator");
    group
        .sample_size(10)
        .throughput(Throughput::Elements(rows.unsigned_abs()));
    for (name, text) in QUERIES {
        let prepared = session.prepare(text, name);
        group.bench_function(name, |b| {
            b.iter(|| {
                let mut out = Collected::default();
                if let Err(d) = session.run(&prepared, &mut out) {
                    panic!("{}", d.show(&prepared.sources));
                }
                let given = out.results.iter().flat_map(|r| &r.batches);
                assert!(given.map(RecordBatch::num_rows).sum::<usize>() > 0);
            });
        });
    }
    group.finish();
}

criterion_group!(benches, operators);
criterion_main!(benches);
