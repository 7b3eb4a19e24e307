use crate::binary::open;
use crate::entry::DataFile;
use crate::format::Format;
use crate::known::Known;
use crate::tables::{Skipped, SourceOptions};
use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch, TimestampMicrosecondArray};
use arrow::datatypes::Int64Type;
use datafusion::catalog::TableProvider;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::Operator;
use datafusion::physical_plan::{ExecutionPlan, collect};
use datafusion::prelude::{Expr, SessionConfig, SessionContext, binary_expr, ident, lit};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use std::path::Path;
use std::sync::Arc;

const ROWS: i64 = 400;
const GROUP: usize = 50;

/// Times that grow, with nulls in one row group, and numbers in no order.
fn rows(from: i64) -> Vec<(Option<i64>, Option<i64>)> {
    (from..from + ROWS)
        .map(|i| {
            let null = (from + 120..from + 130).contains(&i);
            let number = (i * 7919) % 1000;
            ((!null).then_some(i * 10), (i % 97 != 0).then_some(number))
        })
        .collect()
}

fn write(path: &Path, rows: &[(Option<i64>, Option<i64>)], statistics: EnabledStatistics) {
    let time: TimestampMicrosecondArray = rows.iter().map(|(t, _)| *t).collect();
    let number: Int64Array = rows.iter().map(|(_, n)| *n).collect();
    let place: Int64Array = (0..).take(rows.len()).map(Some).collect();
    let columns: [(&str, ArrayRef); 3] = [
        ("time", Arc::new(time)),
        ("number", Arc::new(number)),
        ("place", Arc::new(place)),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(GROUP))
        .set_statistics_enabled(statistics)
        .build();
    let file = std::fs::File::create(path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn table(path: &Path) -> Arc<dyn TableProvider> {
    let files = [DataFile::new(path)];
    let (known, skipped) = (Known::declared(Vec::new()), Skipped::default());
    let options = SourceOptions::default();
    open("T", Format::Parquet, &files, &known, &options, &skipped)
        .unwrap()
        .provider
}

/// The places of the rows that pass, and how many rows a filter let through: none where nothing was tested.
fn run(table: &Arc<dyn TableProvider>, filter: Expr) -> Result<(Vec<i64>, usize), String> {
    let mut config = SessionConfig::new().with_target_partitions(2);
    config.options_mut().execution.parquet.pushdown_filters = true;
    let context = SessionContext::new_with_config(config);
    let task = context.task_ctx();
    let frame = context.read_table(Arc::clone(table)).unwrap();
    let frame = frame.filter(filter).unwrap().select_columns(&["place"]);
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let plan = frame.unwrap().create_physical_plan().await.unwrap();
        let batches = collect(Arc::clone(&plan), task)
            .await
            .map_err(|e| e.to_string())?;
        let places = batches
            .iter()
            .flat_map(|b| b.column(0).as_primitive::<Int64Type>().values());
        let mut places: Vec<i64> = places.copied().collect();
        places.sort_unstable();
        Ok((places, tested(plan.as_ref())))
    })
}

fn tested(plan: &dyn ExecutionPlan) -> usize {
    let own = plan
        .metrics()
        .and_then(|m| m.sum_by_name("pushdown_rows_matched"));
    let below = plan.children().into_iter().map(|c| tested(c.as_ref()));
    own.map_or(0, |m| m.as_usize()) + below.sum::<usize>()
}

fn time(at: i64) -> Expr {
    lit(ScalarValue::TimestampMicrosecond(Some(at), None))
}

fn compare(a: i64, op: Operator, b: i64) -> bool {
    match op {
        Operator::Gt => a > b,
        Operator::GtEq => a >= b,
        Operator::Lt => a < b,
        _ => a <= b,
    }
}

const OPERATORS: [Operator; 4] = [Operator::Gt, Operator::GtEq, Operator::Lt, Operator::LtEq];

/// Bounds on, before and behind the ends of row groups, alone and beside a condition that no footer settles.
#[test]
fn the_rows_are_those_that_pass() {
    let folder = tempfile::tempdir().unwrap();
    let rows = rows(0);
    for statistics in [EnabledStatistics::Chunk, EnabledStatistics::None] {
        let path = folder.path().join(format!("{statistics:?}.parquet"));
        write(&path, &rows, statistics);
        let table = table(&path);
        for at in [
            -1, 0, 1, 490, 495, 500, 1200, 1290, 1500, 1999, 2000, 3980, 3990, 3991,
        ] {
            for op in OPERATORS {
                let alone = binary_expr(ident("time"), op, time(at));
                let both = alone
                    .clone()
                    .and(binary_expr(ident("number"), op, lit(at / 4)));
                let passes = |t: Option<i64>| t.is_some_and(|t| compare(t, op, at));
                let second = |n: Option<i64>| n.is_some_and(|n| compare(n, op, at / 4));
                let expected = |keep: &dyn Fn(Option<i64>, Option<i64>) -> bool| -> Vec<i64> {
                    let kept = (0..).zip(&rows).filter(|(_, (t, n))| keep(*t, *n));
                    kept.map(|(i, _)| i).collect()
                };
                let what = format!("{statistics:?} {op} {at}");
                assert_eq!(
                    run(&table, alone).unwrap().0,
                    expected(&|t, _| passes(t)),
                    "{what}"
                );
                let two = expected(&|t, n| passes(t) && second(n));
                assert_eq!(run(&table, both).unwrap().0, two, "both: {what}");
            }
        }
    }
}

/// A time range over the whole file tests nothing, where no row is without a time.
#[test]
fn what_is_settled_is_not_tested() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("T.parquet");
    let mut rows = rows(0);
    let range = || binary_expr(ident("time"), Operator::GtEq, time(0));
    write(&path, &rows, EnabledStatistics::Chunk);
    let (places, tested) = run(&table(&path), range()).unwrap();
    assert_eq!((places.len(), tested), (390, 390));
    rows.retain(|(t, _)| t.is_some());
    write(&path, &rows, EnabledStatistics::Chunk);
    let (places, tested) = run(&table(&path), range()).unwrap();
    assert_eq!((places.len(), tested), (390, 0));
}

/// A file that is another one by the time it is read is not read: its footer and its pieces were those of the old one.
#[test]
fn a_changed_file_gives_no_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("T.parquet");
    write(&path, &rows(0), EnabledStatistics::Chunk);
    let table = table(&path);
    write(&path, &rows(1000)[..60], EnabledStatistics::Chunk);
    for column in ["time", "number"] {
        let bound = if column == "time" { time(0) } else { lit(0i64) };
        let read = run(&table, binary_expr(ident(column), Operator::GtEq, bound));
        let message = read.unwrap_err();
        assert!(
            message.contains("was changed while the query ran"),
            "{message}"
        );
    }
}
