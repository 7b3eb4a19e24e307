//! Every test that runs whole queries, in one binary: each binary links DataFusion.
//!
//! ```text
//! cargo test --test golden                   all
//! cargo test --test golden op/join           one golden file, in every way of running
//! cargo test --test golden example/strlen    the examples of one function
//! cargo test --test golden conformance       the suites beside the repository, if they are there
//! BLESS=1 cargo test --test golden ...       rewrites what is expected; the diff is what gets reviewed
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

#[path = "checks/codes.rs"]
mod codes;
#[path = "checks/conformance.rs"]
mod conformance;
#[path = "checks/examples.rs"]
mod examples;
#[path = "checks/golden_files.rs"]
mod golden_files;
#[path = "checks/hunting.rs"]
mod hunting;
#[path = "checks/literals.rs"]
mod literals;
#[path = "checks/reference.rs"]
mod reference;
#[path = "checks/two_passes.rs"]
mod two_passes;
#[path = "checks/wide_union.rs"]
mod wide_union;

use libtest_mimic::Arguments;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut trials = golden_files::trials();
    trials.extend(codes::trials());
    trials.extend(examples::trials());
    trials.extend(reference::trials());
    trials.extend(conformance::trials());
    trials.extend(hunting::trials());
    trials.extend(wide_union::trials());
    trials.extend(two_passes::trials());
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
