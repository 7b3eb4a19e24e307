//! States that read a batch's arguments once, by their types, before the rows are gone through.

use crate::adapter::Args;
use crate::aggregate::Aggregator;
use crate::spec::{KernelError, Result};
use arrow::array::{Array, ArrayRef, BinaryArray, BinaryBuilder};
use std::sync::Arc;

/// One group's state. `Config` is made once from the call, `Input` once from each batch.
pub trait State: Send + Sized + 'static {
    /// What the call says (types, constants).
    type Config: Send + 'static;
    /// The arguments of one batch, downcast, hashed or encoded.
    type Input<'a>;
    /// Reads a batch.
    ///
    /// # Errors
    /// An array is not of its type (our fault).
    fn read<'a>(config: &Self::Config, args: &Args<'a>) -> Result<Self::Input<'a>>;
    /// An empty group.
    fn new(config: &Self::Config) -> Self;
    /// Adds a row.
    ///
    /// # Errors
    /// A value that fails the query in KQL too.
    fn add(&mut self, config: &Self::Config, input: &Self::Input<'_>, row: usize) -> Result<()>;
    /// Adds another group of the same key.
    ///
    /// # Errors
    /// States that cannot be united.
    fn merge(&mut self, config: &Self::Config, other: Self) -> Result<()>;
    /// Writes itself.
    fn save(&self, config: &Self::Config, out: &mut Vec<u8>);
    /// Reads what `save` wrote.
    fn load(config: &Self::Config, bytes: &[u8]) -> Option<Self>;
    /// The results of groups, in order.
    ///
    /// # Errors
    /// A result that cannot be given.
    fn finish(config: &Self::Config, groups: Vec<Self>) -> Result<ArrayRef>;
    /// Bytes held beyond the struct itself.
    fn heap_size(&self) -> usize;
}

/// An [`Aggregator`] of [`State`]s.
pub struct States<S: State> {
    config: S::Config,
    groups: Vec<S>,
    heap: usize,
}

impl<S: State> States<S> {
    /// No groups yet.
    pub fn boxed(config: S::Config) -> Box<dyn Aggregator> {
        Box::new(States::<S> {
            config,
            groups: Vec::new(),
            heap: 0,
        })
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
        self.heap = self.groups.iter().map(State::heap_size).sum();
        taken
    }
}

impl<S: State> Aggregator for States<S> {
    fn update(&mut self, args: &Args<'_>, groups: &[usize], total: usize) -> Result<()> {
        self.grow(total);
        if groups.is_empty() {
            return Ok(());
        }
        let input = S::read(&self.config, args)?;
        for (row, group) in groups.iter().enumerate() {
            if let Some(state) = self.groups.get_mut(*group) {
                let before = state.heap_size();
                state.add(&self.config, &input, row)?;
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
            if let Some(state) = self.groups.get_mut(*group) {
                let before = state.heap_size();
                let other = S::load(&self.config, states.value(row)).ok_or_else(bad)?;
                state.merge(&self.config, other)?;
                self.heap = (self.heap + state.heap_size()).saturating_sub(before);
            }
        }
        Ok(())
    }

    fn states(&mut self, n: usize) -> Result<ArrayRef> {
        let taken = self.take(n);
        let mut b = BinaryBuilder::with_capacity(taken.len(), taken.len() * 16);
        let mut bytes = Vec::new();
        let mut total = 0usize;
        for s in &taken {
            bytes.clear();
            s.save(&self.config, &mut bytes);
            total = total.saturating_add(bytes.len());
            if i32::try_from(total).is_err() {
                return Err(KernelError::new(
                    "the intermediate results of an aggregate take more than 2 GB in one piece",
                ));
            }
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

/// Reads the bytes of a state from front to back.
pub(crate) struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    /// The next `N` bytes.
    pub fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, tail) = self.0.split_first_chunk::<N>()?;
        self.0 = tail;
        Some(*head)
    }

    /// The next byte.
    pub fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|b| b[0])
    }

    /// The next length.
    pub fn len(&mut self) -> Option<usize> {
        usize::try_from(u64::from_le_bytes(self.array()?)).ok()
    }

    /// The next number.
    pub fn i64(&mut self) -> Option<i64> {
        self.array().map(i64::from_le_bytes)
    }

    /// The next number.
    pub fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    /// The next number.
    pub fn f64(&mut self) -> Option<f64> {
        self.array().map(f64::from_le_bytes)
    }

    /// The next bytes, as many as the length before them says.
    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let n = self.len()?;
        let (head, tail) = self.0.split_at_checked(n)?;
        self.0 = tail;
        Some(head)
    }
}

/// Writes a length.
pub(crate) fn put_len(out: &mut Vec<u8>, n: usize) {
    out.extend_from_slice(&u64::try_from(n).unwrap_or(u64::MAX).to_le_bytes());
}
