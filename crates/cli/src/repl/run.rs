//! Runs a query beside the prompt: Ctrl-C gives the prompt back whatever the query does.

use crate::output::Progress;
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use kql_diag::{Diagnostic, Source};
use kql_engine::{Cancel, CollectedResult, ResultInfo, Session, Sink, Stats};
use std::io::{Error, Result};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, Mutex, Once, mpsc};
use std::time::{Duration, Instant};

/// What one result may hold, so that a careless query does not fill the memory.
const MOST_BYTES: usize = 1 << 30;
/// Rows that are kept of a result that is larger.
const ROWS_OF_LARGE: usize = 10_000;
/// How long a query may take to notice that it is cancelled.
const PATIENCE: Duration = Duration::from_millis(300);

/// Ctrl-C since the program began.
static INTERRUPTS: AtomicUsize = AtomicUsize::new(0);

/// What a run gave.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Findings, with the texts that they point into.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts.
    pub sources: Vec<Source>,
    /// The results; rows beyond the limit are counted only.
    pub results: Vec<Held>,
    /// What it cost, when it ended well.
    pub stats: Option<Stats>,
    /// Whether Ctrl-C ended it.
    pub cancelled: bool,
}

/// A result in memory.
#[derive(Debug)]
pub struct Held {
    /// What is kept.
    pub rows: CollectedResult,
    /// How many rows there were.
    pub total: usize,
    /// How many are kept.
    pub kept: usize,
}

struct Keep {
    results: Vec<Held>,
    bytes: usize,
    stop: Arc<AtomicBool>,
    progress: Arc<Mutex<Option<Progress>>>,
}

impl Keep {
    fn clear(&self) {
        if let Ok(mut p) = self.progress.lock()
            && let Some(p) = p.as_mut()
        {
            p.clear();
        }
    }

    /// The same when Ctrl-C came, whoever heard of it first.
    fn interrupted(&self) {
        if let Ok(mut p) = self.progress.lock()
            && let Some(p) = p.as_mut()
        {
            p.interrupted();
        }
    }

    fn stopped(&self) -> Result<()> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(Error::other("interrupted"));
        }
        Ok(())
    }
}

impl Sink for Keep {
    fn begin(&mut self, info: &ResultInfo, _schema: &SchemaRef) -> Result<()> {
        self.results.push(Held {
            rows: CollectedResult {
                info: info.clone(),
                batches: Vec::new(),
            },
            total: 0,
            kept: 0,
        });
        self.stopped()
    }

    fn batch(&mut self, batch: &RecordBatch) -> Result<()> {
        let Some(last) = self.results.last_mut() else {
            return Ok(());
        };
        let whole = last.kept == last.total;
        last.total += batch.num_rows();
        if whole {
            self.bytes += batch.get_array_memory_size();
            if self.bytes < MOST_BYTES {
                last.rows.batches.push(batch.clone());
                last.kept += batch.num_rows();
            } else {
                let mut kept = 0;
                last.rows.batches.retain_mut(|b| {
                    let n = b.num_rows().min(ROWS_OF_LARGE - kept);
                    *b = b.slice(0, n);
                    kept += n;
                    n > 0
                });
                last.kept = kept;
            }
        }
        self.stopped()
    }

    fn end(&mut self) -> Result<()> {
        self.clear();
        self.stopped()
    }

    fn progress(&mut self, so_far: &Stats) {
        if let Ok(mut p) = self.progress.lock()
            && let Some(p) = p.as_mut()
        {
            p.update(so_far);
        }
    }
}

/// Hears Ctrl-C from now on.
pub fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let (ready, listening) = mpsc::channel();
        let work = move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            let Ok(runtime) = runtime else { return };
            runtime.block_on(async {
                let mut told = Some(ready);
                loop {
                    let mut next = Box::pin(tokio::signal::ctrl_c());
                    // The first look at it makes the system tell us.
                    if tokio::time::timeout(Duration::ZERO, &mut next)
                        .await
                        .is_ok()
                    {
                        INTERRUPTS.fetch_add(1, Ordering::Relaxed);
                        continue;
                    }
                    drop(told.take());
                    if next.await.is_err() {
                        return;
                    }
                    INTERRUPTS.fetch_add(1, Ordering::Relaxed);
                }
            });
        };
        let spawned = std::thread::Builder::new()
            .name("interrupt".to_owned())
            .spawn(work);
        if spawned.is_ok() {
            // It ends when the sender is gone.
            let _: std::result::Result<(), _> = listening.recv();
        }
    });
}

