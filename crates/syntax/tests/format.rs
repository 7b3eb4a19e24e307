//! Printing a tree and reading it again gives the tree; formatting a text loses nothing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

fn all(queries: Vec<(String, String)>) {
    eprintln!("{} queries", queries.len());
    let mut wrong = 0;
    for (name, text) in &queries {
        common::check_spans(name, text);
        if let Err(e) = common::check_format(text) {
            wrong += 1;
            eprintln!("---- {name}\n{text}\n{e}");
        }
    }
    assert_eq!(wrong, 0);
}

#[test]
fn own_queries_round_trip() {
    let own = common::own();
    assert!(!own.is_empty());
    all(own);
}

#[test]
fn published_queries_round_trip() {
    // A third: all of them take long without optimisation.
    let queries = common::json_lines("corpus/hunting.jsonl");
    all(queries.into_iter().step_by(3).collect());
}

#[test]
fn conformance_queries_round_trip() {
    all(common::json_lines("conformance/docs.jsonl"));
    all(common::json_lines("conformance/peers.jsonl"));
}
