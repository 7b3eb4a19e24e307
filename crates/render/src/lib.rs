//! Values, tables and charts as text, and charts as SVG. This crate does no IO.

mod cell;
pub mod chart;
mod screen;
mod table;

pub use cell::{Cells, json_cell, plain_cell};
pub use screen::Screen;
pub use table::{Fitted, TextTable};
