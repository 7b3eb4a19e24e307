//! `count_distinct`, `count_distinctif`: how many different values, exactly.

use super::keys::{Key, Keys, long_keys, short_keys};
use super::pairs::Pairs;
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
            Box::new(Exact::<u128>(Pairs::new()))
        }
        Some(_) => Box::new(Exact::<u64>(Pairs::new())),
    })
}

struct Exact<K>(Pairs<K>);

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

impl<K: Width> Aggregator for Exact<K> {
    fn update(&mut self, args: &Args<'_>, groups: &[usize], total: usize) -> Result<()> {
        self.0.grow(total);
        if groups.is_empty() {
            return Ok(());
        }
        self.0.update(&K::keys(args)?, groups, MOST, too_many)
    }

    fn merge(&mut self, states: &ArrayRef, groups: &[usize], total: usize) -> Result<()> {
        self.0.grow(total);
        self.0.merge(states, groups, MOST, too_many)
    }

    fn states(&mut self, n: usize) -> Result<ArrayRef> {
        self.0.states(n)
    }

    fn finish(&mut self, n: usize) -> Result<ArrayRef> {
        let counts = self.0.counts(n);
        long_result(counts.len(), |row| {
            counts.get(row).and_then(|n| i64::try_from(*n).ok())
        })
    }

    fn size(&self) -> usize {
        self.0.size()
    }
}

fn too_many() -> KernelError {
    KernelError::new(
        "count_distinct() is limited to 100,000,000 different values; dcount() has no limit",
    )
}
