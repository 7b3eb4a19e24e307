//! KQL's functions as kernels over Arrow arrays: one function, one file.
//!
//! This crate does no IO, knows no plan and no query: a kernel gets arrays of the declared types and gives one array of
//! the declared type. It never panics on data. The `mod.rs` of each family is written by `tests/generated.rs` from the
//! files of its folder.
//!
//! Arrow types of KQL's types: bool `Boolean`, int `Int32`, long `Int64`, real `Float64`, decimal `Decimal128(38, 18)`,
//! string `Utf8View`, datetime and timespan `Int64` (ticks), guid `FixedSizeBinary(16)`, dynamic `BinaryView`
//! ([`kql_types::dynamic`]).

pub mod adapter;
pub mod aggregate;
pub mod cache;
pub mod catalog;
pub mod memo;
pub mod prelude;
pub mod reference;
pub mod repeats;
mod results;
pub mod spec;
pub mod text_arguments;

pub mod aggregates;
pub mod conditions;
pub mod conversions;
pub mod datetime;
pub mod dynamics;
pub mod environment;
pub mod geo;
pub mod hashes;
pub mod ipv4;
pub mod math;
pub mod operators;
pub mod parsing;
pub mod regexes;
pub mod series;
pub mod statistics;
pub mod strings;
pub mod windows;

pub use catalog::Catalog;