/// Runs a text. A query that does not notice Ctrl-C goes on without anybody until it does.
pub fn run(session: &Arc<Session>, text: String) -> Outcome {
    listen();
    let before = INTERRUPTS.load(Ordering::Relaxed);
    let stop = Arc::new(AtomicBool::new(false));
    let progress = Arc::new(Mutex::new(Progress::new()));
    let (done, outcome) = mpsc::channel();
    let work = {
        let (session, stop) = (Arc::clone(session), Arc::clone(&stop));
        let progress = Arc::clone(&progress);
        move || {
            let mut keep = Keep {
                results: Vec::new(),
                bytes: 0,
                stop,
                progress,
            };
            let prepared = session.prepare(&text, "query");
            let mut diagnostics = prepared.diagnostics.clone();
            let mut stats = None;
            let mut cancelled = false;
            if prepared.error().is_none() {
                match session.run(&prepared, &mut keep) {
                    Ok(s) => stats = Some(s),
                    Err(d) if d.code == kql_diag::codes::CANCELLED => cancelled = true,
                    Err(d) => diagnostics.push(d),
                }
            }
            if cancelled {
                keep.interrupted();
            }
            keep.clear();
            // Nobody may be waiting any more.
            let _ = done.send(Outcome {
                diagnostics,
                sources: prepared.sources,
                results: keep.results,
                stats,
                cancelled,
            });
        }
    };
    let spawned = std::thread::Builder::new()
        .name("query".to_owned())
        .spawn(work);
    if let Err(e) = spawned {
        let fault = format!("no thread can be had: {e}");
        return Outcome {
            diagnostics: vec![Diagnostic::error(
                kql_diag::codes::INTERNAL,
                kql_diag::Span::default(),
                fault,
            )],
            ..Outcome::default()
        };
    }
    let mut interrupted: Option<Instant> = None;
    loop {
        let left = interrupted.map(|at| PATIENCE.saturating_sub(at.elapsed()));
        let wait = left.unwrap_or(Duration::from_millis(20));
        match outcome.recv_timeout(wait) {
            Ok(mut out) => {
                out.cancelled |= interrupted.is_some();
                return out;
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Outcome {
                    diagnostics: vec![Diagnostic::error(
                        kql_diag::codes::INTERNAL,
                        kql_diag::Span::default(),
                        "the query stopped unexpectedly",
                    )],
                    ..Outcome::default()
                };
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        if interrupted.is_none() && INTERRUPTS.load(Ordering::Relaxed) > before {
            stop.store(true, Ordering::Relaxed);
            if let Ok(mut p) = progress.lock()
                && let Some(mut p) = p.take()
            {
                p.interrupted();
            }
            interrupted = Some(Instant::now());
        }
        if interrupted.is_some_and(|at| at.elapsed() >= PATIENCE) {
            if let Ok(mut p) = progress.lock() {
                *p = None;
            }
            return Outcome {
                cancelled: true,
                ..Outcome::default()
            };
        }
    }
}

/// Does work that runs queries of its own beside the prompt; none when Ctrl-C came first.
pub fn beside<T: Send + 'static>(
    session: &Arc<Session>,
    work: impl FnOnce(Session) -> T + Send + 'static,
) -> Option<T> {
    listen();
    let before = INTERRUPTS.load(Ordering::Relaxed);
    let cancel = Cancel::default();
    let session = session.as_ref().clone().with_cancel(cancel.clone());
    let (done, result) = mpsc::channel();
    std::thread::Builder::new()
        .name("query".to_owned())
        .spawn(move || {
            // Nobody may be waiting any more.
            let _ = done.send(work(session));
        })
        .ok()?;
    loop {
        match result.recv_timeout(Duration::from_millis(20)) {
            Ok(out) if INTERRUPTS.load(Ordering::Relaxed) == before => return Some(out),
            Err(RecvTimeoutError::Timeout) if INTERRUPTS.load(Ordering::Relaxed) == before => {}
            _ => {
                // What still runs ends by itself.
                cancel.cancel();
                return None;
            }
        }
    }
}
