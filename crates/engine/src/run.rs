//! Runs a bound query: first what must be computed first, then each result to the sink.

use crate::errors::diagnose;
use crate::explain::{Shown, Stage};
use crate::limits;
use crate::present::{Presenter, info};
use crate::session::{Prepared, Session, on_large_stack};
use crate::stats::Stats;
use arrow::array::{Array, RecordBatch};
use arrow::datatypes::SchemaRef;
use datafusion::catalog::TableProvider;
use datafusion::datasource::MemTable;
use datafusion::error::DataFusionError;
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::execution::runtime_env::RuntimeEnv;
use datafusion::physical_plan::{ExecutionPlan, SendableRecordBatchStream, execute_stream};
use futures::StreamExt;
use kql_bind::plan::{BoundQuery, Relation, Render, Step};
use kql_diag::{Diagnostic, Span, codes};
use kql_functions::adapter::Column;
use kql_plan::{Computed, Lowered, Lowering, SharedRows, ValueSet, WhatFor};
use kql_types::{ColumnSchema, Value};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often a sink hears of the progress of a scan.
const PROGRESS: Duration = Duration::from_millis(250);

/// What a sink is told before the rows of a result.
#[derive(Debug, Clone)]
pub struct ResultInfo {
    /// `PrimaryResult` or what the query called it.
    pub name: String,
    /// The columns as the user sees them; names may repeat.
    pub columns: Vec<ColumnSchema>,
    /// What `render` said.
    pub render: Option<Render>,
}

/// Takes the results of a query in order.
pub trait Sink: Send {
    /// A result begins. `schema` is that of its batches: the Arrow types of `kql_functions`.
    ///
    /// # Errors
    /// The output is gone; the run stops.
    fn begin(&mut self, info: &ResultInfo, schema: &SchemaRef) -> std::io::Result<()>;
    /// Some rows.
    ///
    /// # Errors
    /// The output is gone; the run stops.
    fn batch(&mut self, batch: &RecordBatch) -> std::io::Result<()>;
    /// The result is whole.
    ///
    /// # Errors
    /// The output is gone; the run stops.
    fn end(&mut self) -> std::io::Result<()>;
    /// A scan lasts: what has been read until now. Told a few times a second.
    fn progress(&mut self, _so_far: &Stats) {}
}

/// Keeps results in memory.
#[derive(Debug, Default)]
pub struct Collected {
    /// In order.
    pub results: Vec<CollectedResult>,
}

/// One result in memory.
#[derive(Debug)]
pub struct CollectedResult {
    /// What it is.
    pub info: ResultInfo,
    /// Its rows.
    pub batches: Vec<RecordBatch>,
}

impl Sink for Collected {
    fn begin(&mut self, info: &ResultInfo, _schema: &SchemaRef) -> std::io::Result<()> {
        self.results.push(CollectedResult {
            info: info.clone(),
            batches: Vec::new(),
        });
        Ok(())
    }

    fn batch(&mut self, batch: &RecordBatch) -> std::io::Result<()> {
        if let Some(last) = self.results.last_mut() {
            last.batches.push(batch.clone());
        }
        Ok(())
    }

