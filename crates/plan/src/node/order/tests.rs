//! The order against Arrow's own sort, over random rows.

use super::*;
use arrow::array::{
    BooleanArray, Float64Array, Int64Array, StringViewArray, TimestampMicrosecondArray,
};
use arrow::compute::{SortColumn, concat_batches, lexsort_to_indices, take_record_batch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::datasource::memory::MemorySourceConfig;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::physical_expr::PhysicalSortExpr;
use datafusion::physical_plan::collect;
use datafusion::prelude::{SessionConfig, SessionContext};

/// Numbers without order.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn maybe<T>(&mut self, value: T) -> Option<T> {
        (self.below(8) > 0).then_some(value)
    }
}

fn schema() -> SchemaRef {
    let field = |name: &str, ty| Field::new(name, ty, true);
    Arc::new(Schema::new(vec![
        field("text", DataType::Utf8View),
        field("number", DataType::Int64),
        field("real", DataType::Float64),
        field("time", DataType::Timestamp(TimeUnit::Microsecond, None)),
        field("flag", DataType::Boolean),
        field("long", DataType::Utf8View),
        field("row", DataType::Int64),
    ]))
}

fn batch(random: &mut Random, rows: u64, first: i64) -> RecordBatch {
    let text = |random: &mut Random| {
        let n = random.below(30);
        random.maybe(match n % 3 {
            0 => format!("{n}"),
            1 => format!("{n}\0"),
            _ => format!("a text that is not held in the view {n}"),
        })
    };
    let n = || 0..rows;
    let extreme = [-1_000_000_007, -1, 0, 1, 1 << 40];
    let columns: Vec<ArrayRef> = vec![
        Arc::new(n().map(|_| text(random)).collect::<StringViewArray>()),
        Arc::new(
            n().map(|_| {
                let at = usize::try_from(random.below(5)).unwrap();
                random.maybe(extreme[at])
            })
            .collect::<Int64Array>(),
        ),
        Arc::new(
            n().map(|_| {
                let x = random.below(5);
                random.maybe(
                    [-0.0, 0.0, -1.5, f64::INFINITY, f64::NEG_INFINITY]
                        [usize::try_from(x).unwrap()],
                )
            })
            .collect::<Float64Array>(),
        ),
        Arc::new(
            n().map(|_| {
                let t = i64::try_from(random.below(50)).unwrap();
                random.maybe(t - 20)
            })
            .collect::<TimestampMicrosecondArray>(),
        ),
        Arc::new(
            n().map(|_| {
                let b = random.below(2) == 0;
                random.maybe(b)
            })
            .collect::<BooleanArray>(),
        ),
        Arc::new(n().map(|_| text(random)).collect::<StringViewArray>()),
        Arc::new(
            (first..)
                .take(usize::try_from(rows).unwrap())
                .map(Some)
                .collect::<Int64Array>(),
        ),
    ];
    RecordBatch::try_new(schema(), columns).unwrap()
}

fn context(limit: Option<usize>) -> SessionContext {
    let mut runtime = RuntimeEnvBuilder::new();
    if let Some(limit) = limit {
        runtime = runtime
            .with_memory_pool(Arc::new(FairSpillPool::new(limit)))
            .with_disk_manager_builder(
                DiskManagerBuilder::default().with_mode(DiskManagerMode::OsTmpDirectory),
            );
    }
    let config = SessionConfig::new()
        .with_batch_size(100)
        .with_sort_spill_reservation_bytes(64 << 10);
    SessionContext::new_with_config_rt(config, runtime.build_arc().unwrap())
}

