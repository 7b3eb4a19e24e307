//! Whatever the rows are, a picture comes out or a reason, and never a panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use kql_render::Screen;
use kql_render::chart::{Cell, Chart, Data, Spec};
use kql_types::{ColumnSchema, Type, Value};

const KINDS: [&str; 12] = [
    "timechart",
    "linechart",
    "areachart",
    "stackedareachart",
    "columnchart",
    "barchart",
    "piechart",
    "scatterchart",
    "anomalychart",
    "card",
    "treemap",
    "table",
];

fn columns() -> Vec<(Type, Vec<Cell>)> {
    let numbers = [0.0, -1.0, 1e308, -1e308, 5e-324, 1.0, 1e15, 0.1];
    let times = [
        0,
        i64::MAX / 3,
        3_155_378_975_999_999_999,
        1,
        638_000_000_000_000_000,
    ];
    let texts = ["", "日本語日本語日本語日本語", "a\nb\u{1b}[31m", "x"];
    vec![
        (Type::Real, numbers.map(Cell::Number).to_vec()),
        (Type::Long, vec![Cell::Number(7.0); 3]),
        (Type::Long, vec![Cell::Null; 3]),
        (Type::DateTime, times.map(Cell::Time).to_vec()),
        (Type::DateTime, vec![Cell::Time(i64::MIN), Cell::Null]),
        (Type::TimeSpan, vec![Cell::Span(i64::MAX), Cell::Span(-1)]),
        (
            Type::String,
            texts.map(|t| Cell::Text(t.to_owned())).to_vec(),
        ),
        (
            Type::Dynamic,
            vec![
                Cell::List(vec![Cell::Number(1.0), Cell::Null]),
                Cell::List(Vec::new()),
                Cell::Null,
            ],
        ),
    ]
}

#[test]
fn odd_rows_are_drawn_or_refused() {
    let columns = columns();
    let properties = [
        vec![],
        vec![("kind", "stacked100"), ("yaxis", "log"), ("xaxis", "log")],
        vec![("ymin", "10"), ("ymax", "-10"), ("ysplit", "panels")],
        vec![
            ("accumulate", "true"),
            ("xmin", "5"),
            ("xmax", "5"),
            ("kind", "stacked"),
        ],
    ];
    let mut drawn = 0;
    for kind in KINDS {
        for (i, (a, x)) in columns.iter().enumerate() {
            for (j, (b, y)) in columns.iter().enumerate() {
                let names = [("x", *a), ("y", *b)];
                let mut data = Data::new(&names.map(|(n, t)| ColumnSchema::new(n, t)));
                for n in 0..x.len().max(y.len()) {
                    let of = |c: &Vec<Cell>| c.get(n).cloned().unwrap_or(Cell::Null);
                    data.rows.push(vec![of(x), of(y)]);
                }
                let with = &properties[(i + j) % properties.len()];
                let spec = Spec {
                    kind: kind.to_owned(),
                    properties: with
                        .iter()
                        .map(|(n, v)| ((*n).to_owned(), Value::String((*v).to_owned())))
                        .collect(),
                };
                let Ok(chart) = Chart::new(&spec, &data) else {
                    continue;
                };
                for width in [None, Some(1), Some(20), Some(80), Some(250)] {
                    for unicode in [true, false] {
                        let screen = Screen {
                            width,
                            unicode,
                            color: false,
                        };
                        let text = chart.text(&screen);
                        assert!(!text.contains('\u{1b}'), "{kind}: {text}");
                        drawn += 1;
                    }
                }
                let svg = chart.svg();
                assert!(
                    !svg.contains("NaN") && !svg.contains("inf"),
                    "{kind} {i} {j}: {svg}"
                );
            }
        }
    }
    assert!(drawn > 500, "{drawn}");
}
