//! Values and tables as text: cells of JSON, CSV and the terminal. This crate does no IO.

mod cell;
mod screen;
mod table;

pub use cell::{Cells, json_cell, plain_cell};
pub use screen::Screen;
pub use table::{Fitted, TextTable};