    fn end(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Session {
    /// Runs a prepared text and gives its results to the sink.
    ///
    /// # Errors
    /// The first error of the text, of a value, of a file, of a limit or of the sink.
    pub fn run(&self, prepared: &Prepared, sink: &mut dyn Sink) -> Result<Stats, Diagnostic> {
        if let Some(d) = prepared.error() {
            return Err(d.clone());
        }
        let Some(bound) = &prepared.bound else {
            return Err(Diagnostic::error(
                codes::INTERNAL,
                Span::default(),
                "the query is not bound",
            ));
        };
        if bound.results.is_empty() {
            let empty = prepared.diagnostics.iter().find(|d| d.code == codes::EMPTY);
            let primary = empty.map(|d| d.primary).unwrap_or_default();
            let message = "the text has no query that gives a result";
            return Err(Diagnostic::error(codes::EMPTY, primary, message));
        }
        let mut stats = self.run_bound(bound, sink)?;
        stats.plan_seconds += prepared.seconds;
        stats.seconds += prepared.seconds;
        Ok(stats)
    }

    /// The same for a query that is bound already.
    pub(crate) fn run_bound(
        &self,
        bound: &BoundQuery,
        sink: &mut dyn Sink,
    ) -> Result<Stats, Diagnostic> {
        self.run_showing(bound, sink, None).map(|(stats, _)| stats)
    }

    /// Runs, and shows a stage of everything that is planned. Only [`Stage::Analyze`] runs the results themselves; what must
    /// be computed first is always run.
    pub(crate) fn run_showing(
        &self,
        bound: &BoundQuery,
        sink: &mut dyn Sink,
        stage: Option<Stage>,
    ) -> Result<(Stats, String), Diagnostic> {
        on_large_stack(|| self.run_here(bound, sink, stage)).unwrap_or_else(|| {
            Err(Diagnostic::error(
                codes::INTERNAL,
                Span::default(),
                "the query stopped unexpectedly",
            ))
        })
    }

    fn run_here(
        &self,
        bound: &BoundQuery,
        sink: &mut dyn Sink,
        stage: Option<Stage>,
    ) -> Result<(Stats, String), Diagnostic> {
        let tokio = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(self.options.threads.max(1))
            .thread_stack_size(16 << 20)
            .enable_all()
            .build()
            .map_err(|e| {
                Diagnostic::error(
                    codes::INTERNAL,
                    Span::default(),
                    format!("no threads can be had: {e}"),
                )
            })?;
        let spill = limits::spill(&self.options).map_err(|e| {
            Diagnostic::error(
                codes::INPUT,
                Span::default(),
                format!("no folder for spilled rows can be made: {e}"),
            )
            .with_help("--temp-dir names another place")
        })?;
        let runtime = limits::runtime(&self.options, spill.as_ref())
            .map_err(|e| diagnose(&e, Span::default()))?;
        let started = Instant::now();
        let mut run = Run {
            session: self,
            bound,
            runtime,
            computed: Computed::default(),
            held: Vec::new(),
            stats: Stats::default(),
            shown: Shown::of(stage),
        };
        let out = tokio.block_on(async {
            let work = run.all(sink);
            let interrupted = async {
                if self.options.interrupts {
                    // Without a handler nobody hears of it.
                    let _ = tokio::signal::ctrl_c().await;
                } else {
                    std::future::pending::<()>().await;
                }
            };
            let timeout = async {
                match self.options.timeout {
                    Some(t) => tokio::time::sleep(t).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                out = work => out,
                () = interrupted => Err(Diagnostic::error(codes::CANCELLED, Span::default(), "interrupted")),
                () = self.cancel.cancelled() => Err(Diagnostic::error(codes::CANCELLED, Span::default(), "cancelled")),
                () = timeout => Err(Diagnostic::error(codes::TIMEOUT, Span::default(), "the time limit was reached")
                    .with_help("--timeout gives more")),
            }
        });
        // Operators that are still busy must not keep the process.
        tokio.shutdown_background();
        out?;
        run.stats.seconds = started.elapsed().as_secs_f64();
        Ok((run.stats, run.shown.text))
    }
}

/// A run of one query.
struct Run<'s> {
    session: &'s Session,
    bound: &'s BoundQuery,
    runtime: Arc<RuntimeEnv>,
    computed: Computed,
    /// The memory of what was computed first.
    held: Vec<MemoryReservation>,
    stats: Stats,
    shown: Shown,
}

impl Run<'_> {
    async fn all(&mut self, sink: &mut dyn Sink) -> Result<(), Diagnostic> {
        for step in &self.bound.steps {
            self.step(*step, sink).await?;
        }
        for table in &self.bound.results {
            let span = table.relation.span;
            let failed = |e: DataFusionError| diagnose(&e, span);
            let lowered = self.lower(&table.relation, WhatFor::Values)?;
            let presenter = Presenter::new(table, &lowered.columns).map_err(failed)?;
            let plan = self.physical(&lowered, span, &table.name).await?;
            if self.shown.plans_only() {
                continue;
            }
            let context =
                limits::state(&self.session.options, &self.runtime, lowered.small).task_ctx();
            sink.begin(&info(table), &presenter.schema())
                .map_err(output)?;
            let mut stream = execute_stream(Arc::clone(&plan), context).map_err(failed)?;
            while let Some(batch) = self.next(&mut stream, plan.as_ref(), sink).await {
                let batch = presenter.batch(&batch.map_err(failed)?).map_err(failed)?;
                self.stats.rows += u64::try_from(batch.num_rows()).unwrap_or(0);
                sink.batch(&batch).map_err(output)?;
            }
            sink.end().map_err(output)?;
            self.stats.add(plan.as_ref());
            self.shown.ran(plan.as_ref());
        }
        Ok(())
    }

    /// The next batch. While it is waited for, the sink hears of the progress.
    async fn next(
        &self,
        stream: &mut SendableRecordBatchStream,
        plan: &dyn ExecutionPlan,
        sink: &mut dyn Sink,
    ) -> Option<datafusion::error::Result<RecordBatch>> {
        let mut pause = PROGRESS;
        loop {
            match tokio::time::timeout(pause, stream.next()).await {
                Ok(batch) => return batch,
                Err(_) => {
                    let started = Instant::now();
                    let mut so_far = self.stats;
                    so_far.add(plan);
                    sink.progress(&so_far);
                    // A scan of thousands of files has many counts to add up.
                    pause = PROGRESS.max(started.elapsed() * 100);
                }
            }
        }
    }

    fn lower(&mut self, relation: &Relation, what_for: WhatFor) -> Result<Lowered, Diagnostic> {
        let started = Instant::now();
        let lowering = Lowering::new(self.bound, self.session.workspace.as_ref(), &self.computed);
        let lowered = lowering.lower(relation, what_for);
        self.stats.plan_seconds += started.elapsed().as_secs_f64();
        lowered
    }

    async fn physical(
        &mut self,
        lowered: &Lowered,
        span: Span,
        title: &str,
    ) -> Result<Arc<dyn ExecutionPlan>, Diagnostic> {
        let started = Instant::now();
        let state = limits::state(&self.session.options, &self.runtime, lowered.small);
        let failed = |e: DataFusionError| diagnose(&e, span);
        let optimised = kql_plan::optimise(&lowered.plan, &state).map_err(failed)?;
        let plan = state
            .query_planner()
            .create_physical_plan(&optimised, &state)
            .await
            .map_err(failed)?;
        self.stats.plan_seconds += started.elapsed().as_secs_f64();
        self.shown
            .planned(title, &lowered.plan, &optimised, plan.as_ref());
        Ok(plan)
    }

    /// Runs what is needed first; `take` gets each batch and gives the bytes that are kept of it.
    async fn first(
        &mut self,
        lowered: &Lowered,
        span: Span,
        sink: &mut dyn Sink,
        mut take: impl FnMut(RecordBatch) -> Result<usize, DataFusionError>,
    ) -> Result<SchemaRef, Diagnostic> {
        let failed = |e: DataFusionError| diagnose(&e, span);
        let plan = self.physical(lowered, span, "computed first").await?;
        let context = limits::state(&self.session.options, &self.runtime, lowered.small).task_ctx();
        let reservation = MemoryConsumer::new("let").register(&self.runtime.memory_pool);
        let mut stream = execute_stream(Arc::clone(&plan), context).map_err(failed)?;
        while let Some(batch) = self.next(&mut stream, plan.as_ref(), sink).await {
            let kept = take(batch.map_err(failed)?).map_err(failed)?;
            reservation.try_grow(kept).map_err(failed)?;
        }
        self.held.push(reservation);
        self.stats.add(plan.as_ref());
        self.shown.ran(plan.as_ref());
        Ok(plan.schema())
    }

    /// All rows of a relation, held within the memory limit.
    async fn collect(
        &mut self,
        relation: &Relation,
        what_for: WhatFor,
        sink: &mut dyn Sink,
    ) -> Result<(Lowered, SchemaRef, Vec<RecordBatch>), Diagnostic> {
        let lowered = self.lower(relation, what_for)?;
        let mut batches = Vec::new();
        let keep = |batch: RecordBatch| {
            let size = batch.get_array_memory_size();
            batches.push(batch);
            Ok(size)
        };
        let schema = self.first(&lowered, relation.span, sink, keep).await?;
        Ok((lowered, schema, batches))
    }

    async fn step(&mut self, step: Step, sink: &mut dyn Sink) -> Result<(), Diagnostic> {
        let bound = self.bound;
        match step {
            Step::Scalar(id) => {
                let Some(query) = usize::try_from(id.0)
                    .ok()
                    .and_then(|i| bound.scalars.get(i))
                else {
                    return Ok(());
                };
                let (_, _, batches) = self.collect(&query.relation, WhatFor::Values, sink).await?;
                let value = match batches.iter().find(|b| b.num_rows() > 0) {
                    None => Value::null(query.ty),
                    Some(b) => Column {
                        array: b.column(0).slice(0, 1),
                        constant: true,
                        ty: query.ty,
                    }
                    .any()
                    .map(|c| c.to_value(0))
                    .map_err(|e| Diagnostic::error(codes::INTERNAL, query.relation.span, e.0))?,
                };
                self.computed.scalars.insert(id.0, value);
            }
            Step::Set(id) => {
                let Some(relation) = usize::try_from(id.0).ok().and_then(|i| bound.sets.get(i))
                else {
                    return Ok(());
                };
                let lowered = self.lower(relation, WhatFor::Set)?;
                let Some(column) = lowered.columns.first() else {
                    return Ok(());
                };
                let mut set = ValueSet::new(column.ty);
                let add = |batch: RecordBatch| set.add(batch.column(0));
                self.first(&lowered, relation.span, sink, add).await?;
                self.computed.sets.insert(id.0, Arc::new(set));
            }
            Step::Shared(id) => {
                let Some(relation) = usize::try_from(id.0).ok().and_then(|i| bound.shared.get(i))
                else {
                    return Ok(());
                };
                let (lowered, schema, batches) =
                    self.collect(relation, WhatFor::Table, sink).await?;
                let rows = batches.iter().map(RecordBatch::num_rows).sum();
                let table = MemTable::try_new(schema, vec![batches])
                    .map_err(|e| diagnose(&e, relation.span))?;
                let provider: Arc<dyn TableProvider> = Arc::new(table);
                let columns = lowered
                    .columns
                    .iter()
                    .map(|c| (c.id, c.form.clone()))
                    .collect();
                let shared = SharedRows {
                    provider,
                    columns,
                    rows,
                };
                self.computed.shared.insert(id.0, shared);
            }
        }
        Ok(())
    }
}

fn output(e: std::io::Error) -> Diagnostic {
    Diagnostic::error(
        codes::OUTPUT,
        Span::default(),
        format!("the result cannot be written: {e}"),
    )
}
