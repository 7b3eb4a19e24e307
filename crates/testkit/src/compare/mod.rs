//! Whether what a suite prints and what we give are the same: printed numbers have few digits, times many spellings, JSON
//! any spacing. The rules are those of the suites' own comparator.

mod cells;
mod dynamics;
mod numbers;
mod tables;
mod times;

pub use tables::{Actual, Verdict, check_columns, compare};

/// How exactly.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// The relative difference that numbers may have.
    pub relative: f64,
    /// Whether an array of a dynamic is a set.
    pub unordered_arrays: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Rules {
            relative: 1e-6,
            unordered_arrays: false,
        }
    }
}

/// A regular expression that is made once.
macro_rules! regex {
    ($text:expr) => {{
        static RE: std::sync::LazyLock<regex::Regex> =
            std::sync::LazyLock::new(|| regex::Regex::new($text).unwrap());
        &*RE
    }};
}
pub(crate) use regex;
