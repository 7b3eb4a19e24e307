//! Patterns: one for all rows, or one a row.

use crate::prelude::*;
use regex::Regex;
use std::sync::Arc;

/// The pattern of each row, compiled when it changes.
#[derive(Debug)]
pub struct Patterns<'a> {
    texts: Strs<'a>,
    last: Option<(u128, Arc<Regex>)>,
}

impl<'a> Patterns<'a> {
    /// The patterns of an argument. A constant one is compiled here.
    ///
    /// # Errors
    /// A constant pattern cannot be compiled.
    pub fn new(texts: Strs<'a>) -> Result<Self> {
        let mut out = Patterns { texts, last: None };
        if texts.is_constant() {
            out.get(0)?;
        }
        Ok(out)
    }

    /// The pattern of a row.
    ///
    /// # Errors
    /// It cannot be compiled.
    pub fn get(&mut self, row: usize) -> Result<&Regex> {
        let view = self.texts.view(row);
        let regex = match self.last.take() {
            Some((seen, regex)) if seen == view => regex,
            _ => cache::regex(self.texts.get(row))?,
        };
        Ok(&self.last.insert((view, regex)).1)
    }

    /// The pattern when it is the same for every row.
    ///
    /// # Errors
    /// It cannot be compiled.
    pub fn constant(&mut self) -> Result<Option<Arc<Regex>>> {
        if !self.texts.is_constant() {
            return Ok(None);
        }
        self.get(0)?;
        Ok(self.last.as_ref().map(|(_, r)| Arc::clone(r)))
    }
}
