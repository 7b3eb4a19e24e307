//! States of aggregates, a state a group.

use crate::adapter::Args;
use crate::spec::{KernelError, Result};
use arrow::array::{Array, ArrayRef, BinaryArray, BinaryBuilder};
use std::sync::Arc;

/// All groups of one aggregate. Groups are numbered from 0; `total` is how many there are now.
pub trait Aggregator: Send {
    /// Adds rows: `groups[row]` says to which group. Rows that a filter excludes are not there.
    ///
    /// # Errors
    /// A value that fails the query in KQL too.
    fn update(&mut self, args: &Args<'_>, groups: &[usize], total: usize) -> Result<()>;
    /// Adds states that [`Self::states`] gave elsewhere.
    ///
    /// # Errors
    /// The bytes are no state (our fault).
    fn merge(&mut self, states: &ArrayRef, groups: &[usize], total: usize) -> Result<()>;
    /// Takes the first `n` groups out as `Binary` states; the others move down.
    ///
    /// # Errors
    /// None that a user can cause.
    fn states(&mut self, n: usize) -> Result<ArrayRef>;
    /// Takes the first `n` groups out as results (a `Struct` when the aggregate has several).
    ///
    /// # Errors
    /// None that a user can cause.
    fn finish(&mut self, n: usize) -> Result<ArrayRef>;
    /// Bytes held.
    fn size(&self) -> usize;
}

/// One group's state: what most aggregates write. `Config` is made once from the call.
pub trait GroupState: Send + Sized + 'static {
    /// What the call says (types, constants).
    type Config: Send + 'static;
    /// An empty group.
    fn new(config: &Self::Config) -> Self;
    /// Adds a row.
    ///
    /// # Errors
    /// A value that fails the query in KQL too.
    fn add(&mut self, config: &Self::Config, args: &Args<'_>, row: usize) -> Result<()>;
    /// Adds another group of the same key.
    fn merge(&mut self, config: &Self::Config, other: Self);
    /// Writes itself.
    fn save(&self, out: &mut Vec<u8>);
    /// Reads what `save` wrote.
    fn load(config: &Self::Config, bytes: &[u8]) -> Option<Self>;
    /// The results of groups, in order.
    ///
    /// # Errors
    /// None that a user can cause.
    fn finish(config: &Self::Config, groups: Vec<Self>) -> Result<ArrayRef>;
    /// Bytes held beyond the struct itself.
    fn heap_size(&self) -> usize;
}

/// An [`Aggregator`] of [`GroupState`]s.
pub struct Groups<S: GroupState> {
    config: S::Config,
    groups: Vec<S>,
    heap: usize,
}

impl<S: GroupState> Groups<S> {
    /// No groups yet.
    pub fn new(config: S::Config) -> Self {
        Groups {
            config,
            groups: Vec::new(),
            heap: 0,
        }
    }

    /// The same, boxed.
    pub fn boxed(config: S::Config) -> Box<dyn Aggregator> {
        Box::new(Groups::<S>::new(config))
    }

    fn grow(&mut self, total: usize) {
        let config = &self.config;
        if self.groups.len() < total {
            self.groups.resize_with(total, || S::new(config));
        }
    }

    fn take(&mut self, n: usize) -> Vec<S> {
        let n = n.min(self.groups.len());
        let rest = self.groups.split_off(n);
        let taken = std::mem::replace(&mut self.groups, rest);
        self.heap = self.groups.iter().map(GroupState::heap_size).sum();
        taken
    }
}

impl<S: GroupState> Aggregator for Groups<S> {
    fn update(&mut self, args: &Args<'_>, groups: &[usize], total: usize) -> Result<()> {
        self.grow(total);
        for (row, group) in groups.iter().enumerate() {
            if let Some(state) = self.groups.get_mut(*group) {
                let before = state.heap_size();
                state.add(&self.config, args, row)?;
                self.heap = (self.heap + state.heap_size()).saturating_sub(before);
            }
        }
        Ok(())
    }

    fn merge(&mut self, states: &ArrayRef, groups: &[usize], total: usize) -> Result<()> {
        self.grow(total);
        let bad = || KernelError::new("internal: broken aggregate state");
        let states = states
            .as_any()
            .downcast_ref::<BinaryArray>()
            .ok_or_else(bad)?;
        for (row, group) in groups.iter().enumerate() {
            if states.is_null(row) {
                continue;
            }
            let other = S::load(&self.config, states.value(row)).ok_or_else(bad)?;
            if let Some(state) = self.groups.get_mut(*group) {
                let before = state.heap_size();
                state.merge(&self.config, other);
                self.heap = (self.heap + state.heap_size()).saturating_sub(before);
            }
        }
        Ok(())
    }

    fn states(&mut self, n: usize) -> Result<ArrayRef> {
        let taken = self.take(n);
        let mut b = BinaryBuilder::with_capacity(taken.len(), taken.len() * 16);
        let mut bytes = Vec::new();
        for s in &taken {
            bytes.clear();
            s.save(&mut bytes);
            b.append_value(&bytes);
        }
        Ok(Arc::new(b.finish()))
    }

    fn finish(&mut self, n: usize) -> Result<ArrayRef> {
        let taken = self.take(n);
        S::finish(&self.config, taken)
    }

    fn size(&self) -> usize {
        self.groups.capacity() * size_of::<S>() + self.heap
    }
}
