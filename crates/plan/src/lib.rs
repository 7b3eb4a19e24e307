//! The bound plan as a DataFusion plan.
//!
//! This crate is the only one that makes a `LogicalPlan`. It does no IO, runs nothing and reads no clock; tables come
//! through [`TableSource`], what earlier steps gave through [`Computed`]. Lowering is mechanical: names and types were
//! settled by the binder.

mod agg;
pub mod error;
mod expr;
pub mod form;
pub mod lower;
mod node;
mod op;
mod optimise;
pub mod table;

pub use error::RunError;
pub use expr::{ValueSet, to_canonical};
pub use form::Form;
pub use lower::{Computed, Lowered, Lowering, OutputColumn, SharedRows, WhatFor};
pub use node::{GroupOnce, Planner, SharePieces};
pub use optimise::{optimise, rules};
pub use table::{StoredColumn, StoredTable, TableSource};
