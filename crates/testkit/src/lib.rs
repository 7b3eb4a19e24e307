//! What the tests of the workspace share. Only a dev-dependency: it may panic, and no product code names it.
//!
//! - [`kqlt`]: golden files, read and rewritten.
//! - [`run`]: a text through a session, as an outcome that can be compared and printed.
//! - [`compare`]: whether a printed table of a suite and our result are the same.
//! - [`samples`]: the sample data and the benches' data.
//! - [`layout`]: where things of the repository are.
//!
//! Its own tests hold the rules of the workspace: who may depend on whom.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

pub mod compare;
pub mod json;
pub mod kqlt;
pub mod layout;
pub mod run;
pub mod samples;
