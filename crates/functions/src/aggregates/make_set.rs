//! `make_set` and its variants: the different values of a group as an array.

use super::collect::{ByteSet, MOST, cells, limit};
use super::encoded::Encoded;
use super::state::{Reader, State, States};
use crate::aggregate::Aggregator;
use crate::prelude::*;

const EXPR: Param = arg_of(
    "expr",
    Class::Scalar,
    "The values; nulls are skipped, and the elements of an array are added one by one.",
);
const SIZE: Param = arg_of(
    "maxSize",
    Class::Integer,
    "The most elements to keep, at most 1,048,576.",
)
.optional()
.constant();
const PREDICATE: Param = arg("predicate", BOOL, "Which rows count.");

/// `make_set`
pub const MAKE_SET: AggregateSpec = AggregateSpec {
    name: "make_set",
    summary: "An array of the different values of the group, in no promised order.",
    signatures: &[sig(&[EXPR, SIZE], DYNAMIC)],
    result_name: ResultName::Prefix("set"),
    lower: AggregateLower::State(|call| make(call, "make_set", MOST)),
    examples: &[
        ex(
            "datatable(x:int)[5, 3, 5, int(null)] | summarize array_sort_asc(make_set(x))",
            "[3,5]",
        ),
        ex(
            "datatable(a:dynamic)[dynamic(['A1', 'A2']), dynamic(['A2', 'C1'])] | summarize array_sort_asc(make_set(a))",
            "[\"A1\",\"A2\",\"C1\"]",
        ),
        ex("datatable(x:int)[] | summarize make_set(x)", "[]"),
        ex(
            "datatable(x:real)[real(null), 5] | summarize make_set(x)",
            "[5.0]",
        ),
    ],
    differs: "Whether Kusto keeps a null of a dynamic column is not known; here it is skipped.",
};

/// `makeset`
pub const MAKESET: AggregateSpec = AggregateSpec {
    name: "makeset",
    summary: "The old name of `make_set`, with a limit of 128 elements unless another is given.",
    lower: AggregateLower::State(|call| make(call, "makeset", 128)),
    examples: &[ex(
        "range x from 1 to 200 step 1 | summarize array_length(makeset(x))",
        "128",
    )],
    ..MAKE_SET
};

/// `make_set_if`
pub const MAKE_SET_IF: AggregateSpec = AggregateSpec {
    name: "make_set_if",
    summary: "An array of the different values of the rows for which `predicate` is true.",
    signatures: &[sig(&[EXPR, PREDICATE, SIZE], DYNAMIC)],
    result_name: ResultName::Prefix("set"),
    lower: AggregateLower::FilterOf("make_set"),
    examples: &[ex(
        "datatable(x:int)[1, 3, 3, 1] | summarize make_set_if(x, x > 1)",
        "[3]",
    )],
    differs: "",
};

fn make(call: &AggregateCall<'_>, name: &str, default: usize) -> Result<Box<dyn Aggregator>> {
    Ok(States::<Set>::boxed(limit(call, name, 1, default)?))
}

/// The elements' bytes; nothing is held before the first.
struct Set(Option<Box<ByteSet>>);

impl State for Set {
    type Config = usize;
    type Input<'a> = Encoded<'a>;

    fn read<'a>(_: &usize, args: &Args<'a>) -> Result<Encoded<'a>> {
        Encoded::of(args, 0)
    }

    fn new(_: &usize) -> Self {
        Set(None)
    }

    fn add(&mut self, limit: &usize, input: &Encoded<'_>, row: usize) -> Result<()> {
        let raw = input.get(row);
        if raw.is_empty() {
            return Ok(());
        }
        let set = self.0.get_or_insert_default();
        if let DynRef::Array(items) = DynRef::new(raw) {
            for item in items.raw().filter(|i| **i != [0]) {
                set.insert(item, *limit);
            }
        } else {
            set.insert(raw, *limit);
        }
        Ok(())
    }

    fn merge(&mut self, limit: &usize, other: Self) -> Result<()> {
        match (&mut self.0, other.0) {
            (_, None) => {}
            (None, other) => self.0 = other,
            (Some(set), Some(other)) => {
                for item in other.iter() {
                    set.insert(item, *limit);
                }
            }
        }
        Ok(())
    }

    fn save(&self, _: &usize, out: &mut Vec<u8>) {
        if let Some(set) = &self.0 {
            set.save(out);
        }
    }

    fn load(_: &usize, bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() {
            return Some(Set(None));
        }
        ByteSet::load(&mut Reader(bytes)).map(|s| Set(Some(Box::new(s))))
    }

    fn finish(_: &usize, groups: Vec<Self>) -> Result<ArrayRef> {
        cells(&groups, |g, w| match &g.0 {
            Some(set) => w.array_of(set.len(), &set.bytes),
            None => w.array_of(0, &[]),
        })
    }

    #[inline]
    fn heap_size(&self) -> usize {
        self.0
            .as_ref()
            .map_or(0, |s| s.heap_size() + size_of::<ByteSet>())
    }
}
