//! Kernels of string operators over columns as a scan gives them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use arrow::array::StringViewArray;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use kql_functions::adapter::{Args, Column};
use kql_functions::spec::Lower;
use kql_types::Type;
use std::hint::black_box;
use std::sync::Arc;

const ROWS: usize = 8192;

fn column(texts: impl Iterator<Item = String>, constant: bool) -> Column {
    Column {
        array: Arc::new(StringViewArray::from_iter_values(texts)),
        constant,
        ty: Type::String,
    }
}

fn kernels(c: &mut Criterion) {
    let line = |i: usize| {
        let tool = if i.is_multiple_of(50) {
            "powershell"
        } else {
            "powershellish"
        };
        format!(
            "C:\\Windows\\System32\\{tool}.exe -NoProfile -File c:\\jobs\\{i}\\run.ps1 -Mode quiet"
        )
    };
    let texts = column((0..ROWS).map(line), false);
    let bytes: usize = (0..ROWS).map(|i| line(i).len()).sum();
    let mut group = c.benchmark_group("kernel");
    group.throughput(Throughput::Bytes(u64::try_from(bytes).unwrap()));
    for (operator, term) in [
        ("has", "powershell"),
        ("has_cs", "powershell"),
        ("contains", "powershell.exe"),
        ("startswith", "c:\\windows"),
        ("matches regex", r"power\w+\.exe\s"),
    ] {
        let columns = [
            texts.clone(),
            column(std::iter::once(term.to_owned()), true),
        ];
        let spec = kql_functions::catalog::find(operator).unwrap();
        let Lower::Kernel(kernel) = spec.lower else {
            panic!("{operator} is no kernel");
        };
        group.bench_function(operator, |b| {
            b.iter(|| {
                kernel(black_box(&Args {
                    columns: &columns,
                    rows: ROWS,
                    returns: Type::Bool,
                }))
                .unwrap()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, kernels);
criterion_main!(benches);
