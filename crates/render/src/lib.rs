//! Values, tables and charts as text, charts as SVG and PNG, rows in the types of other programs. This crate does no IO.

mod cell;
pub mod chart;
pub mod exchange;
mod screen;
mod table;

pub use cell::{Cells, json_cell, plain_cell};
pub use screen::Screen;
pub use table::{Fitted, TextTable};
