//! Names to columns, expressions to typed expressions: the syntax tree and what the query can see become a
//! [`plan::BoundQuery`].
//!
//! This crate does no IO, reads no clock and never names Arrow or DataFusion. It sees tables through [`scope::Scope`] and
//! functions through [`kql_types::FunctionCatalog`]. Names of result columns and types follow Kusto's own binder.

mod binder;
pub mod defer;
mod env;
mod expr;
pub mod fetch;
pub mod graph;
pub mod inline;
pub mod known;
mod names;
mod op;
pub mod plan;
pub mod prune;
pub mod recall;
mod rewrite;
pub mod scope;
pub mod sets;
mod statements;

pub use binder::{Bound, bind};
