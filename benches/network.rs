//! Both network queries end to end, from the text to the last row, over generated Parquet.
//!
//! `KQL_BENCH_ROWS` says how many rows (200000), `KQL_BENCH_THREADS` how many threads (2).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use kql_engine::{Collected, Session, SessionOptions, Workspace};
use kql_sources::{DataSpec, ExternalMap, SourceOptions, Tables};
use kql_testkit::samples;
use std::path::Path;

fn number(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.replace('_', "").parse().expect("a number"),
        Err(_) => otherwise,
    }
}

fn network(c: &mut Criterion) {
    let rows = number("KQL_BENCH_ROWS", 200_000);
    let threads = usize::try_from(number("KQL_BENCH_THREADS", 2)).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("NetworkSessions.parquet");
    let out = std::io::BufWriter::new(std::fs::File::create(&file).unwrap());
    samples::write_many(rows, out).unwrap();
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/top-domains.csv.zip");
    let url = "https://lists.example.net/top-domains.csv.zip";
    let session = || {
        let sources = SourceOptions {
            threads,
            ..SourceOptions::default()
        };
        let spec = DataSpec::parse(dir.path().to_str().unwrap());
        let tables = Tables::open(&[spec], sources).unwrap();
        let mut external = ExternalMap::default();
        external.add(&format!("{url}={}", list.display()));
        let options = SessionOptions {
            threads,
            ..SessionOptions::default()
        };
        Session::new(options).with_workspace(Workspace::new(tables, external))
    };
    let mut group = c.benchmark_group("network");
    group.sample_size(10).throughput(Throughput::Elements(rows));
    for (name, text, found) in [
        (
            "port_scan",
            include_str!("../queries/network/port_scan.kql"),
            1,
        ),
        (
            "rare_domain",
            include_str!("../queries/network/rare_domain.kql"),
            2,
        ),
    ] {
        group.bench_function(name, |b| {
            b.iter(|| {
                let session = session();
                let prepared = session.prepare(text, name);
                let mut rows = Collected::default();
                if let Err(d) = session.run(&prepared, &mut rows) {
                    panic!("{}", d.show(&prepared.sources));
                }
                // A wrong answer is not fast.
                let have: usize = rows
                    .results
                    .iter()
                    .flat_map(|r| &r.batches)
                    .map(|b| b.num_rows())
                    .sum();
                assert_eq!(have, found);
            });
        });
    }
    group.finish();
}

criterion_group!(benches, network);
criterion_main!(benches);
