//! Runs queries: text in, batches of rows out. This is the embedded API.
//!
//! ```
//! use kql_engine::{Collected, Session, SessionOptions};
//! let session = Session::new(SessionOptions::default());
//! let prepared = session.prepare("print greeting = strcat('hello', ' ', 'world')", "example");
//! let mut rows = Collected::default();
//! session.run(&prepared, &mut rows).expect("it runs");
//! assert_eq!(rows.results[0].info.columns[0].name, "greeting");
//! ```
//!
//! - [`Session::new`], [`Session::with_workspace`] (files), [`Workspace::register`] (Arrow batches),
//!   [`Session::with_functions`]: what queries see. [`SessionOptions`]: limits, parameters, the clock.
//! - [`Session::prepare`] reads and binds a text: [`Prepared::diagnostics`], [`Prepared::columns`], tables and functions.
//! - [`Session::run`] pushes results into a [`Sink`], such as [`Collected`]; [`Session::stream`] lets the caller pull them.
//!   [`Cancel`] ends a run from another thread.
//! - [`Session::explain`] shows the stages. `examples/embed.rs` has all of it.
//!
//! Only this crate has a `SessionContext`, a runtime or a clock. It prints nothing.

pub mod builtin;
mod cancel;
mod errors;
mod explain;
mod functions;
mod limits;
mod mentioned;
mod newest;
mod present;
mod run;
mod scope;
mod session;
mod sources;
mod spill;
mod stats;
mod stream;
pub mod timespan;

pub use cancel::Cancel;
pub use explain::Stage;
pub use kql_bind::plan::Render;
pub use kql_bind::scope::StoredFunction;
pub use kql_types::ColumnSchema;
pub use run::{Collected, CollectedResult, ResultInfo, Sink};
pub use session::{Prepared, Session, SessionOptions, now};
pub use sources::Workspace;
pub use stats::Stats;
pub use stream::{Event, Events};
