//! Published queries parse. They are read from `../shared`, and where that is absent the test says so and is skipped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;

fn shared(path: &str) -> Option<String> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared")
        .join(path);
    let text = std::fs::read_to_string(&file).ok();
    if text.is_none() {
        eprintln!("skipped: {} is not there", file.display());
    }
    text
}

#[test]
fn published_hunting_queries_parse() {
    let Some(text) = shared("corpus/hunting.jsonl") else {
        return;
    };
    let (mut all, mut good) = (0, 0);
    for line in text.lines() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        let query = record["query"].as_str().unwrap();
        all += 1;
        let parsed = kql_syntax::parse(query);
        match parsed.diagnostics.iter().find(|d| d.is_error()) {
            None => good += 1,
            Some(d) => eprintln!(
                "{}: {}",
                record["id"].as_str().unwrap(),
                d.show(&[kql_diag::Source::new("q", query)])
            ),
        }
    }
    eprintln!("{good} of {all} parse");
    assert!(good * 1000 >= all * 995, "{good} of {all}");
}

#[test]
fn conformance_queries_parse() {
    for suite in ["docs", "peers"] {
        let Some(text) = shared(&format!("conformance/{suite}.jsonl")) else {
            return;
        };
        let (mut all, mut good) = (0, 0);
        for line in text.lines() {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            if record["official"]["syntax_ok"] == false
                || record["expect_error"] == true
                || record["official_rejects"] == true
            {
                continue;
            }
            let query = record["query"].as_str().unwrap();
            all += 1;
            let parsed = kql_syntax::parse(query);
            match parsed.diagnostics.iter().find(|d| d.is_error()) {
                None => good += 1,
                Some(d) => eprintln!(
                    "{}: {}",
                    record["id"].as_str().unwrap(),
                    d.show(&[kql_diag::Source::new("q", query)])
                ),
            }
        }
        eprintln!("{suite}: {good} of {all} parse");
        assert!(good * 100 >= all * 97, "{good} of {all}");
    }
}
