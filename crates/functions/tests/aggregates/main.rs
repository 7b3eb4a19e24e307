//! Aggregates that keep a state of their own: known answers, and one pass against parts that are saved, loaded and merged.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod collections;
mod harness;
mod moments;
mod percentiles;
