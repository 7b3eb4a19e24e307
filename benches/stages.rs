//! From text to plan: parse, bind, plan.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use criterion::{Criterion, criterion_group, criterion_main};
use kql_engine::{Session, SessionOptions, Stage};
use std::fmt::Write;
use std::hint::black_box;

/// A pipe of 300 steps, each over the one before.
fn long_pipe() -> String {
    let mut text = String::from("range x from 1 to 10 step 1");
    for i in 0..150 {
        let before = if i == 0 {
            "x".to_owned()
        } else {
            format!("c{}", i - 1)
        };
        write!(text, "\n| extend c{i} = {before} + {i}\n| where c{i} > {i}").unwrap();
    }
    text
}

/// A union of 40 branches over 200 columns.
fn wide_union() -> String {
    let columns: Vec<String> = (0..200).map(|i| format!("c{i}:long")).collect();
    let values = vec!["1"; 200].join(",");
    let mut text = format!(
        "let T = datatable({})[{values}];\nunion ",
        columns.join(",")
    );
    for i in 0..40 {
        let comma = if i > 0 { ", " } else { "" };
        write!(text, "{comma}(T | where c{i} > 0 | extend d = c{i} * 2)").unwrap();
    }
    text
}

fn published_like() -> &'static str {
    include_str!("../queries/network/rare_domain.kql")
}

fn stages(c: &mut Criterion) {
    let session = Session::new(SessionOptions {
        empty_tables: true,
        ..SessionOptions::default()
    });
    let texts = [
        ("rare_domain", published_like().to_owned()),
        ("pipe_300", long_pipe()),
        ("union_40_by_200", wide_union()),
    ];
    for (name, text) in &texts {
        let prepared = session.prepare(text, name);
        if let Some(d) = prepared.error() {
            panic!("{}", d.show(&prepared.sources));
        }
        c.bench_function(&format!("parse/{name}"), |b| {
            b.iter(|| kql_syntax::parse(black_box(text)));
        });
        c.bench_function(&format!("parse+bind/{name}"), |b| {
            b.iter(|| session.prepare(black_box(text), name));
        });
        // What reads a list first has no plan before it ran.
        if *name != "rare_domain" {
            session.explain(&prepared, Stage::Physical).unwrap();
            c.bench_function(&format!("plan/{name}"), |b| {
                b.iter(|| {
                    session
                        .explain(black_box(&prepared), Stage::Physical)
                        .unwrap()
                });
            });
        }
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = stages
}
criterion_main!(benches);
