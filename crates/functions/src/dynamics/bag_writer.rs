//! Bags in the making: properties in order, each name once.

use crate::prelude::*;
use hashbrown::HashMap;

/// Up to this many names are compared one by one.
const FEW: usize = 16;

/// Collects the properties of one bag. It is used again for each row.
#[derive(Debug, Default)]
pub struct BagWriter<'a> {
    properties: Vec<(&'a str, &'a [u8])>,
    places: HashMap<&'a str, usize>,
}

impl<'a> BagWriter<'a> {
    /// Forgets all.
    pub fn clear(&mut self) {
        self.properties.clear();
        self.places.clear();
    }

    fn place(&mut self, name: &str) -> Option<usize> {
        if self.properties.len() <= FEW {
            return self.properties.iter().position(|(n, _)| *n == name);
        }
        if self.places.is_empty() {
            self.places.extend(
                self.properties
                    .iter()
                    .enumerate()
                    .map(|(i, (n, _))| (*n, i)),
            );
        }
        self.places.get(name).copied()
    }

    fn push(&mut self, name: &'a str, value: &'a [u8]) {
        if !self.places.is_empty() {
            self.places.insert(name, self.properties.len());
        }
        self.properties.push((name, value));
    }

    /// Adds a property unless its name is there.
    pub fn add_if_new(&mut self, name: &'a str, value: &'a [u8]) {
        if self.place(name).is_none() {
            self.push(name, value);
        }
    }

    /// Adds a property, or gives it a new value.
    pub fn set(&mut self, name: &'a str, value: &'a [u8]) {
        match self.place(name).and_then(|i| self.properties.get_mut(i)) {
            Some(property) => property.1 = value,
            None => self.push(name, value),
        }
    }

    /// Writes the bag.
    pub fn write(&self, w: &mut DynWriter) {
        w.begin_bag();
        for (name, value) in &self.properties {
            w.key(name);
            w.raw(value);
        }
        w.end();
    }
}
