//! Results as an iterator, for programs that pull rows.

use crate::cancel::Cancel;
use crate::run::{ResultInfo, Sink};
use crate::session::{Prepared, Session};
use crate::stats::Stats;
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use kql_diag::{Diagnostic, Span, codes};
use std::io::{Error, Result as IoResult};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Batches that wait for the reader; the run waits when there are more.
const WAITING: usize = 4;

/// What a run gives, in order.
#[derive(Debug)]
pub enum Event {
    /// A result begins, with the schema of its batches.
    Result(ResultInfo, SchemaRef),
    /// Rows of it.
    Rows(RecordBatch),
    /// All results are whole.
    Done(Stats),
}

/// The results of a query while it runs. Dropping it ends the run.
#[derive(Debug)]
pub struct Events {
    events: Receiver<Result<Event, Diagnostic>>,
    cancel: Cancel,
}

impl Iterator for Events {
    type Item = Result<Event, Diagnostic>;

    fn next(&mut self) -> Option<Self::Item> {
        self.events.recv().ok()
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

struct Send(SyncSender<Result<Event, Diagnostic>>);

impl Send {
    fn event(&self, event: Event) -> IoResult<()> {
        let gone = |_| Error::other("nobody reads on");
        self.0.send(Ok(event)).map_err(gone)
    }
}

impl Sink for Send {
    fn begin(&mut self, info: &ResultInfo, schema: &SchemaRef) -> IoResult<()> {
        self.event(Event::Result(info.clone(), SchemaRef::clone(schema)))
    }

    fn batch(&mut self, batch: &RecordBatch) -> IoResult<()> {
        self.event(Event::Rows(batch.clone()))
    }

    fn end(&mut self) -> IoResult<()> {
        Ok(())
    }
}

impl Session {
    /// Runs a prepared text beside the caller, with flat memory: the run waits for the reader.
    ///
    /// ```
    /// use kql_engine::{Event, Session, SessionOptions};
    /// let session = Session::new(SessionOptions::default());
    /// let prepared = session.prepare("range x from 1 to 100000 step 1", "example");
    /// let mut rows = 0;
    /// for event in session.stream(prepared) {
    ///     if let Event::Rows(batch) = event.expect("it runs") {
    ///         rows += batch.num_rows();
    ///     }
    /// }
    /// assert_eq!(rows, 100_000);
    /// ```
    pub fn stream(&self, prepared: Prepared) -> Events {
        let cancel = Cancel::default();
        let session = self.clone().with_cancel(cancel.clone());
        let (sender, events) = sync_channel(WAITING);
        let failed = sender.clone();
        let work = move || {
            let mut sink = Send(sender);
            let last = session.run(&prepared, &mut sink).map(Event::Done);
            // The reader may have had enough.
            let _ = sink.0.send(last);
        };
        let spawned = std::thread::Builder::new()
            .name("query".to_owned())
            .spawn(work);
        if let Err(e) = spawned {
            let message = format!("no thread can be had: {e}");
            let _ = failed.send(Err(Diagnostic::error(
                codes::INTERNAL,
                Span::default(),
                message,
            )));
        }
        Events { events, cancel }
    }
}
