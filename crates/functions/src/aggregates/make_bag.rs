//! `make_bag` and its variants: the bags of a group as one.

use super::collect::{ByteSet, MOST, cells, limit, slice};
use super::state::{Reader, State, States, put_len};
use crate::aggregate::Aggregator;
use crate::prelude::*;

const EXPR: Param = arg_of(
    "expr",
    Class::DynamicBag,
    "The bags; what is no bag is skipped.",
);
const SIZE: Param = arg_of(
    "maxSize",
    Class::Integer,
    "The most properties to keep, at most 1,048,576.",
)
.optional()
.constant();
const PREDICATE: Param = arg("predicate", BOOL, "Which rows count.");

/// `make_bag`
pub const MAKE_BAG: AggregateSpec = AggregateSpec {
    name: "make_bag",
    summary: "A bag of the properties of all bags of the group. Of a property that comes several times the first value stays.",
    signatures: &[sig(&[EXPR, SIZE], DYNAMIC)],
    result_name: ResultName::Prefix("bag"),
    lower: AggregateLower::State(|call| make(call, "make_bag", MOST)),
    examples: &[
        ex(
            "datatable(v:dynamic)[dynamic({'a': 1}), dynamic({'a': 2, 'b': 3}), dynamic([4])] | summarize make_bag(v)",
            "{\"a\":1,\"b\":3}",
        ),
        ex("datatable(v:dynamic)[] | summarize make_bag(v)", "{}"),
    ],
    differs: "",
};

/// `make_dictionary`
pub const MAKE_DICTIONARY: AggregateSpec = AggregateSpec {
    name: "make_dictionary",
    summary: "The old name of `make_bag`, with a limit of 128 properties unless another is given.",
    result_name: ResultName::Prefix("dictionary"),
    lower: AggregateLower::State(|call| make(call, "make_dictionary", 128)),
    examples: &[ex(
        "datatable(v:dynamic)[dynamic({'a': 1})] | summarize make_dictionary(v)",
        "{\"a\":1}",
    )],
    ..MAKE_BAG
};

/// `make_bag_if`
pub const MAKE_BAG_IF: AggregateSpec = AggregateSpec {
    name: "make_bag_if",
    summary: "A bag of the properties of the rows for which `predicate` is true.",
    signatures: &[sig(&[EXPR, PREDICATE, SIZE], DYNAMIC)],
    result_name: ResultName::Prefix("bag"),
    lower: AggregateLower::FilterOf("make_bag"),
    examples: &[ex(
        "datatable(n:long, v:dynamic)[1, dynamic({'a': 1}), 2, dynamic({'b': 2})] | summarize make_bag_if(v, n > 1)",
        "{\"b\":2}",
    )],
    differs: "",
};

fn make(call: &AggregateCall<'_>, name: &str, default: usize) -> Result<Box<dyn Aggregator>> {
    Ok(States::<Bag>::boxed(limit(call, name, 1, default)?))
}

/// The properties in the order of their coming.
#[derive(Default)]
struct Bag {
    names: ByteSet,
    values: Vec<u8>,
    ends: Vec<usize>,
}

impl Bag {
    fn set(&mut self, name: &[u8], value: &[u8], limit: usize) {
        if self.names.insert(name, limit) {
            self.values.extend_from_slice(value);
            self.ends.push(self.values.len());
        }
    }

    fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.names
            .iter()
            .enumerate()
            .map(|(i, name)| (name, slice(&self.values, &self.ends, i)))
    }
}

impl State for Bag {
    type Config = usize;
    type Input<'a> = Dyns<'a>;

    fn read<'a>(_: &usize, args: &Args<'a>) -> Result<Dyns<'a>> {
        args.dynamic(0)
    }

    fn new(_: &usize) -> Self {
        Bag::default()
    }

    fn add(&mut self, limit: &usize, input: &Dyns<'_>, row: usize) -> Result<()> {
        if let DynRef::Bag(bag) = input.get(row) {
            for (name, value) in bag.raw() {
                self.set(name.as_bytes(), value, *limit);
            }
        }
        Ok(())
    }

    fn merge(&mut self, limit: &usize, other: Self) -> Result<()> {
        for (name, value) in other.iter() {
            self.set(name, value, *limit);
        }
        Ok(())
    }

    fn save(&self, _: &usize, out: &mut Vec<u8>) {
        for part in self.iter().flat_map(|(name, value)| [name, value]) {
            put_len(out, part.len());
            out.extend_from_slice(part);
        }
    }

    fn load(_: &usize, bytes: &[u8]) -> Option<Self> {
        let mut r = Reader(bytes);
        let mut bag = Bag::default();
        while !r.0.is_empty() {
            let name = r.bytes()?;
            bag.set(name, r.bytes()?, usize::MAX);
        }
        Some(bag)
    }

    fn finish(_: &usize, groups: Vec<Self>) -> Result<ArrayRef> {
        cells(&groups, |g, w| {
            w.begin_bag();
            for (name, value) in g.iter() {
                w.key(std::str::from_utf8(name).unwrap_or_default());
                w.raw(value);
            }
            w.end();
        })
    }

    fn heap_size(&self) -> usize {
        self.names.heap_size() + self.values.capacity() + self.ends.capacity() * 8
    }
}
