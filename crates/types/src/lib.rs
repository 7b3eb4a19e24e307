//! KQL's types, values and signatures, and the binary form of `dynamic`.
//!
//! This crate does no IO and never names Arrow or DataFusion.
//!
//! Representations, used by every stage:
//! - `datetime` and `timespan` are `i64` ticks of 100 ns; a datetime counts from 0001-01-01T00:00:00Z (so the years 0001
//!   to 9999 are exact), as in .NET.
//! - `decimal` is `i128` scaled by 10^18 ([`DECIMAL_SCALE`]).
//! - `dynamic` is [`dynamic::Dyn`] as a tree and [`dynamic::DynRef`] over bytes.
//! - a string is never null.

pub mod catalog;
pub mod dynamic;
pub mod signature;
pub mod text;
mod value;

pub use catalog::{
    FunctionCatalog, FunctionFacts, FunctionKind, Lowering, Nulls, ResultName, Volatility,
};
pub use dynamic::{Dyn, DynRef};
pub use signature::{Class, Constness, Param, Returns, Signature};
pub use value::{ColumnSchema, DECIMAL_SCALE, Type, Value};
