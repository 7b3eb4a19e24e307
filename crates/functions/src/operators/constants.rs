//! The list on the right of `in`, `has_any`, `has_all`: its elements, and whether they are constant.

use crate::prelude::*;
use xxhash_rust::xxh3::Xxh3;

/// The arguments of a list: an array counts as its elements, anything else as itself.
#[derive(Debug)]
pub struct List<'a> {
    columns: Vec<Any<'a>>,
    /// Whether all are the same for every row.
    pub constant: bool,
    /// A hash of the elements, when they are constant and so many that what is made of them should be kept.
    pub key: Option<u128>,
}

/// A list of more bytes than this is hashed, so that what is made of it is found again for the next batch.
const LARGE: usize = 200;

impl<'a> List<'a> {
    /// The arguments from the second on. `tag` tells what will be made of them.
    ///
    /// # Errors
    /// None of the data's making.
    pub fn of(args: &Args<'a>, tag: &str) -> Result<List<'a>> {
        let columns: Vec<Any<'a>> = (1..args.len())
            .map(|i| args.any(i))
            .collect::<Result<_>>()?;
        let constant = args.columns.iter().skip(1).all(|c| c.constant);
        let mut key = None;
        if constant {
            let bytes: usize = columns.iter().map(size).sum();
            if bytes > LARGE {
                let mut hash = Xxh3::new();
                hash.update(tag.as_bytes());
                hash.update(args.ty(0).name().as_bytes());
                for c in &columns {
                    let own = c.get(0);
                    let bytes = match c {
                        Any::Dynamic(d) => d.raw(0).into(),
                        Any::String(s) => std::borrow::Cow::Borrowed(s.get(0).as_bytes()),
                        _ => own.bytes(),
                    };
                    hash.update(&bytes.len().to_le_bytes());
                    hash.update(&bytes);
                }
                key = Some(hash.digest128());
            }
        }
        Ok(List {
            columns,
            constant,
            key,
        })
    }

    /// The elements of one row.
    pub fn elements(&self, row: usize) -> impl Iterator<Item = DynRef<'a>> {
        self.columns.iter().flat_map(move |c| {
            let value = c.get(row);
            let (array, one) = match value {
                DynRef::Array(a) => (Some(a), None),
                other => (None, Some(other)),
            };
            array.into_iter().flat_map(|a| a.iter()).chain(one)
        })
    }
}

fn size(column: &Any<'_>) -> usize {
    match column {
        Any::Dynamic(d) => d.raw(0).len(),
        Any::String(s) => s.get(0).len() + 8,
        _ => 16,
    }
}
