//! `count_distinct`, `count_distinctif`: how many different values, exactly.

use super::key_set::KeySet;
use super::keys::{Key, Keys, long_keys, short_keys};
use super::state::{Reader, State, States};
use crate::aggregate::Aggregator;
use crate::prelude::*;

const EXPR: Param = arg_of("expr", Class::NotDynamic, "The values; nulls are skipped.");

/// `count_distinct`
pub const COUNT_DISTINCT: AggregateSpec = AggregateSpec {
    name: "count_distinct",
    summary: "How many different values the group has, exactly; at most 100,000,000.",
    signatures: &[sig(&[EXPR], LONG)],
    result_name: ResultName::Prefix("count_distinct"),
    lower: AggregateLower::State(make),
    examples: &[
        ex(
            "datatable(x:int)[1, 1, 2, int(null)] | summarize count_distinct(x)",
            "2",
        ),
        ex("datatable(x:int)[] | summarize count_distinct(x)", "0"),
        ex(
            "range x from 1 to 100000 step 1 | summarize count_distinct(tostring(x))",
            "100000",
        ),
    ],
    differs: "",
};

/// `count_distinctif`
pub const COUNT_DISTINCTIF: AggregateSpec = AggregateSpec {
    name: "count_distinctif",
    summary: "How many different values the rows have for which `predicate` is true, exactly.",
    signatures: &[sig(
        &[EXPR, arg("predicate", BOOL, "Which rows count.")],
        LONG,
    )],
    result_name: ResultName::Prefix("count_distinctif"),
    lower: AggregateLower::FilterOf("count_distinct"),
    examples: &[ex(
        "range x from 1 to 10 step 1 | summarize count_distinctif(x % 4, x > 9)",
        "1",
    )],
    differs: "",
};

/// Kusto fails beyond so many.
const MOST: usize = 100_000_000;

fn make(call: &AggregateCall<'_>) -> Result<Box<dyn Aggregator>> {
    Ok(match call.types.first() {
        Some(Type::String | Type::Guid | Type::Decimal | Type::Dynamic) | None => {
            States::<Exact<u128>>::boxed(())
        }
        Some(_) => States::<Exact<u64>>::boxed(()),
    })
}

struct Exact<K>(KeySet<K>);

/// How a column becomes keys of a width.
trait Width: Key {
    fn keys(args: &Args<'_>) -> Result<Keys<Self>>;
}

impl Width for u64 {
    fn keys(args: &Args<'_>) -> Result<Keys<Self>> {
        short_keys(args, 0)
    }
}

impl Width for u128 {
    fn keys(args: &Args<'_>) -> Result<Keys<Self>> {
        long_keys(args, 0)
    }
}

impl<K: Width> State for Exact<K> {
    type Config = ();
    type Input<'a> = Keys<K>;

    fn read<'a>((): &(), args: &Args<'a>) -> Result<Keys<K>> {
        K::keys(args)
    }

    fn new((): &()) -> Self {
        Exact(KeySet::Empty)
    }

    #[inline]
    fn add(&mut self, (): &(), input: &Keys<K>, row: usize) -> Result<()> {
        if let Some(key) = input.get(row)
            && self.0.insert(key)
            && self.0.len() > MOST
        {
            return Err(too_many());
        }
        Ok(())
    }

    fn merge(&mut self, (): &(), other: Self) -> Result<()> {
        self.0.merge(other.0);
        if self.0.len() > MOST {
            return Err(too_many());
        }
        Ok(())
    }

    fn save(&self, (): &(), out: &mut Vec<u8>) {
        self.0.save(out);
    }

    fn load((): &(), bytes: &[u8]) -> Option<Self> {
        KeySet::load(&mut Reader(bytes)).map(Exact)
    }

    fn finish((): &(), groups: Vec<Self>) -> Result<ArrayRef> {
        long_result(groups.len(), |row| {
            groups.get(row).and_then(|g| i64::try_from(g.0.len()).ok())
        })
    }

    #[inline]
    fn heap_size(&self) -> usize {
        self.0.heap_size()
    }
}

fn too_many() -> KernelError {
    KernelError::new(
        "count_distinct() is limited to 100,000,000 different values; dcount() has no limit",
    )
}
