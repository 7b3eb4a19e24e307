//! Queries with damage are bound with the built-in schemas: no panic, and every finding has a place within its text.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../../syntax/tests/common/mod.rs"]
mod common;

use common::mutate::Mutator;
use kql_bind::scope::{Scope, StoredFunction, TableSchema};
use std::time::{Duration, Instant};

struct Builtin;

impl Scope for Builtin {
    fn table(&self, _database: &str, name: &str) -> Option<TableSchema> {
        Some(TableSchema {
            name: name.to_owned(),
            columns: kql_sources::builtin::schema(name)?,
            ..TableSchema::default()
        })
    }
    fn table_names(&self) -> Vec<String> {
        kql_sources::builtin::names().map(str::to_owned).collect()
    }
    fn function(&self, _name: &str) -> Option<std::sync::Arc<StoredFunction>> {
        None
    }
    fn function_names(&self) -> Vec<String> {
        Vec::new()
    }
    fn now(&self) -> i64 {
        638_500_000_000_000_000
    }
    fn parameter(&self, _name: &str) -> Option<String> {
        None
    }
    fn empty_tables(&self) -> bool {
        true
    }
}

fn bind(text: &str) {
    let parsed = kql_syntax::parse(text);
    let bound = kql_bind::bind(&parsed.query, &Builtin, &kql_functions::Catalog);
    for d in &bound.diagnostics {
        let (start, end) = (d.primary.start as usize, d.primary.end as usize);
        if d.primary.source == 0 {
            assert!(
                start <= end && text.get(start..end).is_some(),
                "{d:?} of {text:?}"
            );
        }
    }
    let error = |d: &kql_diag::Diagnostic| d.is_error();
    if !parsed.diagnostics.iter().any(error) && !bound.diagnostics.iter().any(error) {
        let mut query = bound.query;
        kql_bind::prune::prune(&mut query);
        kql_bind::defer::defer(&mut query, &kql_functions::Catalog);
    }
}

/// Recursion follows the nesting of a text, as it does where queries run.
fn on_large_stack(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new()
        .stack_size(256 << 20)
        .spawn(work)
        .unwrap()
        .join()
        .unwrap();
}

#[test]
fn damaged_queries_are_bound_without_a_panic() {
    on_large_stack(|| {
        let given = |name: &str| std::env::var(name).ok().and_then(|v| v.parse::<u64>().ok());
        let mut seeds: Vec<String> = common::own().into_iter().map(|(_, q)| q).collect();
        seeds.extend(common::CONSTRUCTS.iter().map(|q| (*q).to_owned()));
        seeds.push(
            "SecurityEvent | where EventID == 4624 | summarize n = count() by bin(TimeGenerated, 1h), Account"
                .to_owned(),
        );
        let mut mutator = Mutator::new(given("MUTATION_SEED").unwrap_or(20_240_612));
        let seconds = Duration::from_secs(given("MUTATION_SECONDS").unwrap_or(2));
        let begin = Instant::now();
        while begin.elapsed() < seconds {
            bind(&mutator.damaged(&seeds));
        }
    });
}

#[test]
fn short_texts_that_stand_for_much_are_refused() {
    on_large_stack(|| {
        let mut scalars = "let a0 = rand();".to_owned();
        let mut tables = "let T0 = print x = 1;".to_owned();
        let mut functions = "let f0 = (x:long) { x + x };".to_owned();
        for n in 1..40 {
            let m = n - 1;
            scalars.push_str(&format!("let a{n} = a{m} + a{m};"));
            tables.push_str(&format!("let T{n} = union T{m}, T{m};"));
            functions.push_str(&format!("let f{n} = (x:long) {{ f{m}(x) + f{m}(x) }};"));
        }
        for text in [
            format!("{scalars} print a39"),
            format!("{tables} T39 | count"),
            format!("{functions} print f39(1)"),
        ] {
            let parsed = kql_syntax::parse(&text);
            let bound = kql_bind::bind(&parsed.query, &Builtin, &kql_functions::Catalog);
            let codes: Vec<String> = bound
                .diagnostics
                .iter()
                .map(|d| d.code.to_string())
                .collect();
            assert_eq!(codes, ["KQL0102"], "{:.60}", text);
        }
    });
}
