//! Queries with damage: no panic, places within the text, and what still has no fault prints and reads back.
//! `MUTATION_SECONDS` and `MUTATION_SEED` make a longer run of other texts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::mutate::Mutator;
use std::time::{Duration, Instant};

#[test]
fn damaged_queries_are_read_without_a_panic() {
    let mut seeds: Vec<String> = common::own().into_iter().map(|(_, q)| q).collect();
    seeds.extend(common::CONSTRUCTS.iter().map(|q| (*q).to_owned()));
    let given = |name: &str| std::env::var(name).ok().and_then(|v| v.parse::<u64>().ok());
    let mut mutator = Mutator::new(given("MUTATION_SEED").unwrap_or(20_240_611));
    let seconds = Duration::from_secs(given("MUTATION_SECONDS").unwrap_or(2));
    let begin = Instant::now();
    // The texts are the same in each run; a slow machine checks fewer of them.
    while begin.elapsed() < seconds {
        let text = mutator.damaged(&seeds);
        common::check_spans("damaged", &text);
        if let Err(e) = common::check_format(&text) {
            panic!("{text}\n{e}");
        }
    }
}

#[test]
fn every_construct_reads_and_prints() {
    for text in common::CONSTRUCTS {
        let parsed = kql_syntax::parse(text);
        assert!(
            parsed.diagnostics.is_empty(),
            "{text}: {:?}",
            parsed.diagnostics
        );
        common::check_spans("construct", text);
        if let Err(e) = common::check_format(text) {
            panic!("{text}\n{e}");
        }
    }
}
