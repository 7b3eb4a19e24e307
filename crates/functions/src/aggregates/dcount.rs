//! `dcount`, `dcountif`: how many different values, as an estimate when they are many.

use super::keys::{Keys, hashes};
use super::sketch::{Sketch, precision};
use super::state::{Reader, State, States};
use crate::aggregate::Aggregator;
use crate::prelude::*;

const EXPR: Param = arg_of(
    "expr",
    Class::Scalar,
    "The values; nulls are skipped, and an empty string is a value.",
);
const ACCURACY: Param = arg_of(
    "accuracy",
    Class::Integer,
    "0 to 4, by default 1: errors of 1.6, 0.8, 0.4, 0.28 and 0.2 per cent.",
)
.optional()
.constant();

/// `dcount`
pub const DCOUNT: AggregateSpec = AggregateSpec {
    name: "dcount",
    summary: "How many different values the group has: exact up to 4,096, 16,384, 65,536, 131,072 or 262,144 values for accuracies 0 to 4 (16,384 by default), beyond that an estimate with the error of the accuracy.",
    signatures: &[sig(&[EXPR, ACCURACY], LONG)],
    result_name: ResultName::Prefix("dcount"),
    lower: AggregateLower::State(make),
    examples: &[
        ex(
            "datatable(x:int)[1, 1, 2, int(null)] | summarize dcount(x)",
            "2",
        ),
        ex("datatable(x:string)['', 'a'] | summarize dcount(x)", "2"),
        ex("datatable(x:int)[] | summarize dcount(x)", "0"),
        ex(
            "range x from 1 to 16000 step 1 | summarize dcount(x)",
            "16000",
        ),
    ],
    differs: "Kusto estimates with the same errors, but its estimates of large sets are other numbers within them.",
};

/// `dcountif`
pub const DCOUNTIF: AggregateSpec = AggregateSpec {
    name: "dcountif",
    summary: "How many different values the rows have for which `predicate` is true, estimated as by `dcount`.",
    signatures: &[sig(
        &[EXPR, arg("predicate", BOOL, "Which rows count."), ACCURACY],
        LONG,
    )],
    result_name: ResultName::Prefix("dcountif"),
    lower: AggregateLower::FilterOf("dcount"),
    examples: &[ex(
        "range x from 1 to 10 step 1 | summarize dcountif(x % 4, x > 2)",
        "4",
    )],
    differs: "",
};

/// The precision that the accuracy in argument `i` asks for.
pub(super) fn accuracy(call: &AggregateCall<'_>, name: &str, i: usize) -> Result<u32> {
    let given = match call.constants.get(i) {
        None if call.types.len() <= i => return Ok(14),
        Some(Some(v)) => v.as_long(),
        _ => None,
    };
    given.and_then(precision).ok_or_else(|| {
        KernelError::new(format!(
            "the accuracy of {name}() requires a constant from 0 to 4"
        ))
    })
}

fn make(call: &AggregateCall<'_>) -> Result<Box<dyn Aggregator>> {
    Ok(States::<Distinct>::boxed(accuracy(call, "dcount", 1)?))
}

struct Distinct(Sketch);

impl State for Distinct {
    type Config = u32;
    type Input<'a> = Keys<u64>;

    fn read<'a>(_: &u32, args: &Args<'a>) -> Result<Keys<u64>> {
        hashes(args, 0)
    }

    fn new(_: &u32) -> Self {
        Distinct(Sketch::default())
    }

    #[inline]
    fn add(&mut self, p: &u32, input: &Keys<u64>, row: usize) -> Result<()> {
        if let Some(hash) = input.get(row) {
            self.0.add(*p, hash);
        }
        Ok(())
    }

    fn merge(&mut self, p: &u32, other: Self) -> Result<()> {
        self.0.merge(*p, other.0);
        Ok(())
    }

    fn save(&self, _: &u32, out: &mut Vec<u8>) {
        self.0.save(out);
    }

    fn load(p: &u32, bytes: &[u8]) -> Option<Self> {
        Sketch::load(&mut Reader(bytes), *p).map(Distinct)
    }

    fn absorb(&mut self, p: &u32, bytes: &[u8]) -> Result<bool> {
        Ok(self.0.absorb(*p, bytes))
    }

    fn finish(p: &u32, groups: Vec<Self>) -> Result<ArrayRef> {
        long_result(groups.len(), |row| groups.get(row).map(|g| g.0.count(*p)))
    }

    #[inline]
    fn heap_size(&self) -> usize {
        self.0.heap_size()
    }
}