/// The rows as they must be: equal ones as they came.
fn expected(all: &RecordBatch, keys: &[(usize, SortOptions)]) -> RecordBatch {
    let mut columns: Vec<SortColumn> = keys
        .iter()
        .map(|(i, options)| SortColumn {
            values: Arc::clone(all.column(*i)),
            options: Some(*options),
        })
        .collect();
    columns.push(SortColumn {
        values: Arc::clone(all.column(6)),
        options: Some(SortOptions::default()),
    });
    take_record_batch(all, &lexsort_to_indices(&columns, None).unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_are_sorted_as_arrow_sorts_them() {
    let mut random = Random(5);
    for round in 0..60 {
        let mut first = 0;
        let partitions: Vec<Vec<RecordBatch>> = (0..1 + random.below(3))
            .map(|_| {
                (0..random.below(4))
                    .map(|_| {
                        let rows = random.below(400);
                        let b = batch(&mut random, rows, first);
                        first += i64::try_from(rows).unwrap();
                        b
                    })
                    .collect()
            })
            .collect();
        let all = concat_batches(&schema(), partitions.iter().flatten()).unwrap();
        let keys: Vec<(usize, SortOptions)> = (0..1 + random.below(4))
            .map(|_| {
                let options = SortOptions {
                    descending: random.below(2) == 0,
                    nulls_first: random.below(2) == 0,
                };
                (usize::try_from(random.below(6)).unwrap(), options)
            })
            .collect();
        // Sometimes without the rows' numbers: then keys are all there is.
        let width = if round % 3 == 0 { 6 } else { 7 };
        let narrow: Vec<usize> = (0..width).collect();
        let scan = || {
            let shape = Some(narrow.clone());
            MemorySourceConfig::try_new_exec(&partitions, schema(), shape).unwrap()
        };
        let order = |input: Arc<dyn ExecutionPlan>| {
            let keys = keys.iter().map(|(i, options)| {
                let name = schema().field(*i).name().clone();
                PhysicalSortExpr::new(Arc::new(Column::new(&name, *i)), *options)
            });
            Arc::new(OrderExec::new(input, LexOrdering::new(keys).unwrap()))
        };
        let want = expected(&all, &keys);
        let want = want.project(&narrow).unwrap();
        for limit in [None, Some(1 << 20), Some(300 << 10)] {
            let plan = order(scan());
            let got = collect(plan, context(limit).task_ctx()).await;
            let got = match got {
                // Some rows are too many for so little.
                Err(e) if limit.is_some() && e.to_string().contains("memory") => continue,
                got => got.unwrap(),
            };
            let got = concat_batches(&want.schema(), &got).unwrap();
            if limit.is_none() {
                assert_eq!(got, want, "round {round}: {keys:?}");
            } else {
                // A sort that spills does not keep equal rows as they came.
                for (i, _) in &keys {
                    assert_eq!(got.column(*i), want.column(*i), "round {round}: {keys:?}");
                }
                assert_eq!(got.num_rows(), want.num_rows());
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_fit_is_spilled() {
    let mut random = Random(9);
    let partitions: Vec<Vec<RecordBatch>> = (0..2)
        .map(|p| {
            (0..20)
                .map(|i| batch(&mut random, 2_000, p * 40_000 + i * 2_000))
                .collect()
        })
        .collect();
    let all = concat_batches(&schema(), partitions.iter().flatten()).unwrap();
    let keys = [(0, SortOptions::default()), (3, SortOptions::default())];
    let ordering = keys.map(|(i, options)| {
        let name = schema().field(i).name().clone();
        PhysicalSortExpr::new(Arc::new(Column::new(&name, i)), options)
    });
    let input = MemorySourceConfig::try_new_exec(&partitions, schema(), None).unwrap();
    let plan = Arc::new(OrderExec::new(input, LexOrdering::new(ordering).unwrap()));
    let got = collect(plan, context(Some(4 << 20)).task_ctx())
        .await
        .unwrap();
    let got = concat_batches(&schema(), &got).unwrap();
    let want = expected(&all, &keys);
    assert_eq!(got.column(0), want.column(0));
    assert_eq!(got.column(3), want.column(3));
    assert_eq!(got.num_rows(), 80_000);
}
