//! The committed samples are what the generator makes, and every query of ours finds something in them.
#![allow(clippy::unwrap_used, clippy::panic)]

use kql_engine::{Collected, Session, SessionOptions, Workspace};
use kql_sources::{DataSpec, ExternalMap, SourceOptions, Tables};
use kql_testkit::samples;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Where the queries, and the published one, say that the list of domains is.
const LISTS: [&str; 2] = [
    "https://lists.example.net/top-domains.csv.zip",
    "http://s3-us-west-1.amazonaws.com/umbrella-static/top-1m.csv.zip",
];

fn session(data: &Path) -> Session {
    let spec = DataSpec::parse(data.to_str().unwrap());
    let tables = Tables::open(&[spec], SourceOptions::default()).unwrap();
    let mut external = ExternalMap::default();
    let list = root().join("samples/top-domains.csv.zip");
    for url in LISTS {
        external.add(&format!("{url}={}", list.display()));
    }
    Session::new(SessionOptions::default()).with_workspace(Workspace::new(tables, external))
}

/// The rows of the results, cells as text.
fn rows(session: &Session, text: &str, name: &str) -> Vec<Vec<String>> {
    let prepared = session.prepare(text, name);
    let mut all = Collected::default();
    if let Err(d) = session.run(&prepared, &mut all) {
        panic!("{}", d.show(&prepared.sources));
    }
    let mut out = Vec::new();
    for result in &all.results {
        for batch in &result.batches {
            let cells = kql_render::Cells::new(batch, &result.info.columns);
            let cells = cells.any().unwrap();
            for row in 0..batch.num_rows() {
                let mut line = Vec::new();
                for c in &cells {
                    let mut text = String::new();
                    kql_render::plain_cell(c, row, &mut text);
                    line.push(text);
                }
                out.push(line);
            }
        }
    }
    out
}

#[test]
fn samples_are_what_the_generator_makes() {
    for (name, bytes) in samples::files().unwrap() {
        let path = root().join("samples").join(name);
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&path, &bytes).unwrap();
        }
        let committed = std::fs::read(&path).unwrap_or_default();
        assert!(
            committed == bytes,
            "samples/{name} is stale: BLESS=1 cargo test -p kql-testkit --test samples"
        );
    }
}

#[test]
fn every_query_finds_something() {
    let session = session(&root().join("samples"));
    let mut seen = 0;
    for topic in std::fs::read_dir(root().join("queries")).unwrap() {
        let topic = topic.unwrap().path();
        if !topic.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(topic).unwrap() {
            let path = file.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let name = path.display().to_string();
            assert!(
                !rows(&session, &text, &name).is_empty(),
                "{name} finds nothing"
            );
            seen += 1;
        }
    }
    assert!(seen >= 12, "{seen} queries");
}

fn found(session: &Session) -> (Vec<String>, Vec<String>) {
    let scan = std::fs::read_to_string(root().join("queries/network/port_scan.kql")).unwrap();
    let rare = std::fs::read_to_string(root().join("queries/network/rare_domain.kql")).unwrap();
    let first = |text: &str, name: &str| -> Vec<String> {
        let all = rows(session, text, name);
        let mut out: Vec<String> = all.into_iter().map(|r| r.join(" ")).collect();
        out.sort();
        out
    };
    (first(&scan, "port_scan"), first(&rare, "rare_domain"))
}

#[test]
fn only_what_is_planted_is_found() {
    let want_scan = ["10.1.1.66 2024-07-01T10:00:00.0000000Z 7"];
    let want_rare = [
        "zxqvault drop0.zxqvault.net 15000000 30000000",
        "zxqvault drop1.zxqvault.net 15000000 30000000",
    ];
    let (scan, rare) = found(&session(&root().join("samples")));
    assert_eq!(scan, want_scan);
    assert_eq!(rare, want_rare);
    // The same in a week of traffic.
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("NetworkSessions.parquet");
    samples::write_many(20_000, std::fs::File::create(&file).unwrap()).unwrap();
    let week = session(dir.path());
    let (scan, rare) = found(&week);
    assert_eq!(scan, want_scan);
    assert_eq!(rare, want_rare);
    assert_eq!(rows(&week, "NetworkSessions | count", "count"), [["20091"]]);
}

/// The published queries run straight from a user's copy of their page, where one is at hand.
#[test]
fn the_published_queries_find_it_too() {
    let page = root().join("../shared/seeds/003_e439ff53c995e9d2.txt");
    let Ok(text) = std::fs::read_to_string(page) else {
        return;
    };
    let mut blocks = Vec::new();
    for part in text.split("```query\n").skip(1) {
        blocks.push(part.split("```").next().unwrap_or_default());
    }
    let session = session(&root().join("samples"));
    assert_eq!(
        rows(&session, blocks[0], "page#1"),
        [["10.1.1.66", "2024-07-01T10:00:00.0000000Z", "7"]]
    );
    let rare = rows(&session, blocks[1], "page#2");
    assert_eq!(rare.len(), 2);
    assert!(
        rare.iter()
            .all(|r| r[0] == "zxqvault" && r[1] == "30000000"),
        "{rare:?}"
    );
}
