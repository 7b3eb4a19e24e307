//! `make_list` and its variants: all values of a group as an array.

use super::collect::{MOST, cells, limit};
use super::encoded::Encoded;
use super::state::{Reader, State, States};
use crate::aggregate::Aggregator;
use crate::prelude::*;

const EXPR: Param = arg_of(
    "expr",
    Class::Scalar,
    "The values. Nulls are skipped, save those of a dynamic column; the elements of an array are added one by one.",
);
const SIZE: Param = arg_of(
    "maxSize",
    Class::Integer,
    "The most elements to keep, at most 1,048,576.",
)
.optional()
.constant();
const PREDICATE: Param = arg("predicate", BOOL, "Which rows count.");

/// `make_list`
pub const MAKE_LIST: AggregateSpec = AggregateSpec {
    name: "make_list",
    summary: "An array of all values of the group, in the order of the rows where these are sorted.",
    signatures: &[sig(&[EXPR, SIZE], DYNAMIC)],
    result_name: ResultName::Prefix("list"),
    lower: AggregateLower::State(|call| make(call, "make_list", MOST, false)),
    examples: &[
        ex(
            "datatable(x:int)[1, 3, int(null), 2, 1] | summarize make_list(x)",
            "[1,3,2,1]",
        ),
        ex(
            "datatable(x:int)[1, 3, 2, 1] | summarize make_list(x, 2)",
            "[1,3]",
        ),
        ex("datatable(x:int)[] | summarize make_list(x)", "[]"),
        ex(
            "datatable(x:dynamic)[dynamic([1, 2]), dynamic(null), dynamic({'a': 3})] | summarize make_list(x)",
            "[1,2,null,{\"a\":3}]",
        ),
    ],
    differs: "",
};

/// `makelist`
pub const MAKELIST: AggregateSpec = AggregateSpec {
    name: "makelist",
    summary: "The old name of `make_list`, with a limit of 128 elements unless another is given.",
    lower: AggregateLower::State(|call| make(call, "makelist", 128, false)),
    examples: &[ex(
        "range x from 1 to 200 step 1 | summarize array_length(makelist(x))",
        "128",
    )],
    ..MAKE_LIST
};

/// `make_list_with_nulls`
pub const MAKE_LIST_WITH_NULLS: AggregateSpec = AggregateSpec {
    name: "make_list_with_nulls",
    summary: "An array of all values of the group, nulls too.",
    signatures: &[sig(&[EXPR], DYNAMIC)],
    result_name: ResultName::Prefix("list"),
    lower: AggregateLower::State(|call| make(call, "make_list_with_nulls", MOST, true)),
    examples: &[ex(
        "datatable(x:int)[int(null), 4, 5] | summarize make_list_with_nulls(x)",
        "[null,4,5]",
    )],
    differs: "",
};

/// `make_list_if`
pub const MAKE_LIST_IF: AggregateSpec = AggregateSpec {
    name: "make_list_if",
    summary: "An array of the values of the rows for which `predicate` is true.",
    signatures: &[sig(&[EXPR, PREDICATE, SIZE], DYNAMIC)],
    result_name: ResultName::Prefix("list"),
    lower: AggregateLower::FilterOf("make_list"),
    examples: &[
        ex(
            "datatable(x:int)[1, 3, 2, 1] | summarize make_list_if(x, x > 1)",
            "[3,2]",
        ),
        ex(
            "datatable(x:int)[1, 3, 2, 1] | summarize make_list_if(x, true, 3)",
            "[1,3,2]",
        ),
    ],
    differs: "",
};

struct Config {
    limit: usize,
    nulls: bool,
}

fn make(
    call: &AggregateCall<'_>,
    name: &str,
    default: usize,
    nulls: bool,
) -> Result<Box<dyn Aggregator>> {
    Ok(States::<List>::boxed(Config {
        limit: limit(call, name, 1, default)?,
        // A null inside a dynamic column is a value like others.
        nulls: nulls || call.types.first() == Some(&Type::Dynamic),
    }))
}

/// The elements' bytes one after the other, as they stand in an array.
struct List {
    bytes: Vec<u8>,
    count: usize,
}

impl State for List {
    type Config = Config;
    type Input<'a> = Encoded<'a>;

    fn read<'a>(_: &Config, args: &Args<'a>) -> Result<Encoded<'a>> {
        Encoded::of(args, 0)
    }

    fn new(_: &Config) -> Self {
        List {
            bytes: Vec::new(),
            count: 0,
        }
    }

    fn add(&mut self, config: &Config, input: &Encoded<'_>, row: usize) -> Result<()> {
        if self.count >= config.limit {
            return Ok(());
        }
        match input.get(row) {
            [] if config.nulls => {
                self.bytes.push(0);
                self.count += 1;
            }
            [] => {}
            raw => {
                if let DynRef::Array(items) = DynRef::new(raw) {
                    for item in items.raw().take(config.limit - self.count) {
                        self.bytes.extend_from_slice(item);
                        self.count += 1;
                    }
                } else {
                    self.bytes.extend_from_slice(raw);
                    self.count += 1;
                }
            }
        }
        Ok(())
    }

    fn merge(&mut self, config: &Config, other: Self) -> Result<()> {
        if self.count + other.count <= config.limit {
            self.bytes.extend_from_slice(&other.bytes);
            self.count += other.count;
            return Ok(());
        }
        let mut w = DynWriter::new();
        w.array_of(other.count, &other.bytes);
        if let DynRef::Array(items) = DynRef::new(&w.bytes) {
            for item in items.raw().take(config.limit.saturating_sub(self.count)) {
                self.bytes.extend_from_slice(item);
                self.count += 1;
            }
        }
        Ok(())
    }

    fn save(&self, _: &Config, out: &mut Vec<u8>) {
        super::state::put_len(out, self.count);
        out.extend_from_slice(&self.bytes);
    }

    fn load(_: &Config, bytes: &[u8]) -> Option<Self> {
        let mut r = Reader(bytes);
        Some(List {
            count: r.len()?,
            bytes: r.0.to_vec(),
        })
    }

    fn finish(_: &Config, groups: Vec<Self>) -> Result<ArrayRef> {
        cells(&groups, |g, w| w.array_of(g.count, &g.bytes))
    }

    #[inline]
    fn heap_size(&self) -> usize {
        self.bytes.capacity()
    }
}
