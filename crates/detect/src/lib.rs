//! Query tests: fixtures, a query and what should come of it (`kql test`), and what each step of a pipe does with the rows
//! (`--trace`, `--coverage`); and the stored functions and watchlists that queries and tests see.
//!
//! This crate reads test files and what they name, and writes only what `update` is asked to write. It prints nothing.

mod check;
mod coverage;
mod diff;
mod entities;
mod fixture;
mod grid;
mod outcome;
mod pipes;
mod report;
mod run;
mod setup;
mod stored;
mod suite;
mod trace;
mod update;
mod yaml;

pub use coverage::{Coverage, Covered, together};
pub use report::{Form as ReportForm, Totals, report};
pub use run::{Report, Verdict, Wanted, run};
pub use setup::{Functions, Prepare, Shared, Watchlists};
pub use stored::{stored_functions, stored_watchlists};
pub use suite::{Case, Suite, read};
pub use trace::{Trace, TraceStep, trace};
pub use update::write;
