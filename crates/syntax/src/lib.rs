//! KQL text to an abstract syntax tree with places, and back.
//!
//! This crate does no IO, never panics on any text, and never names Arrow or DataFusion. [`parse`] gives every fault it
//! can find in one run.

pub mod ast;
pub mod parse;

pub use parse::{Parsed, parse};
