//! KQL text to an abstract syntax tree with places, and back.
//!
//! This crate does no IO, never panics on any text, and never names Arrow or DataFusion. [`parse()`] gives every fault it
//! can find in one run, [`format()`] prints a tree, and [`format_text`] lays out a text with its comments.

pub mod ast;
pub mod format;
pub mod parse;

pub use format::{FormatError, format, format_text};
pub use parse::lexer::{Kind, Token, is_operator, is_scalar_operator, tokens};
pub use parse::{OPERATORS, Parsed, parse};
