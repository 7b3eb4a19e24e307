//! `count_distinct`, `count_distinctif`: how many different values, exactly.

use super::keys::{long_keys, short_keys};
use super::pairs::{Pairs, of_groups};
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
    let wide = !matches!(
        call.types.first(),
        Some(Type::Bool | Type::Int | Type::Long | Type::Real | Type::DateTime | Type::TimeSpan)
    );
    Ok(Box::new(Exact {
        wide,
        pairs: Pairs::new(MOST),
    }))
}

struct Exact {
    /// The values have more than 64 bits.
    wide: bool,
    pairs: Pairs,
}

impl Exact {
    /// The bytes of a key in a state.
    fn width(&self) -> usize {
        if self.wide { 12 } else { 8 }
    }

    fn check(&mut self) -> Result<()> {
        if self.pairs.over().is_empty() {
            Ok(())
        } else {
            Err(too_many())
        }
    }
}

impl Aggregator for Exact {
    fn update(&mut self, args: &Args<'_>, groups: &[usize], total: usize) -> Result<()> {
        self.pairs.grow(total);
        if groups.is_empty() {
            return Ok(());
        }
        if self.wide {
            let keys = long_keys(args, 0)?;
            for (row, group) in groups.iter().enumerate() {
                if let Some(key) = keys.get(row) {
                    self.pairs.add(*group, key)?;
                }
            }
        } else {
            let keys = short_keys(args, 0)?;
            for (row, group) in groups.iter().enumerate() {
                if let Some(key) = keys.get(row) {
                    self.pairs.add(*group, u128::from(key))?;
                }
            }
        }
        self.check()
    }

    fn merge(&mut self, states: &ArrayRef, groups: &[usize], total: usize) -> Result<()> {
        self.pairs.grow(total);
        let width = self.width();
        for (group, bytes) in of_groups(states, groups)? {
            self.pairs.load(group, bytes, width)?;
        }
        self.check()
    }

    fn states(&mut self, n: usize) -> Result<ArrayRef> {
        let width = self.width();
        let states = self.pairs.states(n, width, |_| None)?;
        self.pairs.forget(n);
        Ok(states)
    }

    fn finish(&mut self, n: usize) -> Result<ArrayRef> {
        let counts = self.pairs.counts();
        let out = long_result(n.min(counts.len()), |row| {
            counts.get(row).and_then(|n| i64::try_from(*n).ok())
        });
        self.check()?;
        self.pairs.forget(n);
        out
    }

    fn size(&self) -> usize {
        self.pairs.size()
    }
}

fn too_many() -> KernelError {
    KernelError::new(
        "count_distinct() is limited to 100,000,000 different values; dcount() has no limit",
    )
}
