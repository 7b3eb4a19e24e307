//! Published queries parse. They are read from `../shared`, and where that is absent the test says so and is skipped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

/// Names of the queries that do not parse.
fn faulty(queries: &[(String, String)]) -> Vec<&str> {
    let mut out = Vec::new();
    for (name, query) in queries {
        let parsed = kql_syntax::parse(query);
        if let Some(d) = parsed.diagnostics.iter().find(|d| d.is_error()) {
            let source = kql_diag::Source::new("q", query.as_str());
            eprintln!("{name}: {}", d.show(&[source]));
            out.push(name.as_str());
        }
    }
    eprintln!("{} of {} parse", queries.len() - out.len(), queries.len());
    out
}

#[test]
fn published_hunting_queries_parse() {
    // These five compare with `=`, or have a datetime literal that is none.
    let mistakes = [
        "a843f196b0d94351",
        "191f76178a07739a",
        "64f4afe60568d7b6",
        "3f80facaaa6ae255",
        "2d1f2255cb8a2960",
    ];
    let queries = common::json_lines("corpus/hunting.jsonl");
    let found = faulty(&queries);
    assert!(found.iter().all(|f| mistakes.contains(f)), "{found:?}");
}

#[test]
fn conformance_queries_parse() {
    // `datetime(8:00)` is a time of the day on which the query runs.
    let docs = common::json_lines("conformance/docs.jsonl");
    let found = faulty(&docs);
    assert!(
        found
            .iter()
            .all(|f| *f == "functions-library/time-window-rolling-avg-fl-02"),
        "{found:?}"
    );
    let peers = common::json_lines("conformance/peers.jsonl");
    assert!(faulty(&peers).is_empty());
}
